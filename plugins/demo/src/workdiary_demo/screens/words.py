"""Words for screens: enough to look like text, code and names."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import random

_TEXT = (
    "the booking of a week with two rates is split before it is sent and the rest stays open until Friday "
    "please look at the second draft of the page when there is time we can ship it on Thursday if nobody finds "
    "anything in the review table of customers by region shows a drop in March that the export does not explain"
)
_PLAIN = _TEXT.split()
_NAMES = ("invoice", "rate", "booking", "slot", "customer", "payload", "total", "week", "partner", "refund", "session")
_CALLS = ("load", "split", "merge", "check", "send", "parse", "round_up", "find_all", "commit", "render")
PEOPLE = ("Ines Albrecht", "Tomasz Wrona", "Mia Lund", "Jonas Keller", "Priya Nair", "Luca Ferri", "Ada Brandt")
FILES = ("billing.py", "routes.py", "schema.sql", "models.py", "invoices.py", "refunds.py", "conftest.py", "README.md")


def sentence(rng: random.Random, most: int = 14) -> str:
    """Return some words that sound like a sentence."""
    first = rng.randrange(len(_PLAIN))
    words = [_PLAIN[(first + at) % len(_PLAIN)] for at in range(rng.randrange(4, most))]
    return " ".join(words).capitalize()


def code_line(rng: random.Random) -> list[tuple[str, int]]:
    """Return a line of code as pieces with the index of their colour; -1 is plain, -2 faint."""
    name, other, call = rng.choice(_NAMES), rng.choice(_NAMES), rng.choice(_CALLS)
    return rng.choice(
        (
            [("return ", 0), (call, 1), (f"({name}, {other})", -1)],
            [("if ", 0), (f"{name}.{other} ", -1), ("is not ", 0), ("None", 3), (":", -1)],
            [("for ", 0), (f"{name} ", -1), ("in ", 0), (call, 1), (f"({other}s):", -1)],
            [(f"{name} = ", -1), (call, 1), (f"({other}, ", -1), (f'"{rng.choice(_PLAIN)}"', 2), (")", -1)],
            [("def ", 0), (f"{call}_{name}", 1), (f"({other}: ", -1), ("int", 4), (") -> ", -1), ("str", 4), (":", -1)],
            [(f"# {sentence(rng, 9)}", -2)],
            [("assert ", 0), (f"{name} == ", -1), (str(rng.randrange(10_000)), 3)],
            [],
        )
    )
