"""Windows' job objects: a process and all that it starts share a limit of memory and an end."""

from __future__ import annotations

import ctypes
from ctypes import wintypes
from typing import Any, ClassVar

KILL_ON_JOB_CLOSE, PROCESS_MEMORY = 0x2000, 0x100
SET_QUOTA_AND_TERMINATE = 0x0101
EXTENDED = 9  #: JobObjectExtendedLimitInformation


class _Basic(ctypes.Structure):
    _fields_: ClassVar = [
        ("per_process_time", ctypes.c_int64),
        ("per_job_time", ctypes.c_int64),
        ("flags", wintypes.DWORD),
        ("least_set", ctypes.c_size_t),
        ("most_set", ctypes.c_size_t),
        ("processes", wintypes.DWORD),
        ("affinity", ctypes.c_size_t),
        ("priority", wintypes.DWORD),
        ("scheduling", wintypes.DWORD),
    ]


class _Extended(ctypes.Structure):
    _fields_: ClassVar = [
        ("basic", _Basic),
        ("io", ctypes.c_uint64 * 6),
        ("process_memory", ctypes.c_size_t),
        ("job_memory", ctypes.c_size_t),
        ("peak_process", ctypes.c_size_t),
        ("peak_job", ctypes.c_size_t),
    ]


class Job:
    """A job that ends when its last handle is closed, which the end of our process does too.

    Source: learn.microsoft.com, "Job Objects".

    :param memory: bytes that each of its processes may commit.
    """

    def __init__(self, memory: int) -> None:
        self._kernel = _kernel()
        self._handle = self._kernel.CreateJobObjectW(None, None)
        limits = _Extended()
        limits.basic.flags = KILL_ON_JOB_CLOSE | PROCESS_MEMORY
        limits.process_memory = memory
        if not self._kernel.SetInformationJobObject(
            self._handle, EXTENDED, ctypes.byref(limits), ctypes.sizeof(limits)
        ):
            self.close()
            raise _error()

    def take(self, pid: int) -> None:
        """Put a process in."""
        process = self._kernel.OpenProcess(SET_QUOTA_AND_TERMINATE, False, pid)
        taken = process and self._kernel.AssignProcessToJobObject(self._handle, process)
        error = None if taken else _error()
        if process:
            self._kernel.CloseHandle(process)
        if error is not None:
            raise error

    def end(self) -> None:
        """End every process in it."""
        if self._handle:
            self._kernel.TerminateJobObject(self._handle, 1)

    def close(self) -> None:
        """Let go of it; what is still in it ends."""
        handle, self._handle = self._handle, None
        if handle:
            self._kernel.CloseHandle(handle)

    def __del__(self) -> None:
        self.close()


def _kernel() -> Any:
    kernel = ctypes.WinDLL("kernel32", use_last_error=True)  # type: ignore[attr-defined,unused-ignore]
    kernel.CreateJobObjectW.restype = wintypes.HANDLE
    kernel.CreateJobObjectW.argtypes = (wintypes.LPVOID, wintypes.LPCWSTR)
    kernel.SetInformationJobObject.argtypes = (wintypes.HANDLE, ctypes.c_int, wintypes.LPVOID, wintypes.DWORD)
    kernel.OpenProcess.restype = wintypes.HANDLE
    kernel.OpenProcess.argtypes = (wintypes.DWORD, wintypes.BOOL, wintypes.DWORD)
    kernel.AssignProcessToJobObject.argtypes = (wintypes.HANDLE, wintypes.HANDLE)
    kernel.TerminateJobObject.argtypes = (wintypes.HANDLE, wintypes.UINT)
    kernel.CloseHandle.argtypes = (wintypes.HANDLE,)
    return kernel


def _error() -> OSError:
    error: OSError = ctypes.WinError(ctypes.get_last_error())  # type: ignore[attr-defined,unused-ignore]
    return error
