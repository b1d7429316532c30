"""A notifier for a terminal that is always open: one line for each notice, without its picture and its buttons."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from workdiary.config import setting
from workdiary.hooks import hookimpl
from workdiary.payloads import Shown, Unknown

if TYPE_CHECKING:
    from workdiary.context import PluginContext
    from workdiary.payloads import Notice


@dataclass(frozen=True, kw_only=True)
class Config:
    """The table ``[plugins.bell]``."""

    terminal: str = setting("", "The terminal, such as /dev/pts/3: what `tty` prints in it.")


_config = Config()


@hookimpl
def workdiary_config_type() -> type:
    """Describe ``[plugins.bell]``."""
    return Config


@hookimpl
def workdiary_start(context: PluginContext) -> None:
    """Take the settings."""
    global _config  # noqa: PLW0603 - a plugin is a module; this is its one piece of state
    _config = context.config


@hookimpl
def workdiary_notify(notice: Notice) -> Shown | Unknown | None:
    """Write the line; say why where it cannot be written, so that the next notifier is asked."""
    if not _config.terminal:
        return None
    hint = " To delete it: workdiary delete open" if any(one.command == "discard" for one in notice.actions) else ""
    try:
        with Path(_config.terminal).open("a", encoding="utf-8") as terminal:
            terminal.write(f"\a{notice.title}: {notice.text}{hint}\n")
    except OSError as error:
        return Unknown(reason=f"the terminal cannot be written: {error.strerror}")
    return Shown()
