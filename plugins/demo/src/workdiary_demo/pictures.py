"""Pictures of made-up screens, encoded and sealed as the snapshot process does it."""

from __future__ import annotations

import functools
import random
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from PIL import ImageDraw

from workdiary.payloads import Frame, Rect
from workdiary.snapshot.encode import encode
from workdiary.snapshot.seal import seal
from workdiary_demo.cast import EXCLUDED
from workdiary_demo.screens import sheet_of
from workdiary_demo.screens.canvas import BAR, HEIGHT, TALL, WIDTH, font

if TYPE_CHECKING:
    from pathlib import Path

    from PIL import Image

    from workdiary_demo.cast import Scene

VARIANTS = 4  #: of each kind of screen
KEPT = 16  #: sheets in memory, 6 MB each
QUALITY = 75
COVER = "#464650"  #: with which windows are filled that shall not be seen, by workdiary-redact
#: Where a window might have been in the way that is covered.
_COVERED = ((1180, 560, 400, 320), (60, 140, 520, 300), (980, 90, 560, 240), (420, 300, 700, 420))


class Pictures:
    """Takes a sheet from a pool, scrolls it, puts window and clock around it."""

    def __init__(self, seed: str, recipient: str, blobs: Path) -> None:
        self._seed = seed
        self._recipient = recipient
        self._blobs = blobs
        self._sheet = functools.lru_cache(KEPT)(self._draw_sheet)

    def take(self, scene: Scene, title: str, taken_at: int, slot: int, *, both: bool) -> list[dict[str, Any]]:
        """Return what a segment says of its pictures, which are on the disk then; *both*: of two monitors."""
        rng = random.Random(f"{self._seed}/{slot}")
        frames = [self.screen(scene, title, taken_at, rng)]
        if both:
            frames.append(self.screen(scene, "", taken_at, rng))
        found = []
        for image in frames:
            picture = encode(_frame(image), image_format="jpeg", quality=QUALITY, scale=1)
            sha256, size = seal(picture.data, self._recipient, self._blobs)
            found.append(
                {
                    "sha256": sha256,
                    "width": picture.width,
                    "height": picture.height,
                    "bytes": size,
                    "media_type": picture.media_type,
                }
            )
        return found

    def screen(self, scene: Scene, title: str, taken_at: int, rng: random.Random) -> Image.Image:
        """Return one screen as the privacy filter leaves it."""
        sheet = self._sheet(scene.screen, rng.randrange(VARIANTS))
        top = rng.randrange(0, TALL - (HEIGHT - BAR), 2)
        image = sheet.crop((0, top - BAR, WIDTH, top - BAR + HEIGHT))
        draw = ImageDraw.Draw(image)
        draw.rectangle((0, 0, WIDTH, 28), fill="#16171d")
        draw.text((14, 6), "Activities", font=font(14), fill="#d8dae3")
        clock = datetime.fromtimestamp(taken_at / 1000, UTC).strftime("%a %d %b  %H:%M")
        draw.text((WIDTH - 180, 6), clock, font=font(14), fill="#ffffff")
        draw.rectangle((0, 28, WIDTH, BAR), fill="#2f3138")
        if title:
            draw.text((WIDTH / 2 - font(15).getlength(title) / 2, 37), title, font=font(15), fill="#e8e9ee")
        for x, colour in ((WIDTH - 24, "#e0604c"), (WIDTH - 48, "#8d919c"), (WIDTH - 72, "#8d919c")):
            draw.ellipse((x - 7, 39, x + 7, 53), fill=colour)
        if scene is EXCLUDED:
            draw.rectangle((0, 28, WIDTH, HEIGHT), fill=COVER)
        elif rng.random() < 0.09:
            x, y, width, height = rng.choice(_COVERED)
            draw.rectangle((x, y, x + width, y + height), fill=COVER)
        return image

    def _draw_sheet(self, screen: str, variant: int) -> Image.Image:
        return sheet_of(screen, variant, self._seed)


def _frame(image: Image.Image) -> Frame:
    pixels = image.tobytes("raw", "BGRX")
    return Frame(rect=Rect(x=0, y=0, width=WIDTH, height=HEIGHT), width=WIDTH, height=HEIGHT, pixels=pixels)
