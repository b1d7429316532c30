"""What a process of ours may take, and what it has used."""

from __future__ import annotations

import os
import sys
import time

NICE = 5

if sys.platform == "win32":
    BELOW_NORMAL = 0x4000

    def limit_memory(size: int) -> None:
        """The job that holds the process has the limit already."""
        del size

    def no_core_files() -> None:
        """Have a fault end the process at once: no report of it is written, which would hold its memory."""
        import ctypes

        ctypes.windll.kernel32.SetErrorMode(0x0001 | 0x0002)  # SEM_FAILCRITICALERRORS, SEM_NOGPFAULTERRORBOX

    def be_nice() -> None:
        """Let others have the processor first."""
        import ctypes

        kernel = ctypes.windll.kernel32
        kernel.SetPriorityClass(ctypes.c_void_p(kernel.GetCurrentProcess()), BELOW_NORMAL)

    def cpu_ms() -> float:
        """Return what this process has used; programs that it ran are not in it."""
        return time.process_time_ns() / 1e6

    def claim(descriptor: int, size: int) -> None:
        """Give a file so many bytes of the disk: NTFS has them taken when the last is written."""
        os.ftruncate(descriptor, size)

else:
    import resource

    def limit_memory(size: int) -> None:
        """Bound the address space; macOS takes no such limit."""
        if sys.platform == "linux":
            _limit(resource.RLIMIT_AS, size)

    def no_core_files() -> None:
        """Have a fault leave no file with the memory of the process."""
        _limit(resource.RLIMIT_CORE, 0)

    def be_nice() -> None:
        """Let others have the processor first."""
        os.nice(NICE)

    def cpu_ms() -> float:
        """Return what this process has used, with the programs that it ran."""
        used = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
        return sum(each.ru_utime + each.ru_stime for each in used) * 1000

    def claim(descriptor: int, size: int) -> None:
        """Give a file so many bytes of the disk."""
        if sys.platform == "linux":
            os.posix_fallocate(descriptor, 0, size)
        else:
            os.ftruncate(descriptor, size)

    def _limit(what: int, wanted: int) -> None:
        hard = resource.getrlimit(what)[1]
        limit = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
        resource.setrlimit(what, (limit, limit))
