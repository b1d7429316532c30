"""The functions of Windows that are called, with their signatures."""

from __future__ import annotations

import ctypes
from ctypes import wintypes as w
from types import SimpleNamespace
from typing import Any

_function: Any = getattr(ctypes, "WINFUNCTYPE", ctypes.CFUNCTYPE)
WNDPROC = _function(ctypes.c_ssize_t, w.HWND, w.UINT, w.WPARAM, w.LPARAM)
ENUMWINDOWS = _function(w.BOOL, w.HWND, w.LPARAM)
ENUMMONITORS = _function(w.BOOL, w.HMONITOR, w.HDC, ctypes.POINTER(w.RECT), w.LPARAM)


class LastInput(ctypes.Structure):
    """LASTINPUTINFO."""

    _fields_ = (("size", w.UINT), ("time", w.DWORD))


class WindowClass(ctypes.Structure):
    """WNDCLASSW."""

    _fields_ = (
        ("style", w.UINT), ("procedure", WNDPROC), ("extra", ctypes.c_int), ("window_extra", ctypes.c_int),
        ("instance", w.HINSTANCE), ("icon", w.HICON), ("cursor", w.HANDLE), ("background", w.HBRUSH),
        ("menu", w.LPCWSTR), ("name", w.LPCWSTR),
    )  # fmt: skip


class MonitorInfo(ctypes.Structure):
    """MONITORINFOEXW."""

    _fields_ = (("size", w.DWORD), ("place", w.RECT), ("work", w.RECT), ("flags", w.DWORD), ("name", w.WCHAR * 32))


_SIGNATURES: dict[str, tuple[Any, tuple[Any, ...]]] = {
    "user32.GetForegroundWindow": (w.HWND, ()),
    "user32.GetWindowTextW": (ctypes.c_int, (w.HWND, w.LPWSTR, ctypes.c_int)),
    "user32.GetWindowThreadProcessId": (w.DWORD, (w.HWND, ctypes.POINTER(w.DWORD))),
    "user32.GetLastInputInfo": (w.BOOL, (ctypes.POINTER(LastInput),)),
    "user32.IsWindowVisible": (w.BOOL, (w.HWND,)),
    "user32.IsIconic": (w.BOOL, (w.HWND,)),
    "user32.GetWindowRect": (w.BOOL, (w.HWND, ctypes.POINTER(w.RECT))),
    "user32.EnumWindows": (w.BOOL, (ENUMWINDOWS, w.LPARAM)),
    "user32.EnumDisplayMonitors": (w.BOOL, (w.HDC, ctypes.c_void_p, ENUMMONITORS, w.LPARAM)),
    "user32.GetMonitorInfoW": (w.BOOL, (w.HMONITOR, ctypes.POINTER(MonitorInfo))),
    "user32.RegisterClassW": (w.ATOM, (ctypes.POINTER(WindowClass),)),
    "user32.UnregisterClassW": (w.BOOL, (w.LPCWSTR, w.HINSTANCE)),
    "user32.CreateWindowExW": (
        w.HWND,
        (w.DWORD, w.LPCWSTR, w.LPCWSTR, w.DWORD, *(ctypes.c_int,) * 4, w.HWND, w.HMENU, w.HINSTANCE, w.LPVOID),
    ),
    "user32.DestroyWindow": (w.BOOL, (w.HWND,)),
    "user32.DefWindowProcW": (ctypes.c_ssize_t, (w.HWND, w.UINT, w.WPARAM, w.LPARAM)),
    "user32.MsgWaitForMultipleObjects": (w.DWORD, (w.DWORD, ctypes.c_void_p, w.BOOL, w.DWORD, w.DWORD)),
    "user32.PeekMessageW": (w.BOOL, (ctypes.POINTER(w.MSG), w.HWND, w.UINT, w.UINT, w.UINT)),
    "user32.DispatchMessageW": (ctypes.c_ssize_t, (ctypes.POINTER(w.MSG),)),
    "user32.PostMessageW": (w.BOOL, (w.HWND, w.UINT, w.WPARAM, w.LPARAM)),
    "kernel32.GetTickCount": (w.DWORD, ()),
    "kernel32.OpenProcess": (w.HANDLE, (w.DWORD, w.BOOL, w.DWORD)),
    "kernel32.CloseHandle": (w.BOOL, (w.HANDLE,)),
    "kernel32.QueryFullProcessImageNameW": (w.BOOL, (w.HANDLE, w.DWORD, w.LPWSTR, ctypes.POINTER(w.DWORD))),
    "wtsapi32.WTSRegisterSessionNotification": (w.BOOL, (w.HWND, w.DWORD)),
    "wtsapi32.WTSQuerySessionInformationW": (
        w.BOOL,
        (w.HANDLE, w.DWORD, ctypes.c_int, ctypes.POINTER(ctypes.c_void_p), ctypes.POINTER(w.DWORD)),
    ),
    "wtsapi32.WTSFreeMemory": (None, (ctypes.c_void_p,)),
    "dwmapi.DwmGetWindowAttribute": (ctypes.c_long, (w.HWND, w.DWORD, ctypes.c_void_p, w.DWORD)),
    "shcore.SetProcessDpiAwareness": (ctypes.c_long, (ctypes.c_int,)),
}


def load() -> Any:
    """Return the functions by their names."""
    loader: Any = ctypes.WinDLL  # type: ignore[attr-defined, unused-ignore]  # on Windows
    libraries: dict[str, Any] = {}
    found = SimpleNamespace()
    for name, (result, arguments) in _SIGNATURES.items():
        library, _, function = name.partition(".")
        if library not in libraries:
            libraries[library] = loader(library)
        call = getattr(libraries[library], function)
        call.restype, call.argtypes = result, arguments
        setattr(found, function, call)
    return found
