"""The real server process with other times or another site: python run.py IDLE DELAY SITE."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from workdiary.paths import Home
from workdiary_web.server import listener, main

SECRET = b"marmalade"


def bare(_book, _pending, _base, *, events):
    """Make a site that tells a secret, and notes every POST in a file."""
    if sys.argv[3] == "bare-missing":
        raise ImportError("no module named django")

    def application(environ, start_response):
        if environ["REQUEST_METHOD"] == "POST":
            with Path(os.environ["WORKDIARY_HOME"], "data", "effect").open("ab") as file:
                file.write(b"!")
        if sys.argv[3] == "bare-broken":
            raise RuntimeError(SECRET)
        body = SECRET * 3_000_000 if "large" in sys.argv[3] else SECRET
        start_response("200 OK", [("Content-Type", "text/plain"), ("Server", "bare/1.0"), ("X-Powered-By", "bare")])
        return [body]

    return application


if __name__ == "__main__":
    os.umask(0o077)
    idle, delay, site = sys.argv[1:4]
    if "ungated" in site:
        main.Gate = lambda application, **_: application
    if site == "bare-large-spilled":  # as waitress does it by itself
        listener.IN_MEMORY = 1 << 20
    pages = bare if "bare" in site else main.site_of
    main.serve(Home.find(os.environ), site=pages, idle_s=float(idle), delay_s=float(delay))
