"""Spreadsheet and design tool."""

from __future__ import annotations

from typing import TYPE_CHECKING

from workdiary_demo.screens.canvas import TALL, WIDTH
from workdiary_demo.screens.words import PEOPLE, sentence

if TYPE_CHECKING:
    from workdiary_demo.screens.canvas import Canvas

COLUMN, ROW = 122, 25


def sheet(canvas: Canvas) -> None:
    """Cells with names and numbers, some of them coloured."""
    theme, rng = canvas.theme, canvas.rng
    canvas.box(0, 0, WIDTH, 52, theme.panel)
    canvas.text(16, 16, f"=SUM(F4:F{rng.randrange(30, 300)})", size=15)
    warm = canvas.accent()
    hot = {rng.randrange(2, 12) for _ in range(2)}
    for row in range((TALL - 52) // ROW):
        y = 52 + row * ROW
        canvas.box(0, y, 46, ROW, theme.panel, theme.line)
        canvas.text(10, y + 4, str(row + 1), size=13, fill=theme.faint)
        for column in range(13):
            x = 46 + column * COLUMN
            fill = theme.line if row == 0 else theme.ground
            if row and column in hot and rng.random() < 0.4:
                fill = warm
            canvas.box(x, y, COLUMN, ROW, fill, theme.line)
            text = (
                sentence(rng, 5)[:13]
                if row == 0
                else rng.choice(PEOPLE)[:13]
                if column == 0
                else f"{rng.randrange(10**6) / 100:,.2f}"
            )
            if column < 9 or rng.random() < 0.5:
                canvas.text(x + 6, y + 4, text, size=14)


def design(canvas: Canvas) -> None:
    """Layers, artboards with a page on each, and properties."""
    theme, rng = canvas.theme, canvas.rng
    canvas.box(0, 0, WIDTH, TALL, theme.line)
    at = [
        (300, 40, 380, 560),
        (720, 40, 560, 400),
        (720, 480, 260, 500),
        (1010, 480, 270, 500),
        (300, 640, 380, 560),
        (720, 1020, 560, 260),
    ]
    for x, y, width, height in at:
        _artboard(canvas, x, y, width, height)
    canvas.box(0, 0, 250, TALL, theme.panel)
    for row in range(TALL // 30):
        canvas.box(18 + 16 * rng.randrange(3), 14 + row * 30, 12, 12, canvas.accent())
        canvas.text(
            72, 10 + row * 30, rng.choice(("Frame", "Button", "Card", "Icon", "Hero", "Price", "Group")), size=14
        )
    canvas.box(1320, 0, 280, TALL, theme.panel)
    for row in range(TALL // 44):
        canvas.text(
            1340, 12 + row * 44, rng.choice(("X", "Y", "W", "H", "Fill", "Stroke", "Radius")), size=14, fill=theme.faint
        )
        canvas.round(1420, 8 + row * 44, 150, 28, theme.ground)
        canvas.text(1432, 13 + row * 44, str(rng.randrange(1200)), size=14)


def _artboard(canvas: Canvas, x: int, y: int, width: int, height: int) -> None:
    rng, theme = canvas.rng, canvas.theme
    main, second = canvas.accent(), canvas.accent()
    canvas.text(x, y - 20, sentence(rng, 5), size=13, fill=theme.faint)
    canvas.box(x, y, width, height, theme.ground)
    canvas.box(x, y, width, height * 0.3, main)
    canvas.disc(x + width * rng.uniform(0.2, 0.8), y + height * 0.15, height * 0.1, second)
    columns = rng.choice((1, 2, 3))
    for row in range(3):
        for column in range(columns):
            left, top = x + 16 + column * (width - 16) / columns, y + height * (0.36 + row * 0.2)
            canvas.round(left, top, (width - 16) / columns - 16, height * 0.15, rng.choice((theme.panel, second)))
            canvas.text(left + 8, top + 8, sentence(rng, 5)[: 8 + 20 // columns], size=13)
