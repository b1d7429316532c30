"""A virtual machine without KVM, which says on its serial line what happens in it."""

from __future__ import annotations

import shlex
import subprocess
import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

QEMU = (
    "qemu-system-x86_64 -accel tcg,thread=multi -cpu max -machine pc -display none -vga none -nic none -no-reboot"
    " -serial stdio"
)
ENDED = "GUEST ENDED 0"  #: what it says when all went well there


@contextmanager
def started(
    kernel: Path, image: Path, more: str, *, quiet: str = "", longest: float
) -> Iterator[subprocess.Popen[str]]:
    """Start it, and end it after so many seconds at the latest; its standard output is the serial line.

    :param more: further arguments of QEMU.
    :param quiet: further words for the kernel.
    """
    (linux,) = kernel.glob("boot/vmlinuz-*")
    command = [*shlex.split(f"{QEMU} {more}"), "-kernel", str(linux), "-initrd", str(image)]
    command += ["-append", f"console=ttyS0 quiet panic=-1 {quiet}"]
    machine = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True, errors="replace")
    timer = threading.Timer(longest, machine.kill)
    timer.start()
    try:
        yield machine
        machine.wait()
    finally:
        timer.cancel()
        machine.kill()
