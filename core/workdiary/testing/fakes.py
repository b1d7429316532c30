"""Stand-ins that tests of plugins and of core share."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from workdiary.payloads import InputCounts
from workdiary.uploader import Rejected, Stored, TransientError

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from workdiary.payloads import Unknown
    from workdiary.uploader import Item


class ManualClock:
    """A clock in seconds that only moves when told."""

    def __init__(self, now: float = 0.0) -> None:
        self.now = now

    def __call__(self) -> float:
        """Return the time."""
        return self.now

    def advance(self, seconds: float) -> None:
        """Let time pass."""
        if seconds < 0:
            raise ValueError("a monotonic clock does not run backwards")
        self.now += seconds


class ScriptedInput:
    """An input meter whose user is a script."""

    def __init__(self, since: str = "script") -> None:
        self.since = since
        self._total = {"keys": 0, "clicks": 0, "scrolls": 0}
        self._unknown: Unknown | None = None

    def press(self, keys: int = 0, clicks: int = 0, scrolls: int = 0) -> None:
        """Add to the odometers."""
        for name, count in (("keys", keys), ("clicks", clicks), ("scrolls", scrolls)):
            self._total[name] += count

    def restart(self, since: str) -> None:
        """Begin a new counting run at zero, as after a reconnect."""
        self.since = since
        self._total = dict.fromkeys(self._total, 0)

    def blind(self, reason: Unknown | None) -> None:
        """Answer with *reason* from now on; None: see again."""
        self._unknown = reason

    def read(self) -> InputCounts | Unknown:
        """Return what ``workdiary_count_input`` would."""
        return self._unknown or InputCounts(since=self.since, **self._total)


class FlakyUploader:
    """A backend in memory that fails as the script says: an error for each delivery, or None to take it."""

    def __init__(
        self, script: Iterable[Exception | None] = (), *, name: str = "flaky", rejects: Iterable[int] = ()
    ) -> None:
        self._name = name
        self._script = iter(script)
        self._rejects = frozenset(rejects)
        self.kept: dict[tuple[str, int], bytes] = {}
        self.deliveries = 0
        self.closed = 0

    @property
    def name(self) -> str:
        """The name that the cursor goes by."""
        return self._name

    def deliver(self, items: Sequence[Item]) -> Sequence[Stored | Rejected]:
        """Fail as the script says, or keep the items."""
        self.deliveries += 1
        error = next(self._script, None)
        if error is not None:
            raise error
        return [self._take(item) for item in items]

    def close(self) -> None:
        """Count how often it was closed."""
        self.closed += 1

    def _take(self, item: Item) -> Stored | Rejected:
        if item.number in self._rejects:
            return Rejected(number=item.number, reason="scripted")
        body = self.kept.setdefault((item.chain, item.seq), item.body)
        return Stored(number=item.number, digest=hashlib.sha256(body).digest())


def outage(times: int) -> list[Exception | None]:
    """Return a script of so many transient failures."""
    return [TransientError("scripted outage") for _ in range(times)]
