"""Who told each field last, and how long ago: what the tracker says of its sources."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from workdiary.payloads import Unknown

if TYPE_CHECKING:
    from workdiary.plugins.answer import Answer


class Told:
    """Remembers of each field the last real reading, and why there is none now."""

    def __init__(self) -> None:
        self._last: dict[str, tuple[str, int]] = {}  # field: plugin, and when by the monotonic clock in ms
        self._why: dict[str, str | None] = {}

    def note(self, field: str, answer: Answer[Any], mono_ms: int) -> None:
        """Take what came at a tick."""
        if isinstance(answer.value, Unknown):
            self._why[field] = answer.value.reason
        else:
            self._last[field], self._why[field] = (answer.plugin, mono_ms), None

    def view(self, mono_ms: int) -> dict[str, dict[str, Any]]:
        """Return of each field its last source (None: there was none), that reading's age, and why it is unknown."""
        return {field: self._view(field, why, mono_ms) for field, why in self._why.items()}

    def _view(self, field: str, why: str | None, mono_ms: int) -> dict[str, Any]:
        plugin, at = self._last.get(field, (None, mono_ms))
        return {"source": plugin, "age_seconds": (mono_ms - at) // 1000 if plugin else None, "unknown": why}
