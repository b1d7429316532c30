"""What commands share: the home, the rules, output as text or JSON."""

from __future__ import annotations

import functools
import json
import os
import re
from typing import TYPE_CHECKING, Any, TypeVar

import click

from workdiary.errors import StorageError, WorkdiaryError
from workdiary.paths import Home

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from workdiary.desk.reader import Reader
    from workdiary.diary.rules import Rules
    from workdiary.plugins.manager import Plugins

F = TypeVar("F", bound="Callable[..., Any]")
UNKNOWN = "unknown"


def json_option(function: F) -> F:
    """Add ``--json``."""
    return click.option("--json", "as_json", is_flag=True, help="Print JSON.")(function)


@functools.cache
def home() -> Home:
    """Return the user's home of data and settings."""
    return Home.find(os.environ)


@functools.cache
def plugins() -> Plugins:
    """Return the plugins of this process; none of them is started before it is asked."""
    from workdiary import config
    from workdiary.plugins.manager import Plugins

    return Plugins.load(config.load(home().config_file), home())


@functools.cache
def rules() -> Rules:
    """Return the billing and protection rules that are installed."""
    from workdiary.diary.rules import Rules

    return Rules.of(plugins().billing_rules(), plugins().protection_rules())


def reader() -> Reader:
    """Return a reader of the journal."""
    from workdiary.desk.reader import Reader

    return Reader.open(home(), rules())


def change(name: str, **arguments: Any) -> dict[str, Any]:
    """Carry out a change of the diary, and deliver it if no tracker does."""
    from workdiary.desk import desk

    return desk.change(home(), rules(), name, uploaders=plugins().uploaders, **arguments)


def show_waiting(done: dict[str, Any]) -> None:
    """Say which backends a change has not reached."""
    for one in done["waiting"] or ():
        click.echo(f"{one['uploader']} does not know it yet: {one['reason'] or one['state']}.")
        click.echo("  It is told when the tracker runs and can reach it; see: workdiary queue")


def show_json(value: Any) -> None:
    """Print one JSON document; what would steer a terminal is escaped in it."""
    text = json.dumps(value, indent=2, ensure_ascii=False)
    click.echo(re.sub(r"[^ -~\n]", lambda one: one[0] if one[0].isprintable() else json.dumps(one[0])[1:-1], text))


def clock(seconds: int) -> str:
    """Return seconds as ``h:mm:ss``."""
    return f"{seconds // 3600}:{seconds // 60 % 60:02d}:{seconds % 60:02d}"


def plain(text: str) -> str:
    """Return text for a terminal: a window's title may hold what would move its cursor or change its colours."""
    return "".join(one if one.isprintable() else "\N{REPLACEMENT CHARACTER}" for one in text)


def count(value: int | None) -> str:
    """Return a count, or the word that stands for its absence: never a zero."""
    return UNKNOWN if value is None else str(value)


def write_new(path: Path, data: bytes) -> None:
    """Write a new private file; an existing one is never overwritten."""
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        raise WorkdiaryError(f"{path} exists already", remedy="Name another file with --out.") from None
    except OSError as error:
        raise StorageError(
            f"{path} cannot be written: {error.strerror}", remedy="Name another file with --out."
        ) from None
    with os.fdopen(handle, "wb") as file:
        file.write(data)
