"""The settings as people see and change them: core's and those of plugins, each checked against its own type."""

from __future__ import annotations

import tomllib
from typing import TYPE_CHECKING, Any

from workdiary import config
from workdiary.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

#: When a change is taken up; said after each.
TAKEN_UP = "A running tracker takes it up at its next start, filters at the next snapshot."


class SettingsFile:
    """It, seen through the types of the plugins that are installed."""

    def __init__(self, path: Path, types: Mapping[str, type]) -> None:
        self._path = path
        self._types = types

    def known(self) -> list[config.Setting]:
        """Return every setting there is."""
        own = [one for name in sorted(self._types) for one in self._of(name)]
        return [*config.list_settings(), *own]

    def value(self, key: str) -> Any:
        """Return what the file says, or the default; ConfigError or UsageError if there is no such setting."""
        config.load(self._path)
        found = self._in_file(key)
        for one in self.known():
            if one.key == key:
                return one.default if found is None else found
        if found is None or isinstance(found, dict):
            raise UsageError(f'there is no setting "{key}"', remedy="workdiary config list")
        return found  # of a plugin that is left out

    def is_set(self, key: str) -> bool:
        """Say whether the file names the setting."""
        return self._in_file(key) is not None

    def set(self, key: str, text: str) -> None:
        """Set *key* to *text*; ConfigError or UsageError says why not, and then nothing was written."""
        head, _, rest = key.partition(".")
        plugin, _, last = rest.partition(".")
        # A plugin that is left out because of its table can be mended; its type is not known then.
        if head == "plugins" and last and plugin not in self._types and self._in_file(f"plugins.{plugin}") is None:
            raise UsageError(
                f'there is no setting "{key}"',
                remedy="Is the plugin installed and enabled? See: workdiary plugins",
            )
        config.set_value(self._path, key, text, check=self._check)

    def unset(self, key: str) -> None:
        """Go back to the default of *key*, also of one that is no setting any more."""
        config.unset_value(self._path, key)

    def _check(self, new: config.Settings) -> None:
        for name, kind in self._types.items():
            config.read_table(kind, new.plugins.tables.get(name, {}), f"{self._path.name}: [plugins.{name}]")

    def _of(self, plugin: str) -> list[config.Setting]:
        return list(config.list_settings(self._types[plugin], f"plugins.{plugin}."))

    def _in_file(self, key: str) -> Any:
        tree: Any = tomllib.loads(self._path.read_text(encoding="utf-8")) if self._path.exists() else {}
        for part in key.split("."):
            tree = tree.get(part) if isinstance(tree, dict) else None
        return tree
