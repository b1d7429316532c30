"""Keyboards and mice that this program plays, through the kernel's uinput."""

from __future__ import annotations

import fcntl
import os
import struct
import time
from pathlib import Path

SYN, KEY, REL, REP = 0, 1, 2, 0x14
KEY_A, BTN_LEFT, REL_X, REL_WHEEL, REL_WHEEL_HI_RES = 30, 0x110, 0, 8, 11
UI_SET = {SYN: 0x40045564, KEY: 0x40045565, REL: 0x40045566}  # UI_SET_EVBIT, KEYBIT, RELBIT
UI_DEV_CREATE, UI_DEV_DESTROY, EVIOCGRAB = 0x5501, 0x5502, 0x40044590


class Played:
    """A device. What is told to it goes through the kernel as from hardware."""

    def __init__(self, keys, wheels=(), *, repeats: bool = False) -> None:
        before = nodes()
        self._file = os.open("/dev/uinput", os.O_WRONLY)
        for kind in (KEY, *([REL] if wheels else []), *([REP] if repeats else [])):
            fcntl.ioctl(self._file, UI_SET[SYN], kind)
        for kind, codes in ((KEY, keys), (REL, wheels)):
            for code in codes:
                fcntl.ioctl(self._file, UI_SET[kind], code)
        os.write(self._file, struct.pack("80sHHHHI", b"played", 3, 1, 1, 1, 0) + bytes(4 * 64 * 4))
        fcntl.ioctl(self._file, UI_DEV_CREATE)
        while not (new := nodes() - before):
            time.sleep(0.01)
        (self.path,) = new

    def tell(self, *events: tuple[int, int, int]) -> None:
        os.write(self._file, b"".join(struct.pack("@llHHi", 0, 0, *event) for event in (*events, (SYN, 0, 0))))

    def press(self, code: int, times: int = 1) -> None:
        """Press so often, with pauses in which a reader on one slow processor gets its turn."""
        for number in range(times):
            self.tell((KEY, code, 1))
            self.tell((KEY, code, 0))
            if number % 8 == 7:
                time.sleep(0.004)

    def scroll(self, times: int) -> None:
        for number in range(times):
            self.tell((REL, REL_WHEEL, -1), (REL, REL_WHEEL_HI_RES, -120))
            if number % 8 == 7:
                time.sleep(0.004)

    def unplug(self) -> None:
        fcntl.ioctl(self._file, UI_DEV_DESTROY)
        os.close(self._file)


def nodes() -> set[Path]:
    return set(Path("/dev/input").glob("event*"))
