"""What both protocols of pictures share: memory that the compositor draws into, and a frame of what it drew."""

from __future__ import annotations

import mmap
import os
from dataclasses import dataclass
from typing import TYPE_CHECKING

from workdiary.payloads import Frame, Unknown
from workdiary_wayland.outputs import outputs
from workdiary_wayland.pixels import as_bgrx, tight, upright
from workdiary_wayland.wire import ignore, uint

if TYPE_CHECKING:
    from collections.abc import Callable

    from workdiary_wayland.outputs import Output
    from workdiary_wayland.wire import Connection

CREATE_POOL, CREATE_BUFFER, DESTROY_POOL = 0, 0, 1  #: requests of wl_shm and wl_shm_pool
PATIENCE = 1.5  #: seconds for one output; one that is switched off says nothing
MOST_BYTES = 1 << 29
NONE = Unknown(reason="the compositor has no picture of an output")
LATE = Unknown(reason="the compositor did not draw an output in time")
ALL_OFF = Unknown(reason="no output is switched on")


@dataclass(frozen=True)
class Shape:
    """The memory that a picture takes: its size in pixels, bytes of a row, and wl_shm's number of the format."""

    width: int
    height: int
    stride: int
    form: int

    @property
    def size(self) -> int:
        """In bytes; 0 if it is of no use."""
        found = self.stride * self.height
        return found if 0 < found <= MOST_BYTES and self.stride >= self.width * 4 else 0


NOTHING = Shape(0, 0, 0, 0)


def of_each(connection: Connection, take: Callable[[Output], Frame | Unknown]) -> tuple[Frame, ...] | Unknown:
    """Return a frame of every output that shows something, or why there is none."""
    found = [take(one) for one in outputs(connection)]
    frames = tuple(one for one in found if isinstance(one, Frame))
    reasons = [one for one in found if isinstance(one, Unknown)]
    return frames or (reasons[0] if reasons else ALL_OFF)


def drawn(connection: Connection, memory: int, shape: Shape, draw: Callable[[int], bool]) -> bytes | None:
    """Return what the compositor has drawn into memory of ours; None: it has not.

    :param memory: wl_shm.
    :param draw: has it draw into a wl_buffer; false: it did not.
    """
    fd = os.memfd_create("workdiary", os.MFD_CLOEXEC)  # never a file with a name
    try:
        os.ftruncate(fd, shape.size)
        pool, buffer = connection.new(ignore), connection.new(ignore)
        connection.send(memory, CREATE_POOL, uint(pool, shape.size), fd=fd)
        connection.send(
            pool, CREATE_BUFFER, uint(buffer, 0, shape.width, shape.height, shape.stride, shape.form)
        )  # fmt: skip
        connection.send(pool, DESTROY_POOL)
        if not draw(buffer):
            return None
        with mmap.mmap(fd, shape.size, prot=mmap.PROT_READ) as shared:
            return shared[:]
    finally:
        os.close(fd)


def framed(output: Output, data: bytes, shape: Shape, transform: int, *, upside_down: bool = False) -> Frame | Unknown:
    """Return the picture as the person sees it."""
    pixels = as_bgrx(tight(data, shape.width, shape.height, shape.stride, upside_down=upside_down), shape.form)
    if pixels is None:
        return Unknown(reason=f"the compositor draws in a format that is not known here ({shape.form:#x})")
    pixels, width, height = upright(pixels, shape.width, shape.height, transform)
    return Frame(rect=output.rect, width=width, height=height, pixels=pixels)
