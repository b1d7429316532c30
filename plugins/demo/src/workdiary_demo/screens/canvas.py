"""What all screens are drawn with: a few colours, one font that comes with Pillow, boxes and lines of text."""

from __future__ import annotations

import functools
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PIL import Image, ImageDraw, ImageFont

if TYPE_CHECKING:
    import random

    from PIL.ImageFont import FreeTypeFont
    from PIL.ImageFont import ImageFont as BitmapFont

WIDTH, HEIGHT = 1600, 900
BAR = 64  #: the desktop's panel and the window's title bar
TALL = 1240


@dataclass(frozen=True)
class Theme:
    """The colours of one program."""

    ground: str
    panel: str
    line: str
    ink: str
    faint: str
    accents: tuple[str, ...]


_DARK = (
    Theme(
        "#1e1f2b", "#181923", "#2c2e3f", "#cfd3e6", "#767b96", ("#c792ea", "#82aaff", "#c3e88d", "#f78c6c", "#ffcb6b")
    ),
    Theme(
        "#282c34", "#21252b", "#3b4048", "#d7dae0", "#7f848e", ("#c678dd", "#61afef", "#98c379", "#e06c75", "#d19a66")
    ),
    Theme(
        "#002b36", "#073642", "#0e4553", "#a9b8b8", "#657b83", ("#859900", "#268bd2", "#2aa198", "#cb4b16", "#b58900")
    ),
)
_LIGHT = (
    Theme(
        "#ffffff", "#f3f4f6", "#d9dce1", "#1f2430", "#7a808c", ("#2f6fde", "#1a8754", "#b4442f", "#7b4bc4", "#b7791f")
    ),
    Theme(
        "#fbf8f2", "#f0eade", "#ddd4c2", "#33302a", "#8a8271", ("#a0522d", "#2e6f6a", "#4a5fa5", "#8c3b60", "#6b7d2b")
    ),
)


def themes(screen: str) -> tuple[Theme, ...]:
    """Return the themes in which a kind of program comes."""
    if screen == "terminal":
        return _DARK
    return (*_DARK, *_LIGHT) if screen in {"editor", "chat"} else _LIGHT


@functools.cache
def font(size: int) -> FreeTypeFont | BitmapFont:
    """Return Pillow's own font: the same picture on every machine."""
    return ImageFont.load_default(size)


class Canvas:
    """A sheet to draw on."""

    def __init__(self, rng: random.Random, theme: Theme, size: tuple[int, int] = (WIDTH, TALL)) -> None:
        self.rng = rng
        self.theme = theme
        self.image = Image.new("RGB", size, theme.ground)
        self._draw = ImageDraw.Draw(self.image)

    def box(self, x: float, y: float, width: float, height: float, fill: str, outline: str | None = None) -> None:
        """Fill a rectangle."""
        self._draw.rectangle((x, y, x + width - 1, y + height - 1), fill=fill, outline=outline)

    def round(self, x: float, y: float, width: float, height: float, fill: str) -> None:
        """Fill a rectangle with round corners."""
        self._draw.rounded_rectangle((x, y, x + width, y + height), radius=8, fill=fill)

    def disc(self, x: float, y: float, radius: float, fill: str) -> None:
        """Fill a circle around a point."""
        self._draw.ellipse((x - radius, y - radius, x + radius, y + radius), fill=fill)

    def lines(self, points: list[tuple[float, float]], fill: str, width: int = 2) -> None:
        """Draw a line through points."""
        self._draw.line(points, fill=fill, width=width)

    def text(self, x: float, y: float, text: str, *, size: int = 15, fill: str = "") -> float:
        """Write one line and return where it ends."""
        self._draw.text((x, y), text, font=font(size), fill=fill or self.theme.ink)
        return x + font(size).getlength(text)

    def accent(self) -> str:
        """Return one of the theme's colours."""
        return self.rng.choice(self.theme.accents)
