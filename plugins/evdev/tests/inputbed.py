"""Input devices in a testbed of umockdev: a process with its preload library sees them as /dev/input/event*."""

from __future__ import annotations

import ctypes
import os
import struct
from pathlib import Path

EVENT = struct.Struct("@llHHi")
SYN, KEY, REL, ABS = 0, 1, 2, 3
KEY_A, BTN_LEFT, BTN_RIGHT, BTN_TOUCH = 30, 0x110, 0x111, 0x14A
REL_X, REL_HWHEEL, REL_WHEEL, REL_WHEEL_HI_RES = 0, 6, 8, 11
KEYBOARD = {KEY: range(1, 120)}
MOUSE = {KEY: range(0x110, 0x115), REL: (REL_X, 1, REL_HWHEEL, REL_WHEEL, REL_WHEEL_HI_RES, 12)}
TOUCHPAD = {KEY: (BTN_LEFT, 0x145, BTN_TOUCH), ABS: (0, 1)}
GAME_PAD = {KEY: range(0x130, 0x13F), ABS: (0, 1)}
SENSOR = {ABS: (0, 1, 2)}


class Device:
    """One device; what is written to it is what the kernel would tell."""

    def __init__(self, path: Path) -> None:
        self.path = path
        os.mkfifo(self.path)  # the terminal that umockdev would make hands out halves of events when it is full
        self._file = os.open(self.path, os.O_RDWR)

    def tell(self, *events: tuple[int, int, int]) -> None:
        """Tell events (type, code, value), and that this was one report."""
        os.write(self._file, b"".join(EVENT.pack(0, 0, *event) for event in (*events, (SYN, 0, 0))))

    def press(self, code: int, times: int = 1) -> None:
        for _ in range(times):
            self.tell((KEY, code, 1))
            self.tell((KEY, code, 0))

    def replace(self) -> Device:
        """Plug another one in, of the same name, before anybody can have heard that this one is gone."""
        self.path.unlink()
        other = Device(self.path)
        os.close(self._file)
        return other

    def unplug(self) -> None:
        self.path.unlink()
        os.close(self._file)


class Testbed:
    """The folder tree that stands for /dev and /sys."""

    __test__ = False

    def __init__(self, folder: Path) -> None:
        self._library = ctypes.CDLL("libumockdev.so.0")
        new = self._function("new", ctypes.c_void_p)
        self._self = ctypes.c_void_p(new())
        self.root = Path(os.fsdecode(self._function("get_root_dir", ctypes.c_char_p)(self._self)))
        self._folder = folder
        self._plugged = 0

    def plug(self, codes: dict[int, object]) -> Device:
        path = self.root / f"dev/input/event{self._plugged}"
        self._load(path.name, codes)
        self._plugged += 1
        path.parent.mkdir(parents=True, exist_ok=True)
        return Device(path)

    def close(self) -> None:
        ctypes.CDLL("libgobject-2.0.so.0").g_object_unref(self._self)

    def environment(self) -> dict[str, str]:
        return {"LD_PRELOAD": "libumockdev-preload.so.0", "UMOCKDEV_DIR": str(self.root)}

    def _load(self, name: str, codes: dict[int, object]) -> None:
        """Have umockdev answer what a program asks about the device."""
        lines = [f"@DEV /dev/input/{name}"]
        for kind in range(4):
            held = [*codes, SYN] if kind == SYN else codes.get(kind, ())
            bits = sum(1 << code for code in held).to_bytes(96, "little")
            lines.append(f"EVIOCGBIT({kind}) 96 {bits.hex().upper()}")
        file = self._folder / f"{name}.ioctl"
        file.write_text("\n".join(lines) + "\n", encoding="ascii")
        assert self._function("load_ioctl")(self._self, None, os.fsencode(file), None)

    def _function(self, name: str, result: type = ctypes.c_int):
        function = getattr(self._library, f"umockdev_testbed_{name}")
        function.restype = result
        return function
