"""The value under HKCU's Run key on Windows. Run under wine, by plugins/windows."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import PureWindowsPath
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from workdiary.autostart.launch import Launch

KEY = r"Software\Microsoft\Windows\CurrentVersion\Run"
NAME = "Workdiary"


def value(launch: Launch) -> str:
    """Return the command line, by the interpreter that opens no console. The key knows no environment."""
    python = PureWindowsPath(launch.command[0])
    quiet = python.with_name("pythonw.exe") if python.name.lower() == "python.exe" else python
    return subprocess.list2cmdline([str(quiet), *launch.command[1:]])


def command_of(line: str) -> tuple[str, ...]:
    """Return the words of a value of ours: a path cannot hold a quotation mark there."""
    return tuple(quoted or bare for quoted, bare in re.findall(r'"([^"]*)"|(\S+)', line))


def store(line: str) -> None:
    """Write the value; an empty one removes it."""
    if sys.platform == "win32":
        import winreg

        with winreg.OpenKey(winreg.HKEY_CURRENT_USER, KEY, 0, winreg.KEY_SET_VALUE) as key:
            if line:
                winreg.SetValueEx(key, NAME, 0, winreg.REG_SZ, line)
            else:
                winreg.DeleteValue(key, NAME)


def stored() -> str:
    """Return the value, "" if there is none."""
    if sys.platform == "win32":
        import winreg

        try:
            with winreg.OpenKey(winreg.HKEY_CURRENT_USER, KEY) as key:
                return str(winreg.QueryValueEx(key, NAME)[0])
        except FileNotFoundError:
            return ""
    return ""
