"""Browser, mail, chat."""

from __future__ import annotations

from typing import TYPE_CHECKING

from workdiary_demo.screens.canvas import TALL, WIDTH
from workdiary_demo.screens.words import PEOPLE, code_line, sentence

if TYPE_CHECKING:
    from workdiary_demo.screens.canvas import Canvas


def browser(canvas: Canvas) -> None:
    """A page with a menu, headings, text and examples."""
    theme, rng = canvas.theme, canvas.rng
    canvas.box(0, 0, WIDTH, 46, theme.panel)
    canvas.round(120, 8, 900, 30, theme.ground)
    left = rng.choice((60, 330))
    if left > 300:
        for y in range(80, TALL, 30):
            canvas.text(40, y, sentence(rng, 6)[:28], size=14, fill=theme.accents[0])
    canvas.box(0, 46, WIDTH, 6, canvas.accent())
    y = 80
    while y < TALL:
        canvas.text(left, y, sentence(rng, 7), size=rng.choice((24, 30)))
        y += 50
        for _ in range(rng.randrange(2, 7)):
            canvas.text(left, y, f"{sentence(rng, 16)}. {sentence(rng, 8)}"[:110], size=16)
            y += 26
        if rng.random() < 0.7:
            rows = rng.randrange(2, 6)
            canvas.box(left, y + 6, 860, rows * 24 + 16, theme.panel, theme.line)
            for row in range(rows):
                x: float = left + 16
                for text, colour in code_line(rng):
                    x = canvas.text(
                        x, y + 14 + row * 24, text, fill=theme.accents[colour] if colour >= 0 else theme.ink
                    )
            y += rows * 24 + 34
        y += 18


def mail(canvas: Canvas) -> None:
    """Folders, a list of letters, and one of them open."""
    theme, rng = canvas.theme, canvas.rng
    canvas.box(0, 0, 210, TALL, theme.panel)
    for row, name in enumerate(("Inbox", "Drafts", "Sent", "Archive", "Clients", "Invoices", "Trash")):
        canvas.text(24, 16 + row * 34, name, size=16)
    canvas.box(210, 0, 440, TALL, theme.ground, theme.line)
    for y in range(0, TALL, 66):
        if rng.random() < 0.15:
            canvas.box(211, y, 438, 65, theme.line)
        canvas.disc(238, y + 32, 14, canvas.accent())
        canvas.text(264, y + 10, rng.choice(PEOPLE), size=15)
        canvas.text(264, y + 34, sentence(rng, 8)[:44], size=13, fill=theme.faint)
    canvas.text(690, 20, sentence(rng, 7), size=24)
    y = 80
    while y < TALL:
        for _ in range(rng.randrange(2, 6)):
            canvas.text(690, y, f"{sentence(rng, 15)}."[:96], size=16)
            y += 26
        y += 20


def chat(canvas: Canvas) -> None:
    """Channels and messages."""
    theme, rng = canvas.theme, canvas.rng
    side = canvas.accent()
    canvas.box(0, 0, 250, TALL, side)
    for row, name in enumerate(("general", "standup", "release", "billing", "design", "random", "help", "alerts")):
        canvas.text(28, 24 + row * 34, f"# {name}", size=16, fill="#ffffff")
    y = 20
    while y < TALL:
        canvas.round(276, y, 40, 40, canvas.accent())
        x = canvas.text(332, y, rng.choice(PEOPLE), size=16)
        canvas.text(x + 12, y + 3, f"{rng.randrange(7, 18)}:{rng.randrange(60):02d}", size=12, fill=theme.faint)
        for _ in range(rng.randrange(1, 4)):
            y += 26
            canvas.text(332, y, sentence(rng, 16)[:110], size=16)
        if rng.random() < 0.12:
            canvas.round(332, y + 32, rng.randrange(240, 420), 170, canvas.accent())
            y += 190
        y += 48
