"""The work diary in the browser. Nothing of it is imported before it is asked for."""

from __future__ import annotations

from typing import TYPE_CHECKING, BinaryIO

from workdiary.exporter import Export, Exporter
from workdiary.hooks import hookimpl

if TYPE_CHECKING:
    from collections.abc import Iterable

    import click


@hookimpl
def workdiary_commands() -> Iterable[click.Command]:
    """Offer ``workdiary open``."""
    from workdiary_web.command import open_command

    return [open_command]


@hookimpl
def workdiary_exporters() -> Iterable[Exporter]:
    """Offer the page of ``export --html``."""
    return [Exporter(name="html", suffix=".html", write=_write_page)]


def _write_page(export: Export, file: BinaryIO) -> None:
    from workdiary_web.paper.page import write_page

    write_page(export, file)
