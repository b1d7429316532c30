"""The snapshot process: one request and one result over the socket that it was started with, and the end.

Started as ``python -P -m workdiary.snapshot.worker``.
"""

from __future__ import annotations

import gc
import os
from typing import TYPE_CHECKING

from workdiary.snapshot.harden import harden
from workdiary.system.child import take_link

if TYPE_CHECKING:
    from workdiary.snapshot.messages import Request, Result


def main() -> None:
    """Serve one request. Anything that goes wrong beyond the pipeline is an exit status other than 0."""
    harden()
    gc.disable()  # it lives too short to collect anything
    link = take_link()
    from workdiary.snapshot.messages import decode_request, encode

    with link.makefile("rb") as request:
        result = take(decode_request(request.read()))
    link.sendall(encode(result))
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


if __name__ == "__main__":
    main()
