"""A realistic made-up diary, under a home of its own: for trying things out, for docs, tests and benches.

It goes through the real recorder, rules and journal, so every week of it can be exported and is verified.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from workdiary.hooks import hookimpl

if TYPE_CHECKING:
    from collections.abc import Iterable

    import click

    from workdiary_demo.making import Demo, make

__all__ = ["Demo", "make"]


def __getattr__(name: str) -> Any:
    """Load what makes a demo when it is asked for: every command loads this plugin."""
    if name in __all__:
        from workdiary_demo import making

        return getattr(making, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


@hookimpl
def workdiary_commands() -> Iterable[click.Command]:
    """Offer ``workdiary demo``."""
    from workdiary_demo.commands import demo

    return [demo]
