"""Pictures of outputs by zwlr_screencopy_manager_v1, into memory that is shared with the compositor."""

from __future__ import annotations

import mmap
import os
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from workdiary.payloads import Frame, Unknown
from workdiary_wayland.outputs import Output, outputs
from workdiary_wayland.pixels import as_bgrx, tight, upright
from workdiary_wayland.protocols import NO_PICTURES, PICTURES
from workdiary_wayland.wire import ignore, uint

if TYPE_CHECKING:
    from workdiary_wayland.wire import Body, Connection

NEWEST = 3
CAPTURE_OUTPUT = 0  #: request of the manager
WITHOUT_POINTER = 0  #: where somebody points is recorded nowhere
COPY, DESTROY = 0, 1  #: requests of a frame
BUFFER, FLAGS, READY, FAILED, BUFFER_DONE = 0, 1, 2, 3, 6  #: events of a frame
UPSIDE_DOWN = 1  #: a flag
TELLS_DONE = 3  #: the version from which on ``buffer_done`` ends the list of buffers
CREATE_POOL, CREATE_BUFFER, DESTROY_POOL = 0, 0, 1  #: requests of wl_shm and wl_shm_pool
PATIENCE = 1.5  #: seconds for one output; one that is switched off says nothing
MOST_BYTES = 1 << 29


@dataclass
class Shot:
    """One frame under way."""

    version: int
    form: int = 0
    width: int = 0
    height: int = 0
    stride: int = 0
    flags: int = 0
    seen: set[int] = field(default_factory=set)  #: which events have come

    def on_frame(self, opcode: int, body: Body) -> None:
        """Take an event of the frame."""
        self.seen.add(opcode)
        if opcode == BUFFER:
            self.form, self.width, self.height, self.stride = (body.uint() for _ in range(4))
        elif opcode == FLAGS:
            self.flags = body.uint()

    @property
    def is_described(self) -> bool:
        """Whether the buffer that is wanted is known, or there will be none."""
        return FAILED in self.seen or (BUFFER_DONE if self.version >= TELLS_DONE else BUFFER) in self.seen

    @property
    def is_over(self) -> bool:
        """Whether it has come, or will not."""
        return bool(self.seen & {READY, FAILED})


def grab(connection: Connection) -> tuple[Frame, ...] | Unknown:
    """Return a frame of every output that shows something, or why there is none."""
    managers, memories = connection.offered(PICTURES), connection.offered("wl_shm")
    if not managers or not memories:
        return NO_PICTURES
    manager = connection.bind(managers[0], NEWEST, ignore)
    memory = connection.bind(memories[0], 1, ignore)
    found = [_grab(connection, manager, managers[0].version, memory, one) for one in outputs(connection)]
    frames = tuple(one for one in found if isinstance(one, Frame))
    reasons = [one for one in found if isinstance(one, Unknown)]
    return frames or (reasons[0] if reasons else Unknown(reason="no output is switched on"))


def _grab(connection: Connection, manager: int, version: int, memory: int, output: Output) -> Frame | Unknown:
    shot = Shot(version=min(version, NEWEST))
    frame = connection.new(shot.on_frame)
    connection.send(manager, CAPTURE_OUTPUT, uint(frame, WITHOUT_POINTER, output.number))
    size = 0
    if connection.until(lambda: shot.is_described, PATIENCE):
        size = shot.stride * shot.height
    if FAILED in shot.seen or not 0 < size <= MOST_BYTES:
        return Unknown(reason="the compositor has no picture of an output")
    data = _copy(connection, memory, frame, shot, size)
    connection.send(frame, DESTROY)
    if data is None:
        return Unknown(reason="the compositor did not draw an output in time")
    pixels = as_bgrx(
        tight(data, shot.width, shot.height, shot.stride, upside_down=bool(shot.flags & UPSIDE_DOWN)), shot.form
    )
    if pixels is None:
        return Unknown(reason=f"the compositor draws in a format that is not known here ({shot.form:#x})")
    pixels, width, height = upright(pixels, shot.width, shot.height, output.transform)
    return Frame(rect=output.rect, width=width, height=height, pixels=pixels)


def _copy(connection: Connection, memory: int, frame: int, shot: Shot, size: int) -> bytes | None:
    """Let the compositor draw into memory of ours; None: it did not."""
    fd = os.memfd_create("workdiary", os.MFD_CLOEXEC)  # never a file with a name
    try:
        os.ftruncate(fd, size)
        pool, buffer = connection.new(ignore), connection.new(ignore)
        connection.send(memory, CREATE_POOL, uint(pool, size), fd=fd)
        connection.send(
            pool, CREATE_BUFFER, uint(buffer, 0, shot.width, shot.height, shot.stride, shot.form)
        )  # fmt: skip
        connection.send(pool, DESTROY_POOL)
        connection.send(frame, COPY, uint(buffer))
        if not connection.until(lambda: shot.is_over, PATIENCE) or FAILED in shot.seen:
            return None
        with mmap.mmap(fd, size, prot=mmap.PROT_READ) as shared:
            return shared[:]
    finally:
        os.close(fd)
