from __future__ import annotations

import sys

import pytest

from workdiary_windows.api import Win32


@pytest.fixture(scope="session", autouse=True)
def _a_first_window():
    """Wine starts its desktop with the first window, which takes longer than a first reading may wait."""
    if sys.platform == "win32":
        Win32().listen(lambda _message, _parameter: None).close()
