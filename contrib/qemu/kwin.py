"""Start a machine whose system is the Debian 13 of contrib/desktops/root, lent by this one, and run tests in it."""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path

from image import HOUSE, Image, busybox
from machine import ENDED, started

LONGEST = 1200  #: seconds for everything
MODULES = ("virtio_pci", "9pnet_virtio", "9p", "vgem")
ROOT = HOUSE / ".venv-desktops" / "root"
PYTHON = Path(sys.base_prefix)
MORE = "-m 3072 -smp 2 -virtfs local,path=/,mount_tag=host,security_model=none,readonly=on,multidevs=remap"
#: Host files are read only; what the tests write is in memory, and gone with the machine.
INIT = """#!/bin/busybox sh
/bin/busybox --install -s /bin
mount -t proc proc /proc; mount -t sysfs sysfs /sys; mount -t devtmpfs devtmpfs /dev
for module in /modules/*; do insmod $module; done
mount -t 9p -o trans=virtio,version=9p2000.L,msize=1048576,cache=loose,ro host /host
cd /host{root}
mkdir -p /dev/shm /dev/pts
mount -t proc proc proc; mount -t sysfs sysfs sys; mount --bind /dev dev
mount -t tmpfs tmpfs dev/shm; mount -t devpts devpts dev/pts
for place in tmp run root mnt; do mount -t tmpfs tmpfs $place; done
mkdir -p .{python} mnt/bin
mount --bind /host{python} .{python}; mount --bind /host{house} .{house}
ip link set lo up
ln -s /usr/bin/kbuildsycoca6 mnt/bin/kbuildsycoca5
export PATH=/mnt/bin:/usr/bin:/bin:/usr/sbin:/sbin HOME=/tmp LANG=C.UTF-8 PYTHONDONTWRITEBYTECODE=1
export MESA_SHADER_CACHE_DIR=/tmp/mesa LP_NATIVE_VECTOR_WIDTH=128 WORKDIARY_TEST_PATIENCE=15
chroot . /usr/bin/kwin_wayland --version
chroot . /bin/sh -c 'cd {house} && exec .venv-test/bin/python -m pytest -n0 -p no:cacheprovider -q --color=no {tests}'
echo "GUEST ENDED $?"
poweroff -f
"""
TESTS = "plugins/kde/tests/test_picture.py"


def main() -> int:
    """Return 0 if the tests passed."""
    kernel = Path(sys.argv[1])
    if PYTHON.is_relative_to("/usr") and not PYTHON.is_relative_to("/usr/local"):
        print(
            "The Python of .venv-test lies in /usr, where the other system has its own: make it with another PYTHON=."
        )
        return 2
    (ROOT / HOUSE.relative_to("/")).mkdir(parents=True, exist_ok=True)
    (ROOT / PYTHON.relative_to("/")).mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as name:
        image = Path(name) / "image"
        make(image, kernel)
        good = False
        with started(kernel, image, MORE, longest=LONGEST) as machine:
            for line in machine.stdout:
                print(line.rstrip(), flush=True)
                good |= line.startswith(ENDED)
    return 0 if good else 1


def make(path: Path, kernel: Path) -> None:
    """Make the archive that the machine begins with: busybox, and modules, each after those it needs."""
    image = Image(path)
    busybox(image)
    for number, module in enumerate(in_order(kernel)):
        image.file(module, Path(f"/modules/{number:02}.ko"))
    for folder in ("/proc", "/sys", "/dev", "/host"):
        image.folder(Path(folder))
    image.text(Path("/init"), INIT.format(root=ROOT, house=HOUSE, python=PYTHON, tests=TESTS).encode(), 0o755)
    image.close()


def in_order(kernel: Path) -> list[Path]:
    """Return the modules and all that they need."""
    (place,) = (kernel / "lib" / "modules").iterdir()
    subprocess.run(["busybox", "depmod", "-b", str(kernel), place.name], check=True)
    needs = dict(line.split(":") for line in (place / "modules.dep").read_text().splitlines())
    found: dict[str, None] = {}

    def take(module: str) -> None:
        for other in reversed(needs[module].split()):
            take(other)
        found.setdefault(module)

    for name in MODULES:
        take(next(module for module in needs if Path(module).stem.replace("-", "_") == name))
    return [place / module for module in found]


if __name__ == "__main__":
    sys.exit(main())
