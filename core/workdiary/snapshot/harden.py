"""Limit what a process that holds pixels can leave behind or take away."""

from __future__ import annotations

import os

from workdiary.process import no_core_dumps

MEMORY = 2 << 30  #: bytes of address space


def harden() -> None:
    """Make this process polite and bounded, its files private, and its memory unreadable to other processes."""
    from workdiary.system import limits  # not for the tracker, which imports this for the number

    os.umask(0o077)
    limits.be_nice()
    limits.no_core_files()
    no_core_dumps()  # the limit alone does not stop one that is piped into a program
    limits.limit_memory(MEMORY)
