"""Pictures of outputs by zwlr_screencopy_manager_v1."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from workdiary_wayland.protocols import PICTURES
from workdiary_wayland.shots import LATE, NONE, NOTHING, PATIENCE, Shape, drawn, framed, of_each
from workdiary_wayland.wire import ignore, uint

if TYPE_CHECKING:
    from workdiary.payloads import Frame, Unknown
    from workdiary_wayland.outputs import Output
    from workdiary_wayland.wire import Body, Connection

NEWEST = 3
CAPTURE_OUTPUT = 0  #: request of the manager
WITHOUT_POINTER = 0  #: where somebody points is recorded nowhere
COPY, DESTROY = 0, 1  #: requests of a frame
BUFFER, FLAGS, READY, FAILED, BUFFER_DONE = 0, 1, 2, 3, 6  #: events of a frame
UPSIDE_DOWN = 1  #: a flag
TELLS_DONE = 3  #: the version from which on ``buffer_done`` ends the list of buffers


@dataclass
class Shot:
    """One frame under way."""

    version: int
    shape: Shape = NOTHING
    flags: int = 0
    seen: set[int] = field(default_factory=set)  #: which events have come

    def on_frame(self, opcode: int, body: Body) -> None:
        """Take an event of the frame."""
        self.seen.add(opcode)
        if opcode == BUFFER:
            form, width, height, stride = (body.uint() for _ in range(4))
            self.shape = Shape(width, height, stride, form)
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
    offered = connection.offered(PICTURES)[0]
    manager = connection.bind(offered, NEWEST, ignore)
    memory = connection.bind(connection.offered("wl_shm")[0], 1, ignore)
    version = min(offered.version, NEWEST)
    return of_each(connection, lambda output: _grab(connection, manager, version, memory, output))


def _grab(connection: Connection, manager: int, version: int, memory: int, output: Output) -> Frame | Unknown:
    shot = Shot(version=version)
    frame = connection.new(shot.on_frame)
    connection.send(manager, CAPTURE_OUTPUT, uint(frame, WITHOUT_POINTER, output.number))
    if not connection.until(lambda: shot.is_described, PATIENCE) or FAILED in shot.seen or not shot.shape.size:
        return NONE

    def draw(buffer: int) -> bool:
        connection.send(frame, COPY, uint(buffer))
        return connection.until(lambda: shot.is_over, PATIENCE) and FAILED not in shot.seen

    data = drawn(connection, memory, shot.shape, draw)
    connection.send(frame, DESTROY)
    if data is None:
        return LATE
    return framed(output, data, shot.shape, output.transform, upside_down=bool(shot.flags & UPSIDE_DOWN))
