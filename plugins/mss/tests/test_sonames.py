"""The shortcut to X's libraries changes nothing but the time it takes."""

from __future__ import annotations

import ctypes.util
import sys

import pytest

from workdiary_mss.sonames import SONAMES, known_sonames

pytestmark = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="names of Linux libraries")


def test_what_is_found_is_what_the_linker_finds():
    wanted = {name: ctypes.util.find_library(name) for name in SONAMES}
    with known_sonames():
        found = {name: ctypes.util.find_library(name) for name in SONAMES}
    assert {name: found[name] for name, there in wanted.items() if there} == {k: v for k, v in wanted.items() if v}


def test_other_libraries_are_looked_for_as_ever_and_the_shortcut_ends():
    before = ctypes.util.find_library
    with known_sonames():
        assert ctypes.util.find_library("c") == before("c")
        assert ctypes.util.find_library("no-such-library") is None
    assert ctypes.util.find_library is before
