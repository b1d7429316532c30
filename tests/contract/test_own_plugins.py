"""Our own plugins keep the promises that we ask of strangers. (X11's run beside it, in plugins/x11.)"""

import time

import pytest

from workdiary.payloads import Rect, VisibleWindow
from workdiary.testing import (
    GrabberContract,
    InputMeterContract,
    PluginContract,
    RedactorContract,
    WindowProbeContract,
)
from workdiary.testing.desktop import VirtualDesktop
from workdiary.testing.redactor import make_snapshot


@pytest.fixture(scope="module")
def desktop():
    with VirtualDesktop() as desktop:
        yield desktop


class OnDesktop:
    @pytest.fixture(autouse=True)
    def _on_desktop(self, desktop, monkeypatch):
        for name, value in desktop.env().items():
            monkeypatch.setenv(name, value)
        monkeypatch.delenv("XAUTHORITY", raising=False)


class Pynput(OnDesktop):
    @pytest.fixture
    def entry_point(self):
        return "pynput"


class TestPynput(Pynput, PluginContract):
    pass


class TestPynputMeter(Pynput, InputMeterContract):
    @pytest.fixture
    def can_type(self, desktop):
        def type_it(*, keys, clicks, scrolls):
            time.sleep(0.3)  # the listeners of pynput connect in the background
            desktop.key(*["a"] * keys)
            desktop.click(1, repeat=clicks)
            desktop.click(5, repeat=scrolls)

        return type_it


class Pywinctl(OnDesktop):
    @pytest.fixture
    def entry_point(self):
        return "pywinctl"


class TestPywinctl(Pywinctl, PluginContract):
    pass


class TestPywinctlProbe(Pywinctl, WindowProbeContract):
    @pytest.fixture
    def can_focus(self, desktop):
        def focus():
            desktop.open_window("conformance")
            return "conformance"

        yield focus
        desktop.close_windows()


class Mss(OnDesktop):
    @pytest.fixture
    def entry_point(self):
        return "mss"


class TestMss(Mss, PluginContract):
    pass


class TestMssGrabber(Mss, GrabberContract):
    pass


class Redact:
    @pytest.fixture
    def entry_point(self):
        return "redact"


class TestRedact(Redact, PluginContract):
    pass


class TestRedactFilter(Redact, RedactorContract):
    @pytest.fixture
    def table(self):
        return 'exclude_titles = ["bank"]'

    @pytest.fixture
    def secret(self):
        place = Rect(x=20, y=20, width=100, height=50)
        return make_snapshot(VisibleWindow(app="Web", title="my bank", rect=place)), (place,), ("bank",)
