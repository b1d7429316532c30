"""Installed distributions that exist for one test only."""

from __future__ import annotations

import importlib.metadata
import os
import sys
from typing import TYPE_CHECKING, Any

from workdiary import config
from workdiary.paths import Home
from workdiary.plugins.manager import Plugins

if TYPE_CHECKING:
    from pathlib import Path

    import pytest


class Outsiders:
    """A private place in which plugins are installed; the host sees these and no others."""

    def __init__(self, directory: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.site = directory / "site"
        self.site.mkdir()
        self.home = Home.find({"WORKDIARY_HOME": str(directory / "home")})
        self._hosts: list[Plugins] = []
        self._modules: list[str] = []
        monkeypatch.syspath_prepend(str(self.site))
        paths = [str(self.site), os.environ.get("PYTHONPATH", "")]
        monkeypatch.setenv("PYTHONPATH", os.pathsep.join(path for path in paths if path))
        monkeypatch.setattr(importlib.metadata, "entry_points", self._entry_points)

    def add(self, name: str, source: str, *, distribution: str = "", version: str = "1.0") -> None:
        """Install a distribution with one plugin *name*, whose module is *source*."""
        distribution = distribution or f"workdiary-{name}"
        module = f"{distribution.replace('-', '_')}_module"
        self._modules.append(module)
        (self.site / f"{module}.py").write_text(source, encoding="utf-8")
        info = self.site / f"{distribution.replace('-', '_')}-{version}.dist-info"
        info.mkdir()
        metadata = f"Metadata-Version: 2.1\nName: {distribution}\nVersion: {version}\n"
        (info / "METADATA").write_text(metadata, encoding="utf-8")
        (info / "entry_points.txt").write_text(f"[workdiary]\n{name} = {module}\n", encoding="utf-8")

    def load(self, settings: str = "", **options: Any) -> Plugins:
        """Return a host that sees these plugins; ``close`` stops it."""
        host = Plugins.load(config.parse(settings), self.home, **options)
        self._hosts.append(host)
        return host

    def close(self) -> None:
        """Stop all hosts and forget the modules."""
        for host in self._hosts:
            host.stop()
        for module in self._modules:
            sys.modules.pop(module, None)

    def _entry_points(self, *, group: str) -> importlib.metadata.EntryPoints:
        found = importlib.metadata.distributions(path=[str(self.site)])
        every = importlib.metadata.EntryPoints(entry for item in found for entry in item.entry_points)
        return every.select(group=group)
