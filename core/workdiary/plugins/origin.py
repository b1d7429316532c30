"""Where plugins come from: entry points of installed distributions, and what is built in."""

from __future__ import annotations

from dataclasses import dataclass, field
from pkgutil import resolve_name
from typing import TYPE_CHECKING, Any

from workdiary.builtin import BUILTIN

if TYPE_CHECKING:
    from collections.abc import Iterator
    from importlib.metadata import Distribution

GROUP = "workdiary"


@dataclass(frozen=True, kw_only=True)
class Origin:
    """One plugin before it is imported."""

    name: str  #: of the entry point; the user's settings go by it
    value: str  #: "package.module" or "package.module:object"
    builtin: bool = False
    dist: Distribution | None = field(default=None, repr=False)

    # Both read the distribution's metadata, which takes a millisecond: only when somebody asks.
    @property
    def distribution(self) -> str:
        """The name that ``pip list`` shows."""
        return str(self.dist.metadata["Name"]) if self.dist else GROUP

    @property
    def version(self) -> str:
        """The distribution's version."""
        if self.dist:
            return str(self.dist.version)
        from importlib.metadata import PackageNotFoundError, version

        try:
            return version(GROUP)
        except PackageNotFoundError:
            return ""

    @property
    def title(self) -> str:
        """Name, distribution and version, for messages."""
        return f"{self.name} ({self.distribution} {self.version})"

    def resolve(self) -> Any:
        """Import the plugin and return it; whatever its import raises comes through."""
        return resolve_name(self.value)


def find_plugins(*, safe_mode: bool) -> Iterator[Origin]:
    """Yield what is built in and, unless in *safe_mode*, all installed plugins by name."""
    for module in BUILTIN:
        yield Origin(name=module.rpartition(".")[2], value=module, builtin=True)
    if safe_mode:
        return
    from importlib.metadata import entry_points

    found = {(entry.name, entry.value): entry for entry in entry_points(group=GROUP)}
    for key in sorted(found):
        entry = found[key]
        yield Origin(name=entry.name, value=entry.value, dist=entry.dist)
