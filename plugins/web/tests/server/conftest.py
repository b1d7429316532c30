from __future__ import annotations

import signal
import sys
from pathlib import Path

import pytest

from workdiary.paths import Home

sys.path.insert(0, str(Path(__file__).parent))  # what these tests share

from webclient import Web, write_diary


@pytest.fixture
def home(tmp_path):
    """Return a home with an empty diary."""
    found = Home.find({"WORKDIARY_HOME": str(tmp_path / "home")})
    found.prepare()
    return found


@pytest.fixture
def diary(home):
    """Return the ids of the segments of a diary."""
    return write_diary(home)


@pytest.fixture
def web(home):
    """Start web processes, whatever is asked of them; they end with the test."""
    started = []

    def start(**others):
        started.append(Web(others.pop("home", home), **others))
        return started[-1]

    yield start
    for one in started:
        if one.process.poll() is None:
            one.end(signal.SIGKILL)
