"""A plugin that is source and filter at once, and fails as ``FAKE_FILTER`` says. Runs in the snapshot process only."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

from workdiary.hooks import hookimpl
from workdiary.payloads import Frame, Monitor, Rect, ScreenMap, VisibleWindow, Window

SCREEN = Rect(x=0, y=0, width=64, height=48)
PIXELS = bytes.fromhex("11c59e42") * (64 * 24) + bytes(64 * 24 * 4)
ACTION = os.environ["FAKE_FILTER"]


@hookimpl
def workdiary_survey_screen(occasion):
    wide = replace(SCREEN, width=128) if ACTION == "other monitors" else SCREEN
    window = VisibleWindow(app="Fake", title="canary-title-7f3a", rect=SCREEN, handle="1")
    return ScreenMap(monitors=(Monitor(name="M", rect=wide, primary=True),), windows=(window,))


@hookimpl
def workdiary_grab_screen(occasion):
    print("noise of a plugin")
    if ACTION == "grab raises":
        raise OSError("canary-title-7f3a")
    pixels = bytes(len(PIXELS)) if ACTION == "black" else PIXELS
    return (Frame(rect=SCREEN, width=64, height=48, pixels=pixels),)


@hookimpl
def workdiary_capture_window(tick):
    return Window(app="Fake", title="canary-title-7f3a", handle="1")


def hang(*, note):
    if note:
        child = subprocess.Popen(["sleep", "1000"])
        Path(os.environ["FAKE_NOTE"]).write_text(f"{os.getpid()} {child.pid}")
    time.sleep(1000)


def with_pixels(snapshot, pixels, **changes):
    return replace(snapshot, frames=tuple(replace(frame, pixels=pixels, **changes) for frame in snapshot.frames))


def raise_title(snapshot):
    raise ValueError(snapshot.window.title)


FILTERS = {
    "raises": raise_title,
    "exits": lambda _: sys.exit(0),
    "ends the process": lambda _: os._exit(3),
    "is killed": lambda _: os.kill(os.getpid(), signal.SIGKILL),
    "hangs": lambda _: hang(note=False),
    "starts a child and hangs": lambda _: hang(note=True),
    "nonsense": lambda snapshot: snapshot.window.title,
    "other number": lambda snapshot: replace(snapshot, frames=()),
    "other size": lambda snapshot: with_pixels(snapshot, PIXELS[: 32 * 48 * 4], width=32),
    "covers all": lambda snapshot: with_pixels(snapshot, b"FFPF" * (64 * 48)),
    "hides title": lambda snapshot: replace(snapshot, window=Window(app="Fake", title="[masked]")),
}


@hookimpl
def workdiary_redact(snapshot):
    return FILTERS.get(ACTION, lambda _: None)(snapshot)
