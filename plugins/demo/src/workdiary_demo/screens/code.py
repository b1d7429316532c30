"""Editor, terminal, notebook."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from workdiary_demo.screens.canvas import TALL, WIDTH
from workdiary_demo.screens.words import FILES, code_line, sentence

if TYPE_CHECKING:
    from workdiary_demo.screens.canvas import Canvas

STEP = 22


def editor(canvas: Canvas) -> None:
    """Files on the left, code in the middle, an outline or a second file on the right."""
    theme, rng = canvas.theme, canvas.rng
    canvas.box(0, 0, 240, TALL, theme.panel)
    for row in range(TALL // 26):
        indent = 16 + 18 * rng.randrange(3)
        canvas.text(indent, 10 + row * 26, rng.choice(FILES), size=14, fill=theme.faint if row % 7 else theme.ink)
    _code(canvas, 262, WIDTH - 262 if rng.random() < 0.5 else 640)
    if rng.random() < 0.5:
        canvas.box(930, 0, 2, TALL, theme.line)
        _code(canvas, 946, 600)
    canvas.box(WIDTH - 90, 0, 90, TALL, theme.panel)
    for y in range(6, TALL, 5):
        canvas.box(
            WIDTH - 84 + rng.randrange(10), y, rng.randrange(6, 60), 2, rng.choice((theme.faint, canvas.accent()))
        )


def _code(canvas: Canvas, left: int, width: int) -> None:
    theme, rng = canvas.theme, canvas.rng
    indent, number = 0, rng.randrange(1, 400)
    for y in range(8, TALL, STEP):
        canvas.text(left, y, str(number), size=13, fill=theme.faint)
        x: float = left + 48 + indent * 28
        for text, colour in code_line(rng):
            fill = theme.ink if colour == -1 else theme.faint if colour < 0 else theme.accents[colour]
            if x < left + width - 160:
                x = canvas.text(x, y, text, fill=fill)
        if rng.random() < 0.03:
            canvas.box(left + 40, y - 2, width - 80, STEP, theme.line)
        indent = max(0, min(5, indent + rng.choice((-1, -1, 0, 0, 1, 1))))
        number += 1


def terminal(canvas: Canvas) -> None:
    """Prompts and what they answered."""
    theme, rng = canvas.theme, canvas.rng
    y = 8
    while y < TALL:
        x = canvas.text(14, y, "mara@pinta", fill=theme.accents[2])
        x = canvas.text(x, y, ":~/booking-api$ ", fill=theme.accents[1])
        canvas.text(x, y, rng.choice(("pytest -q", "git status", "rg refund src", "make staging", "psql booking")))
        y += STEP
        for _ in range(rng.randrange(3, 18)):
            words = sentence(rng, 18)
            mark, fill = rng.choice(
                (
                    ("PASSED", theme.accents[2]),
                    ("12:04:51", theme.faint),
                    ("+", theme.accents[2]),
                    ("FAILED", theme.accents[3]),
                )
            )
            x = canvas.text(14, y, mark + "  ", fill=fill)
            canvas.text(x, y, words)
            y += STEP


def notebook(canvas: Canvas) -> None:
    """Cells of code with charts below them."""
    theme, rng = canvas.theme, canvas.rng
    canvas.box(0, 0, WIDTH, 44, theme.panel)
    canvas.text(20, 12, "File   Edit   View   Run   Kernel   Help", size=15, fill=theme.faint)
    y = 60
    while y < TALL:
        rows = rng.randrange(2, 6)
        canvas.text(40, y + 8, f"[{rng.randrange(1, 90)}]:", fill=theme.accents[0])
        canvas.box(110, y, WIDTH - 260, rows * STEP + 14, theme.panel, theme.line)
        for row in range(rows):
            x: float = 124
            for text, colour in code_line(rng):
                x = canvas.text(x, y + 8 + row * STEP, text, fill=theme.accents[colour] if colour >= 0 else theme.ink)
        y += rows * STEP + 34
        _chart(canvas, 124, y, rng.randrange(420, 900), 250)
        y += 290


def _chart(canvas: Canvas, x: int, y: int, width: int, height: int) -> None:
    theme, rng = canvas.theme, canvas.rng
    canvas.box(x, y, width, height, theme.ground, theme.line)
    if rng.random() < 0.5:
        bars = rng.randrange(6, 22)
        fill = canvas.accent()
        for bar in range(bars):
            high = rng.randrange(20, height - 30)
            canvas.box(x + 16 + bar * (width - 32) / bars, y + height - high - 10, (width - 60) / bars, high, fill)
        return
    for _ in range(rng.randrange(1, 4)):
        level, speed = rng.uniform(0.3, 0.7), rng.uniform(5, 14)
        points = []
        for at in range(0, width - 20, 12):
            part = level + 0.18 * math.sin(at / width * speed) + rng.uniform(-0.06, 0.06)
            points.append((x + 10.0 + at, y + height * (1 - part)))
        canvas.lines(points, canvas.accent(), 3)
