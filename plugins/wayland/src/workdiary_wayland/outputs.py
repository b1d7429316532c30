"""The outputs and where they lie: logical places from xdg-output, as wl_output keeps none for scaled ones."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from workdiary.payloads import Rect
from workdiary_wayland.wire import ignore, uint

if TYPE_CHECKING:
    from workdiary_wayland.wire import Body, Connection

GEOMETRY, MODE = 0, 1  #: events of wl_output
CURRENT = 1  #: a flag of a mode
GET_XDG_OUTPUT = 1  #: request of zxdg_output_manager_v1
LOGICAL_POSITION, LOGICAL_SIZE = 0, 1  #: events of zxdg_output_v1
QUARTER = 1  #: the bit of a transform that swaps width and height


@dataclass
class Output:
    """One output as the compositor describes it."""

    number: int = 0
    transform: int = 0  #: of wl_output: quarter turns, and 4 if it is mirrored
    x: int = 0
    y: int = 0
    width: int = 0
    height: int = 0
    logical: tuple[int, int] | None = None
    size: tuple[int, int] | None = None

    @property
    def rect(self) -> Rect:
        """Where it lies on the desktop."""
        x, y = self.logical or (self.x, self.y)
        turned = self.transform & QUARTER
        width, height = self.size or ((self.height, self.width) if turned else (self.width, self.height))
        return Rect(x=x, y=y, width=width, height=height)

    def on_output(self, opcode: int, body: Body) -> None:
        """Take an event of wl_output."""
        if opcode == GEOMETRY:
            self.x, self.y = body.sint(), body.sint()
            for _ in range(3):  # size in millimetres, order of colours
                body.sint()
            body.text(), body.text()
            self.transform = body.sint()
        elif opcode == MODE and body.uint() & CURRENT:
            self.width, self.height = body.sint(), body.sint()

    def on_xdg_output(self, opcode: int, body: Body) -> None:
        """Take an event of zxdg_output_v1."""
        if opcode == LOGICAL_POSITION:
            self.logical = (body.sint(), body.sint())
        elif opcode == LOGICAL_SIZE:
            self.size = (body.sint(), body.sint())


def outputs(connection: Connection) -> list[Output]:
    """Return the outputs that are there now."""
    found = []
    places = connection.offered("zxdg_output_manager_v1")
    manager = connection.bind(places[0], 2, ignore) if places else 0
    for one in connection.offered("wl_output"):
        output = Output()
        output.number = connection.bind(one, 2, output.on_output)
        if manager:
            number = connection.new(output.on_xdg_output)
            connection.send(manager, GET_XDG_OUTPUT, uint(number, output.number))
        found.append(output)
    connection.roundtrip()
    return found
