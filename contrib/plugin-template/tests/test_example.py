"""Workdiary's conformance kit on this plugin. Broken promises are named one by one."""

import os

import pytest

from workdiary.payloads import Rect, VisibleWindow
from workdiary.testing import InputMeterContract, PluginContract, RedactorContract
from workdiary.testing.redactor import make_snapshot


class Example:
    @pytest.fixture
    def pipe(self, tmp_path):
        path = tmp_path / "keys"
        os.mkfifo(path)
        return path

    @pytest.fixture
    def entry_point(self):
        return "example"

    @pytest.fixture
    def table(self, pipe):
        return f'pipe = "{pipe}"\nwords = ["bank"]'


class TestPlugin(Example, PluginContract):
    pass


class TestMeter(Example, InputMeterContract):
    @pytest.fixture
    def can_type(self, pipe):
        def type_keys(*, keys, clicks, scrolls):
            del clicks, scrolls  # a pipe has none
            with pipe.open("wb", buffering=0) as file:
                file.write(b"k" * keys)

        return type_keys


class TestFilter(Example, RedactorContract):
    @pytest.fixture
    def secret(self):
        place = Rect(x=20, y=20, width=100, height=50)
        return make_snapshot(VisibleWindow(app="Web", title="my bank", rect=place)), (place,), ("bank",)
