"""What is asked of Windows, and no more. All logic is above, and runs on any system against a fake of this."""

from __future__ import annotations

import ctypes
from ctypes import wintypes as w
from typing import TYPE_CHECKING, Any

from workdiary_windows.calls import ENUMMONITORS, ENUMWINDOWS, WNDPROC, LastInput, MonitorInfo, WindowClass, load
from workdiary_windows.messages import WM_CLOSE

if TYPE_CHECKING:
    from collections.abc import Callable

_QS_ALLINPUT, _PM_REMOVE = 0x04FF, 1
_QUERY_LIMITED = 0x1000  #: PROCESS_QUERY_LIMITED_INFORMATION: a program's name and nothing else of it
_SESSION_INFO_EX, _THIS_SESSION = 25, 0xFFFFFFFF
_SESSION_FLAGS = 16  #: offset of SessionFlags in WTSINFOEXW: level, alignment, session, state
_CLOAKED = 14
_LONGEST_PATH = 32768
_PER_MONITOR = 2


class Win32:
    """Windows, as far as the plugin asks it."""

    def __init__(self) -> None:
        self.call = load()
        self.call.SetProcessDpiAwareness(_PER_MONITOR)  # else places are not in pixels; fails if somebody did it before

    def tick(self) -> int:
        """Return the counter of milliseconds, 32 bits."""
        return int(self.call.GetTickCount())

    def last_input(self) -> int:
        """Return what the counter showed at the last input of this session.

        :raises OSError: it is not told.
        """
        told = LastInput(size=ctypes.sizeof(LastInput))
        if not self.call.GetLastInputInfo(ctypes.byref(told)):
            raise OSError("Windows does not tell the last input")
        return int(told.time)

    def foreground(self) -> int:
        """Return the window that has the focus; 0: none, or one that nobody may see."""
        return int(self.call.GetForegroundWindow() or 0)

    def title(self, window: int) -> str:
        """Return a window's title; empty for one that is gone."""
        text = ctypes.create_unicode_buffer(512)
        self.call.GetWindowTextW(window, text, len(text))
        return text.value

    def program(self, window: int) -> str:
        """Return the name of a window's program, without its folder and without its suffix; empty if it is not told."""
        process = w.DWORD()
        self.call.GetWindowThreadProcessId(window, ctypes.byref(process))
        handle = self.call.OpenProcess(_QUERY_LIMITED, False, process.value) if process.value else None
        if not handle:
            return ""
        path, size = ctypes.create_unicode_buffer(_LONGEST_PATH), w.DWORD(_LONGEST_PATH)
        found = self.call.QueryFullProcessImageNameW(handle, 0, path, ctypes.byref(size))
        self.call.CloseHandle(handle)
        return path.value.rpartition("\\")[2].removesuffix(".exe") if found else ""

    def windows(self) -> list[int]:
        """Return the windows that show something, top first."""
        found: list[int] = []

        def note(window: int, _: int) -> bool:
            if self.call.IsWindowVisible(window) and not self.call.IsIconic(window) and not self._is_cloaked(window):
                found.append(int(window))
            return True

        self.call.EnumWindows(ENUMWINDOWS(note), 0)
        return found

    def place(self, window: int) -> tuple[int, int, int, int]:
        """Return left, top, right and bottom of a window, its frame included; all 0 for one that is gone."""
        rect = w.RECT()
        self.call.GetWindowRect(window, ctypes.byref(rect))
        return rect.left, rect.top, rect.right, rect.bottom

    def monitors(self) -> list[tuple[str, bool, tuple[int, int, int, int]]]:
        """Return of each monitor its name, whether it is the first, and left, top, right and bottom."""
        found = []

        def note(monitor: int, _dc: int, _rect: Any, _: int) -> bool:
            info = MonitorInfo(size=ctypes.sizeof(MonitorInfo))
            if self.call.GetMonitorInfoW(monitor, ctypes.byref(info)):
                rect = info.place
                found.append((str(info.name), bool(info.flags & 1), (rect.left, rect.top, rect.right, rect.bottom)))
            return True

        self.call.EnumDisplayMonitors(None, None, ENUMMONITORS(note), 0)
        return found

    def is_locked(self) -> bool | None:
        """Return whether the session is locked; None where it is not told."""
        data, size = ctypes.c_void_p(), w.DWORD()
        asked = (None, _THIS_SESSION, _SESSION_INFO_EX, ctypes.byref(data), ctypes.byref(size))
        if not self.call.WTSQuerySessionInformationW(*asked) or not data.value:
            return None
        told = ctypes.string_at(data.value, size.value)
        self.call.WTSFreeMemory(data)
        flags = int.from_bytes(told[_SESSION_FLAGS : _SESSION_FLAGS + 4], "little")
        return {0: True, 1: False}.get(flags)

    def listen(self, hear: Callable[[int, int], int | None]) -> Listener:
        """Open a window that nobody sees, to which Windows tells what happens to session and machine.

        :param hear: called with message and parameter by ``Listener.wait``; returns an answer, or None for the usual.
        """
        return Listener(self.call, hear)

    def _is_cloaked(self, window: int) -> bool:
        cloaked = w.DWORD()
        failed = self.call.DwmGetWindowAttribute(window, _CLOAKED, ctypes.byref(cloaked), ctypes.sizeof(cloaked))
        return not failed and bool(cloaked.value)


class Listener:
    """A hidden window of this thread; one for messages only would not be told of power and of the session's end."""

    def __init__(self, call: Any, hear: Callable[[int, int], int | None]) -> None:
        self._call = call
        self._hear = hear
        self._name = f"workdiary-{id(self):x}"
        self._procedure = WNDPROC(self._on_message)  # Windows calls it as long as there is the window
        kind = WindowClass(procedure=self._procedure, name=self._name)
        call.RegisterClassW(ctypes.byref(kind))
        self._window = call.CreateWindowExW(0, self._name, self._name, 0, 0, 0, 0, 0, None, None, None, None)
        if not self._window:
            raise OSError("Windows opens no window to hear by")
        call.WTSRegisterSessionNotification(self._window, 0)

    def wait(self, seconds: float) -> None:
        """Wait for messages, no longer than so, and have them heard."""
        message = w.MSG()
        self._call.MsgWaitForMultipleObjects(0, None, False, int(seconds * 1000), _QS_ALLINPUT)
        while self._call.PeekMessageW(ctypes.byref(message), None, 0, 0, _PM_REMOVE):
            self._call.DispatchMessageW(ctypes.byref(message))

    def interrupt(self) -> None:
        """Let ``wait`` in another thread hear WM_CLOSE."""
        self._call.PostMessageW(self._window, WM_CLOSE, 0, 0)

    def close(self) -> None:
        """Close the window, on the thread that opened it."""
        self._call.DestroyWindow(self._window)
        self._call.UnregisterClassW(self._name, None)

    def _on_message(self, window: int, message: int, parameter: int, more: int) -> int:
        answer = self._hear(message, parameter)
        return int(self._call.DefWindowProcW(window, message, parameter, more)) if answer is None else answer
