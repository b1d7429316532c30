"""Pictures of made-up screens, encoded and sealed as the snapshot process does it."""

from __future__ import annotations

import functools
import random
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from PIL import Image, ImageDraw

from workdiary.payloads import Frame, Rect
from workdiary.slots import slot_of, week_of
from workdiary.snapshot.encode import encode
from workdiary.snapshot.seal import seal
from workdiary_demo.cast import EXCLUDED
from workdiary_demo.screens import sheet_of
from workdiary_demo.screens.canvas import BAR, HEIGHT, TALL, WIDTH, font

if TYPE_CHECKING:
    from pathlib import Path

    from workdiary_demo.cast import Scene

MOST_VARIANTS = 4  #: of each kind of screen
KEPT = 16  #: sheets in memory, 8 MB each: two of each kind, which take turns from week to week
QUALITY = 75
COVER = bytes((0x50, 0x46, 0x46, 0xFF))  #: B G R X, the colour of workdiary-redact
COVERED_PART = 0.09  #: of pictures in which something is covered
STRIDE = WIDTH * 4
#: Where a window might have been in the way that is covered.
_COVERED = ((1180, 560, 400, 320), (60, 140, 520, 300), (980, 90, 560, 240), (420, 300, 700, 420))


class Pictures:
    """Takes a sheet from a pool, scrolls it, puts window and clock above it."""

    def __init__(self, seed: str, recipient: str, blobs: Path, *, variants: int) -> None:
        self._seed = seed
        self._recipient = recipient
        self._blobs = blobs
        self._variants = min(variants, MOST_VARIANTS)
        self._sheet = functools.lru_cache(KEPT)(self._draw_sheet)

    def take(self, scene: Scene, title: str, taken_at: int, slot: int, *, both: bool) -> list[dict[str, Any]]:
        """Return what a segment says of its pictures, which are on the disk then; *both*: of two monitors."""
        rng = random.Random(f"{self._seed}/{slot}")
        screens = [self.screen(scene, title, taken_at, rng)]
        if both:
            screens.append(self.screen(scene, "", taken_at, rng))
        found = []
        for screen in screens:
            picture = encode(screen, image_format="jpeg", quality=QUALITY, scale=1)
            sha256, size = seal(picture.data, self._recipient, self._blobs)
            size_of = {"width": picture.width, "height": picture.height, "bytes": size}
            found.append({"sha256": sha256, **size_of, "media_type": picture.media_type})
        return found

    def screen(self, scene: Scene, title: str, taken_at: int, rng: random.Random) -> Frame:
        """Return one screen as the privacy filter leaves it. Rows of a sheet are bytes in one piece."""
        sheet = self._sheet(scene.screen, (week_of(slot_of(taken_at)) + rng.randrange(2)) % self._variants)
        top = rng.randrange(0, TALL - (HEIGHT - BAR), 2)
        pixels = bytearray(_bars(title, taken_at))
        pixels += memoryview(sheet)[top * STRIDE : (top + HEIGHT - BAR) * STRIDE]
        if scene is EXCLUDED:
            _cover(pixels, (0, BAR, WIDTH, HEIGHT - BAR))
        elif rng.random() < COVERED_PART:
            _cover(pixels, rng.choice(_COVERED))
        rect = Rect(x=0, y=0, width=WIDTH, height=HEIGHT)
        return Frame(rect=rect, width=WIDTH, height=HEIGHT, pixels=bytes(pixels))

    def _draw_sheet(self, screen: str, variant: int) -> bytes:
        return sheet_of(screen, variant, self._seed).tobytes("raw", "BGRX")


def _bars(title: str, taken_at: int) -> bytes:
    """Return the desktop's panel with the clock, and the window's title bar."""
    image = Image.new("RGB", (WIDTH, BAR), "#2f3138")
    draw = ImageDraw.Draw(image)
    draw.rectangle((0, 0, WIDTH, 27), fill="#16171d")
    draw.text((14, 6), "Activities", font=font(14), fill="#d8dae3")
    clock = datetime.fromtimestamp(taken_at / 1000, UTC).strftime("%Y-%m-%d  %H:%M")
    draw.text((WIDTH - 150, 6), clock, font=font(14), fill="#ffffff")
    draw.text((WIDTH / 2 - font(15).getlength(title) / 2, 37), title, font=font(15), fill="#e8e9ee")
    for x, colour in ((WIDTH - 24, "#e0604c"), (WIDTH - 48, "#8d919c"), (WIDTH - 72, "#8d919c")):
        draw.ellipse((x - 7, 39, x + 7, 53), fill=colour)
    return image.tobytes("raw", "BGRX")


def _cover(pixels: bytearray, box: tuple[int, int, int, int]) -> None:
    """Fill a rectangle with one colour, as workdiary-redact does."""
    left, top, width, height = box
    row = COVER * width
    for y in range(top, top + height):
        start = y * STRIDE + left * 4
        pixels[start : start + len(row)] = row
