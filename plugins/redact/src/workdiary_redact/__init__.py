"""Exclude and mask windows: a privacy filter for the pictures and titles of Workdiary.

Every doubt ends without a picture: the host turns an exception of this filter into "no image".
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from workdiary.hooks import hookimpl
from workdiary.payloads import Unknown
from workdiary_redact.fill import fill
from workdiary_redact.regions import find_hits
from workdiary_redact.rules import Config, Level

if TYPE_CHECKING:
    from collections.abc import Iterable

    import click

    from workdiary.context import PluginContext
    from workdiary.payloads import Snapshot, Window

__all__ = ["Config"]

EXCLUDED = "[excluded]"
MASKED = "[masked]"

_config: Config | None = None


@hookimpl
def workdiary_config_type() -> type:
    """Describe ``[plugins.redact]``."""
    return Config


@hookimpl
def workdiary_start(context: PluginContext) -> None:
    """Take the rules."""
    global _config  # noqa: PLW0603 - a plugin is a module; this is its one piece of state
    _config = context.config or Config()


@hookimpl
def workdiary_stop() -> None:
    """Drop the rules; without them the filter refuses to work."""
    global _config  # noqa: PLW0603 - see workdiary_start
    _config = None


@hookimpl
def workdiary_redact(snapshot: Snapshot) -> Snapshot | None:
    """Fill excluded and masked windows in every frame, and hide their titles.

    :raises RuntimeError: what must be covered cannot be known, so there may be no picture.
    """
    if _config is None:
        raise RuntimeError("the privacy filter was not started")
    return apply_rules(_config, snapshot)


def apply_rules(config: Config, snapshot: Snapshot) -> Snapshot | None:
    """Return the snapshot as the rules allow it to be seen; None: there are no rules."""
    if not config.has_rules():
        return None
    before, after = snapshot.before, snapshot.after
    if snapshot.frames and (isinstance(before, Unknown) or isinstance(after, Unknown)):
        raise RuntimeError("without a map of the windows there is no telling what to cover")
    window = None if isinstance(snapshot.window, Unknown) else snapshot.window
    hits = find_hits(config, window, [each for each in (before, after) if not isinstance(each, Unknown)])
    frames = tuple(fill(frame, hits.rects) for frame in snapshot.frames)
    if window is None or not (window.app or window.title):  # unknown, or nothing has the focus
        return replace(snapshot, frames=frames)
    level = max(config.level(window.app, window.title), hits.levels.get(window.handle, Level.SHOWN))
    hidden = window.title in {EXCLUDED, MASKED}  # by an earlier pass, which has covered it
    if frames and level is not Level.SHOWN and not hidden and not hits.covers(window):
        raise RuntimeError("the active window must be covered, and the map of the windows does not show it")
    return replace(snapshot, window=_hidden(window, level), frames=frames)


def _hidden(window: Window, level: Level) -> Window:
    if level is Level.EXCLUDED:
        return replace(window, app=EXCLUDED, title=EXCLUDED)
    return replace(window, title=MASKED) if level is Level.MASKED else window


@hookimpl
def workdiary_commands() -> Iterable[click.Command]:
    """Offer ``workdiary exclude``."""
    from workdiary_redact.commands import exclude

    return [exclude]
