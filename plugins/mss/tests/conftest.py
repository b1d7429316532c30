from __future__ import annotations

import pytest

from workdiary.testing.desktop import VirtualDesktop

WIDTH, HEIGHT = 320, 200


@pytest.fixture(scope="session")
def screen():
    with VirtualDesktop(width=WIDTH, height=HEIGHT, window_manager=False) as screen:
        yield screen


@pytest.fixture
def desktop(screen, monkeypatch):
    monkeypatch.setenv("DISPLAY", screen.display)
    return screen
