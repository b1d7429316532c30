"""Count the key presses, clicks and wheel steps of this machine, and tell one user the totals. Nothing else leaves.

Standard input is a connected Unix socket. At most once a second, and only when something changed, a line goes there:

    RUN KEYS CLICKS SCROLLS STATE

RUN names this run of counting; a new name means that presses in between may have been missed. STATE is `ok`; `touch`
(a touchpad, pen or touch screen was used in this run, so its clicks and scrolls are not all known); `denied` (a device
may not be read); or `none` (no keyboard and no mouse). A second is coarse on purpose: the rhythm of typing would tell
about the text. Nothing is read from the socket; when the other side closes it, this program ends. Its argument is the
number of the only user who may ask. It needs to read /dev/input/event*, and Python's standard library.
"""

from __future__ import annotations

import contextlib
import ctypes
import errno
import fcntl
import os
import select
import socket
import struct
import sys
import time
from pathlib import Path

FOLDER = Path("/dev/input")
EVENT = struct.Struct("@llHHi")  # struct input_event: time (two longs), type, code, value
EV_SYN, EV_KEY, EV_REL, SYN_DROPPED = 0, 1, 2, 3
PRESS = 1  # 0 is a release, 2 the repeat of a key that is held
KEYS = range(1, 0x100)  # beyond lie buttons, and keys that no program gets as text or shortcut
CLICKS = range(0x110, 0x118)  # BTN_LEFT to BTN_TASK; not BTN_TOOL_*, and no game pads
BTN_TOUCH = 0x14A
WHEELS = (6, 8)  # REL_HWHEEL and REL_WHEEL; their _HI_RES twins tell the same turn again
WANTED = {
    EV_SYN: 1 << EV_KEY | 1 << EV_REL,  # for this type the mask is that of the other types
    EV_KEY: sum(1 << code for code in (*KEYS, *CLICKS, BTN_TOUCH)),
    EV_REL: sum(1 << code for code in WHEELS),
}
BITS = 96  # bytes that hold one bit for each code of a type
EVIOCGBIT, EVIOCSMASK = 0x80004520 | BITS << 16, 0x40104593  # to the former the type is added
CHANGES = 0x4 | 0x100 | 0x200  # IN_ATTRIB, IN_CREATE, IN_DELETE


class Counter:
    """The totals over all devices, those that come later included."""

    def __init__(self) -> None:
        self.devices: dict[int, Path] = {}  # by file descriptor
        libc = ctypes.CDLL(None, use_errno=True)
        self.changes = libc.inotify_init1(os.O_NONBLOCK | os.O_CLOEXEC)  # readable when a device comes or goes
        libc.inotify_add_watch(self.changes, bytes(FOLDER), CHANGES)
        if ctypes.get_errno() not in {0, errno.ENOENT}:
            raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()), "inotify")
        self.poll = select.poll()
        self.poll.register(self.changes, select.POLLIN)
        self.begin()
        self.open_new()

    def begin(self) -> None:
        """Begin a new run."""
        self.run = os.urandom(8).hex()
        self.keys = self.clicks = self.scrolls = self.touches = 0

    def line(self) -> str:
        """Return all that anybody is told."""
        state = "denied" if self.denied else "none" if not self.devices else "touch" if self.touches else "ok"
        return f"{self.run} {self.keys} {self.clicks} {self.scrolls} {state}\n"

    def open_new(self) -> None:
        """Open what is not open yet. A device begins a new run: its first presses came before it could be opened."""
        self.denied = False
        for path in set(FOLDER.glob("event*")) - set(self.devices.values()):
            try:
                device = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
            except OSError as error:
                self.denied |= isinstance(error, PermissionError)  # else it is gone again
                continue
            if narrow(device):
                self.devices[device] = path
                self.poll.register(device, select.POLLIN)
                self.begin()
            else:
                os.close(device)

    def take(self, device: int) -> None:
        """Count what a device has to tell."""
        try:
            data = os.read(device, 64 * EVENT.size)
        except OSError:
            data = b""
        if not data:  # unplugged, and what it had not told yet is lost
            self.poll.unregister(device)
            os.close(device)
            del self.devices[device]
            self.begin()
            self.open_new()  # its name may belong to another one by now
        for _, _, kind, code, value in EVENT.iter_unpack(data):
            if kind == EV_KEY and value == PRESS:
                self.keys += code in KEYS
                self.clicks += code in CLICKS
                self.touches += code == BTN_TOUCH
            elif kind == EV_REL and code in WHEELS:
                self.scrolls += abs(value)
            elif kind == EV_SYN and code == SYN_DROPPED:  # the kernel threw events away
                self.begin()


def narrow(device: int) -> bool:
    """Say whether a device has what is counted; have the kernel hold back all else, so that motion wakes nobody."""
    found = False
    for kind, wanted in WANTED.items():
        codes = ctypes.create_string_buffer(wanted.to_bytes(BITS, "little"))
        try:
            has = int.from_bytes(fcntl.ioctl(device, EVIOCGBIT + kind, bytes(BITS)), "little")
            found |= kind != EV_SYN and bool(has & wanted)
            fcntl.ioctl(device, EVIOCSMASK, struct.pack("=IIQ", kind, BITS, ctypes.addressof(codes)))
        except OSError:  # a kernel before 4.4 cannot hold back; ``take`` looks at the codes anyway
            continue
    return found


def serve(counter: Counter, client: socket.socket) -> None:
    """Tell the client until it closes; while nothing happens, sleep."""
    counter.poll.register(client, select.POLLIN)
    told, next_at = "", 0.0
    while True:
        now = time.monotonic()
        if counter.line() != told and now >= next_at:
            client.sendall(counter.line().encode())
            told, next_at = counter.line(), now + 1.0
        for ready, _ in counter.poll.poll(None if counter.line() == told else (next_at - now) * 1000):
            if ready == client.fileno():
                return
            if ready == counter.changes:
                os.read(ready, 4096)
                counter.open_new()
            else:
                counter.take(ready)


if __name__ == "__main__":
    asking = socket.socket(fileno=0)
    _, user, _ = struct.unpack("3i", asking.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, 12))
    if sys.argv[1:] != [str(user)]:
        sys.exit(f"user {user} may not ask")
    with contextlib.suppress(BrokenPipeError, ConnectionResetError):  # closed while it was told
        serve(Counter(), asking)
