"""The snapshot process: one request from standard input, one result to standard output, and the end.

Started as ``python -P -m workdiary.snapshot.worker``. Plugins cannot speak on its standard output.
"""

from __future__ import annotations

import gc
import os
import sys
from typing import TYPE_CHECKING

from workdiary.snapshot.harden import harden

if TYPE_CHECKING:
    from workdiary.snapshot.messages import Request, Result


def main() -> None:
    """Serve one request. Anything that goes wrong beyond the pipeline is an exit status other than 0."""
    harden()
    gc.disable()  # it lives too short to collect anything
    answer = _take_stdout()
    from workdiary.snapshot.messages import decode_request, encode

    result = take(decode_request(sys.stdin.buffer.read()))
    with os.fdopen(answer, "wb") as out:
        out.write(encode(result))
    os._exit(0)  # a plugin's hung thread has no say in it


def take(request: Request) -> Result:
    """Return what came of the request, with the plugins and settings of this user."""
    from workdiary import config
    from workdiary.paths import Home
    from workdiary.plugins.manager import Plugins
    from workdiary.snapshot.pipeline import capture

    home = Home.find(os.environ)
    plugins = Plugins.load(config.load(home.config_file), home)
    try:
        return capture(request, plugins)
    finally:
        plugins.stop()


def _take_stdout() -> int:
    answer = os.dup(1)
    null = os.open(os.devnull, os.O_WRONLY)
    os.dup2(null, 1)
    os.close(null)
    return answer


if __name__ == "__main__":
    main()
