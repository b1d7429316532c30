"""How long to wait after a failure: full jitter, for ever."""

from __future__ import annotations

import math
import random
from typing import Any

FIRST_S = 1.0
LONGEST_S = 900.0
#: A backend may ask for a longer pause than ours, but not for ever.
LONGEST_ASKED_S = 86_400.0


class Backoff:
    """Doubles the ceiling at each failure; the wait is drawn below it, so that many devices do not come at once."""

    def __init__(self, rng: random.Random | None = None) -> None:
        self._rng = rng or random.Random()
        self._failures = 0

    def reset(self) -> None:
        """It went well."""
        self._failures = 0

    def wait(self, asked: Any = None) -> float:
        """Return the seconds to wait after one more failure, at least what the backend *asked* for."""
        ceiling = min(LONGEST_S, FIRST_S * 2.0 ** min(self._failures, 20))
        self._failures += 1
        drawn = self._rng.uniform(0, ceiling)
        if not isinstance(asked, int | float) or not math.isfinite(asked):  # a stranger's header
            return drawn
        return max(drawn, min(asked, LONGEST_ASKED_S))
