"""Pictures of outputs by ext_image_copy_capture_manager_v1, which newer compositors offer instead of screencopy.

Where both are offered screencopy is taken: it was compared with the compositor's own tool, this was run by script only.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from workdiary_wayland.pixels import XBGR, XRGB
from workdiary_wayland.protocols import COPIES, SOURCES
from workdiary_wayland.shots import LATE, NONE, PATIENCE, Shape, drawn, framed, of_each
from workdiary_wayland.wire import ignore, uint

if TYPE_CHECKING:
    from workdiary.payloads import Frame, Unknown
    from workdiary_wayland.outputs import Output
    from workdiary_wayland.wire import Body, Connection

CREATE_SOURCE, CREATE_SESSION = 0, 0  #: requests of the managers
WITHOUT_POINTER = 0  #: no option: where somebody points is recorded nowhere
CREATE_FRAME, END_SESSION = 0, 1  #: requests of a session
BUFFER_SIZE, SHM_FORMAT, DONE, STOPPED = 0, 1, 4, 5  #: events of a session
DESTROY, ATTACH, DAMAGE, CAPTURE = range(4)  #: requests of a frame
TRANSFORM, READY, FAILED = 0, 3, 4  #: events of a frame
OTHER_BUFFER = 1  #: a reason of ``failed``: the session has told another size or format meanwhile
TRIES = 2


@dataclass
class Session:
    """What an output wants to be drawn into."""

    width: int = 0
    height: int = 0
    forms: list[int] = field(default_factory=list)
    told: bool = False
    stopped: bool = False

    def on_session(self, opcode: int, body: Body) -> None:
        """Take an event."""
        if self.told and opcode in {BUFFER_SIZE, SHM_FORMAT}:  # it begins to tell anew
            self.told, self.forms = False, []
        if opcode == BUFFER_SIZE:
            self.width, self.height = body.uint(), body.uint()
        elif opcode == SHM_FORMAT:
            self.forms.append(body.uint())
        elif opcode == DONE:
            self.told = True
        elif opcode == STOPPED:
            self.stopped = True

    @property
    def shape(self) -> Shape:
        """The memory to draw into, in a format that is known here if there is one."""
        known = [form for form in self.forms if form in XRGB | XBGR]
        form = (known or self.forms or [0])[0]
        return Shape(self.width, self.height, self.width * 4, form)


@dataclass
class Shot:
    """One frame under way."""

    transform: int = 0
    over: bool = False
    reason: int | None = None  #: why it failed

    def on_frame(self, opcode: int, body: Body) -> None:
        """Take an event of the frame."""
        if opcode == TRANSFORM:
            self.transform = body.uint()
        elif opcode == FAILED:
            self.reason = body.uint()
        self.over |= opcode in {READY, FAILED}


def grab(connection: Connection) -> tuple[Frame, ...] | Unknown:
    """Return a frame of every output that shows something, or why there is none."""
    sources, copies, memory = (
        connection.bind(connection.offered(name)[0], 1, ignore) for name in (SOURCES, COPIES, "wl_shm")
    )
    return of_each(connection, lambda output: _grab(connection, sources, copies, memory, output))


def _grab(connection: Connection, sources: int, copies: int, memory: int, output: Output) -> Frame | Unknown:
    state = Session()
    source, session = connection.new(ignore), connection.new(state.on_session)
    connection.send(sources, CREATE_SOURCE, uint(source, output.number))
    connection.send(copies, CREATE_SESSION, uint(session, source, WITHOUT_POINTER))
    found: Frame | Unknown = NONE
    for _ in range(TRIES):
        told = connection.until(lambda: state.told or state.stopped, PATIENCE)
        if not told or state.stopped or not state.shape.size:
            break
        shot = Shot()
        found = _take(connection, session, memory, state.shape, shot, output)
        if shot.reason != OTHER_BUFFER:
            break
    connection.send(session, END_SESSION)
    connection.send(source, DESTROY)
    return found


def _take(
    connection: Connection, session: int, memory: int, shape: Shape, shot: Shot, output: Output
) -> Frame | Unknown:
    frame = connection.new(shot.on_frame)
    connection.send(session, CREATE_FRAME, uint(frame))

    def draw(buffer: int) -> bool:
        connection.send(frame, ATTACH, uint(buffer))
        connection.send(frame, DAMAGE, uint(0, 0, shape.width, shape.height))
        connection.send(frame, CAPTURE)
        return connection.until(lambda: shot.over, PATIENCE) and shot.reason is None

    data = drawn(connection, memory, shape, draw)
    connection.send(frame, DESTROY)
    if data is None:
        return LATE if shot.reason is None else NONE
    return framed(output, data, shape, shot.transform)
