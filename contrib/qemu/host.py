"""Start the machine, wake it when it sleeps, and judge what it says."""

from __future__ import annotations

import json
import socket
import sys
import tempfile
import threading
import time
from pathlib import Path

from image import make
from machine import ENDED, started

LONGEST = 600  #: seconds for everything
ASLEEP = 20  #: seconds that the machine is left asleep
MORE = "-m 1024 -smp 1 -rtc base=utc"


def wake_after_sleep(path: Path) -> None:
    """Follow the machine's events, and press its power button when it has slept long enough."""
    with socket.socket(socket.AF_UNIX) as control:
        control.connect(str(path))
        control.sendall(b'{"execute": "qmp_capabilities"}\n')
        for line in control.makefile():
            if json.loads(line).get("event") == "SUSPEND":
                time.sleep(ASLEEP)
                control.sendall(b'{"execute": "system_wakeup"}\n')


def main() -> int:
    kernel = Path(sys.argv[1])
    results: list[dict[str, object]] = []
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        make(folder / "image", kernel)
        control = folder / "qmp"
        more = f"{MORE} -qmp unix:{control},server,nowait"
        with started(kernel, folder / "image", more, quiet="no_console_suspend", longest=LONGEST) as machine:
            while not control.exists() and machine.poll() is None:
                time.sleep(0.05)
            threading.Thread(target=wake_after_sleep, args=(control,), daemon=True).start()
            ended = False
            for line in machine.stdout:
                if line.startswith("RESULT "):
                    results.append(json.loads(line.removeprefix("RESULT ")))
                    one = results[-1]
                    print("ok  " if one["ok"] else "BAD ", one["what"], "|", one["figures"], flush=True)
                elif line.strip():
                    print("     " + line.rstrip(), file=sys.stderr, flush=True)
                ended |= line.startswith(ENDED)
    good = ended and all(one["ok"] for one in results)
    print(
        f"{sum(bool(one['ok']) for one in results)} of {len(results)} as promised"
        + ("" if ended else "; the run was cut short")
    )
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
