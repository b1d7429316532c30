"""A privacy filter: cover the top bar of every monitor, and hide mail addresses in titles."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Annotated

import msgspec

from workdiary.config import setting
from workdiary.hooks import hookimpl
from workdiary.payloads import Unknown

if TYPE_CHECKING:
    from workdiary.context import PluginContext
    from workdiary.payloads import Frame, Snapshot

ADDRESS = re.compile(r"\S+@\S+")


@dataclass(frozen=True, kw_only=True)
class Config:
    """The table ``[plugins.cover-top]``."""

    height: Annotated[int, msgspec.Meta(ge=1)] = setting(32, "Rows of the desktop that are covered.")


_height = 0


@hookimpl
def workdiary_config_type() -> type:
    """Describe ``[plugins.cover-top]``."""
    return Config


@hookimpl
def workdiary_start(context: PluginContext) -> None:
    """Take the setting."""
    global _height  # noqa: PLW0603 - a plugin is a module; this is its one piece of state
    _height = context.config.height


@hookimpl
def workdiary_redact(snapshot: Snapshot) -> Snapshot:
    """Return a copy with a solid bar and a title without addresses. Raising would mean: no image."""
    window = snapshot.window
    if not isinstance(window, Unknown):
        window = replace(window, title=ADDRESS.sub("[address]", window.title))
    return replace(snapshot, window=window, frames=tuple(cover(frame, _height) for frame in snapshot.frames))


def cover(frame: Frame, height: int) -> Frame:
    """Fill the top; *height* is in the desktop's pixels, and a scaled monitor has more of its own."""
    rows = min(frame.height, -(-height * frame.height // frame.rect.height))
    size = rows * frame.width * 4
    return replace(frame, pixels=bytes(size) + frame.pixels[size:])
