"""Limit what a process that holds pixels can leave behind or take away."""

from __future__ import annotations

import os
import sys

from workdiary.process import no_core_dumps

MEMORY = 2 << 30  #: bytes of address space
NICE = 5


def harden() -> None:
    """Make this process polite and bounded, its files private, and its memory unreadable to other processes."""
    import resource

    os.umask(0o077)
    os.nice(NICE)
    _limit(resource.RLIMIT_CORE, 0)
    no_core_dumps()  # the limit alone does not stop one that is piped into a program
    if sys.platform == "linux":
        _limit(resource.RLIMIT_AS, MEMORY)


def _limit(what: int, wanted: int) -> None:
    import resource

    hard = resource.getrlimit(what)[1]
    limit = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
    resource.setrlimit(what, (limit, limit))
