"""Screens drawn from nothing: a sheet for each kind of program, taller than the screen so that it scrolls."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING

from workdiary_demo.screens import code, office, visual
from workdiary_demo.screens.canvas import Canvas, themes

if TYPE_CHECKING:
    from collections.abc import Callable

    from PIL import Image

PAINTERS: dict[str, Callable[[Canvas], None]] = {
    "editor": code.editor,
    "terminal": code.terminal,
    "notebook": code.notebook,
    "browser": office.browser,
    "mail": office.mail,
    "chat": office.chat,
    "sheet": visual.sheet,
    "design": visual.design,
}


def sheet_of(screen: str, variant: int, seed: str) -> Image.Image:
    """Return the content of a program, ``canvas.WIDTH`` times ``canvas.TALL`` pixels."""
    rng = random.Random(f"{seed}/{screen}/{variant}")
    canvas = Canvas(rng, rng.choice(themes(screen)))
    PAINTERS[screen](canvas)
    return canvas.image
