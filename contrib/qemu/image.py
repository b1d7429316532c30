"""Make the machine's only file system: a Python, Workdiary with what it depends on, two kernel modules, busybox."""

from __future__ import annotations

import importlib.metadata
import os
import re
import shutil
import subprocess
import sys
import sysconfig
from pathlib import Path

HOUSE = Path(__file__).resolve().parents[2]
MODULES = ("evdev", "uinput")
SKIPPED = {"test", "tests", "site-packages", "idlelib", "tkinter", "lib2to3", "ensurepip", "turtledemo", "__pycache__"}
INIT = """#!/bin/busybox sh
/bin/busybox --install -s /bin
mount -t proc proc /proc; mount -t sysfs sysfs /sys; mount -t devtmpfs devtmpfs /dev; mount -t tmpfs tmpfs /tmp
ip link set lo up
for module in {modules}; do insmod /$module.ko; done
export PYTHONPATH=/site:{house}/core:{house}/plugins/evdev/src PYTHONDONTWRITEBYTECODE=1 HOME=/tmp
{python} {house}/contrib/qemu/guest.py
echo "GUEST ENDED $?"
poweroff -f
"""


class Image:
    """An archive in the form that the kernel unpacks (cpio, newc)."""

    def __init__(self, path: Path) -> None:
        self._file = path.open("wb")
        self._known: set[Path] = set()

    def folder(self, path: Path) -> None:
        if path not in self._known and path != Path("/"):
            self.folder(path.parent)
            self._known.add(path)
            self._write(path, 0o40755, b"")

    def text(self, path: Path, content: bytes, mode: int = 0o644) -> None:
        if path not in self._known:
            self.folder(path.parent)
            self._known.add(path)
            self._write(path, 0o100000 | mode, content)

    def file(self, source: Path, path: Path | None = None) -> None:
        self.text(path or source, source.read_bytes(), source.stat().st_mode & 0o755)

    def close(self) -> None:
        self._write(Path("TRAILER!!!"), 0, b"")
        self._file.close()

    def _write(self, path: Path, mode: int, content: bytes) -> None:
        name = str(path).lstrip("/").encode() + b"\0"
        numbers = (len(self._known), mode, 0, 0, 1, 0, len(content), 0, 0, 0, 0, len(name), 0)
        head = b"070701" + b"".join(b"%08X" % number for number in numbers) + name
        self._file.write(head + bytes(-len(head) % 4) + content + bytes(-len(content) % 4))


def busybox(image: Image) -> None:
    """Put the one program in that is a whole system."""
    image.file(Path(shutil.which("busybox")), Path("/bin/busybox"))


def needs(name: str, found: set[str]) -> set[str]:
    """Return the distributions that one depends on, itself included, as far as they are installed."""
    try:
        requires = importlib.metadata.requires(name) or []
    except importlib.metadata.PackageNotFoundError:
        return found
    found.add(name)
    for requirement in requires:
        other = re.match(r"[\w.-]+", requirement)[0]
        if "extra ==" not in requirement and other not in found:
            needs(other, found)
    return found


def libraries(paths: list[Path]) -> set[Path]:
    """Return the shared libraries that programs and modules are linked with, the loader included."""
    out = subprocess.run(["ldd", *map(str, paths)], capture_output=True, text=True, check=False).stdout
    return {Path(found) for found in re.findall(r"(?:=> |\t)(/\S+) \(0x", out)}


def make(path: Path, kernel: Path) -> None:
    image = Image(path)
    python = Path(sys.executable).resolve()
    linked = _python(image, python) + _site(image)
    for library in libraries(linked):
        image.file(library)
    for source in (HOUSE / "core", HOUSE / "plugins/evdev/src", HOUSE / "contrib/qemu"):
        for one in source.rglob("*"):
            if one.is_file() and "__pycache__" not in one.parts:
                image.file(one)
    for module in MODULES:
        (found,) = kernel.rglob(f"{module}.ko")
        image.file(found, Path(f"/{module}.ko"))
    busybox(image)
    for folder in ("/proc", "/sys", "/dev", "/tmp"):
        image.folder(Path(folder))
    image.text(Path("/etc/passwd"), b"root:x:0:0::/tmp:/bin/sh\nnobody:x:65534:65534::/:/bin/sh\n")
    init = INIT.format(modules=" ".join(MODULES), house=HOUSE, python=python)
    image.text(Path("/init"), init.encode(), 0o755)
    image.close()


def _python(image: Image, python: Path) -> list[Path]:
    """Put the interpreter and its library in; return what is linked with others."""
    wanted = [python]
    for folder, names, files in os.walk(sysconfig.get_path("stdlib")):
        names[:] = [name for name in names if name not in SKIPPED and not name.startswith("config-")]
        wanted += [Path(folder, name) for name in files]
    for one in wanted:
        image.file(one)
    return [one for one in wanted if one.suffix == ".so" or one == python]


def _site(image: Image) -> list[Path]:
    """Put the distributions in; return what is linked with others."""
    linked = []
    for name in needs("workdiary", set()) | {"workdiary-evdev"}:
        for file in importlib.metadata.files(name) or ():
            source = Path(file.locate())
            if source.is_file() and ".." not in file.parts and source.suffix not in {".pth", ".pyc"}:
                image.file(source, Path("/site", file))
                linked += [source] if ".so" in source.name else []
    return linked
