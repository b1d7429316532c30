"""Bring up a screen, a wine on it, and run the tests of the Windows plugins in its Python."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from workdiary.testing.desktop import VirtualDesktop

HOUSE = Path(__file__).resolve().parents[2]
PLACE = HOUSE / ".venv-wine"
PYTHON = PLACE / "python" / "cp311"
PLUGINS = ("windows", "pynput", "mss", "pywinctl")
SOURCES = [HOUSE / "core", *(HOUSE / "plugins" / name / "src" for name in PLUGINS)]
TESTS = HOUSE / "plugins" / "windows" / "tests"
QUIET = {"WINEDEBUG": "-all", "WINEDLLOVERRIDES": "mscoree=;mshtml=;winemenubuilder.exe="}


def main() -> int:
    """Return what pytest returns."""
    site = PYTHON / "Lib" / "site-packages"
    (site / "workdiary.pth").write_text("".join(f"{dos(source)}\n" for source in SOURCES))
    for name in PLUGINS:  # the sources are used where they lie; these are their entry points
        info = site / f"workdiary_{name}-0.1.0.dist-info"
        info.mkdir(exist_ok=True)
        (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: workdiary-{name}\nVersion: 0.1.0\n")
        (info / "entry_points.txt").write_text(f"[workdiary]\n{name} = workdiary_{name}\n")
    (PYTHON / "python311._pth").write_text("python311.zip\n.\nLib\\site-packages\nimport site\n")
    with VirtualDesktop(1920, 1080) as desktop:
        env = {
            **desktop.env(),
            **QUIET,
            "WINEPREFIX": str(PLACE / "prefix"),
            "PATH": f"/usr/lib/wine:{os.environ['PATH']}",
        }
        try:
            run(env, "wineboot", "--init")
            tests = [dos(path) for path in sorted(TESTS.glob("test_*.py"))]
            options = ["-p", "no:cacheprovider", "-q", "-rs", "-s", "-c", "NUL", *tests, *sys.argv[1:]]
            return run(env, str(PYTHON / "python.exe"), "-X", "faulthandler", "-m", "pytest", *options)
        finally:
            subprocess.run(["wineserver", "--kill"], env=env, check=False)


def run(env: dict[str, str], *command: str) -> int:
    """Run a program for Windows; wine wants pipes for its output, and no terminal."""
    wine = subprocess.Popen(
        ["wine64", *command], env=env, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
    )
    assert wine.stdout is not None
    for line in wine.stdout:
        sys.stdout.write(line.decode(errors="replace").replace("\r", ""))
        sys.stdout.flush()
    return wine.wait()


def dos(path: Path) -> str:
    """Return a path as wine knows it."""
    return "Z:" + str(path).replace("/", "\\")


if __name__ == "__main__":
    sys.exit(main())
