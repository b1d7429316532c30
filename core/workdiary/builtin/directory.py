"""The simplest backend: a diary as a folder per day, JSON and images. Off until ``plugins.directory.path`` is set."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from workdiary.builtin.folder import Folder
from workdiary.errors import ConfigError
from workdiary.hooks import hookimpl

if TYPE_CHECKING:
    from workdiary.context import PluginContext


@dataclass(frozen=True, kw_only=True)
class Config:
    """The table ``[plugins.directory]``."""

    path: str = field(default="", metadata={"meaning": "Where to mirror the diary, images in the clear; empty: off."})


@hookimpl
def workdiary_config_type() -> type[Config]:
    """Return the table's type."""
    return Config


@hookimpl
def workdiary_register_uploaders(context: PluginContext) -> list[Folder]:
    """Offer the folder, if one is named."""
    if not context.config.path:
        return []
    path = Path(context.config.path).expanduser()
    if not path.is_absolute():
        raise ConfigError(
            f"[plugins.directory] path: {path} is not absolute", remedy="Write the whole path, or begin with ~/."
        )
    path = path.resolve()  # the root may be a link that the user made; nothing below it may be one
    if path.is_relative_to(context.state_directory.parent.parent.resolve()):
        raise ConfigError(
            "[plugins.directory] path: lies within the journal's own data", remedy="Choose another place."
        )
    return [Folder(path, context.state_directory)]
