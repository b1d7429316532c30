"""The web process: ``python -P -m workdiary_web.server.main [--file FILE]``."""

from __future__ import annotations

import contextlib
import fcntl
import gc
import os
import secrets
import signal
import sys
import time
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Any

from workdiary.errors import WorkdiaryError
from workdiary.paths import Home, make_private
from workdiary.process import no_core_dumps
from workdiary_web.server.attention import IDLE_S, Attention
from workdiary_web.server.books import subject_of
from workdiary_web.server.events import Events
from workdiary_web.server.gate import Gate
from workdiary_web.server.links import Sessions
from workdiary_web.server.listener import Listener
from workdiary_web.server.pending import DELAY_S, Pending
from workdiary_web.server.place import Place, Running

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from workdiary_web.server.books import Subject
    from workdiary_web.server.gate import Application

LOCK_S = 1.0  #: a command that looks whether the lock is held holds it for a moment itself


def site_of(subject: Subject, pending: Pending, base: str, *, events: bool) -> Application:
    """Return the pages."""
    from workdiary_web.site.application import make_application

    return make_application(
        subject.book, pending=pending, machine=subject.machine, base=base, events=events, lanes=subject.lanes
    )


def serve(
    home: Home,
    file: Path | None = None,
    *,
    site: Callable[..., Application] = site_of,
    idle_s: float = IDLE_S,
    delay_s: float = DELAY_S,
) -> None:
    """Serve the diary, or a received file, until nobody looks or SIGTERM comes; return at once if another does.

    :param site: makes the pages, as ``site_of`` does.
    """
    home.prepare()
    signal.signal(signal.SIGTERM, _end)
    place = Place.of(home, file)
    with ExitStack() as stack:
        if not stack.enter_context(_lock(place.lock)):
            return
        place.withdraw()  # what a process that was killed has left
        subject = stack.enter_context(subject_of(home, file))
        pending = Pending(subject.book, _pending_file(home) if file is None else None, delay_s)
        stack.callback(pending.close)
        attention = Attention(idle_s)
        listener = Listener(attention)
        stack.callback(listener.stop)
        base, secret = f"/{secrets.token_hex(8)}", secrets.token_bytes(32)
        listener.accept_connections()
        stack.callback(place.withdraw)
        place.publish(Running(pid=os.getpid(), port=listener.port, base=base), secret)
        pages = _pages(lambda: site(subject, pending, base, events=file is None))  # while the browser starts
        if file is None:
            events = Events(home, attention)
            stack.callback(events.close)
            pages = _with_events(pages, events, f"{base}/events")
        gate = Gate(pages, port=listener.port, base=base, sessions=Sessions(secret, base), looked=attention.look)
        _be_quiet()
        attention.look()  # whoever opened it is about to
        listener.serve(gate)
        signal.signal(signal.SIGTERM, signal.SIG_IGN)  # what is waiting is carried out first


def _pages(make: Callable[[], Application]) -> Application:
    """Return the pages; if they cannot be made, one that says so: the command that started us may have ended."""
    try:
        return make()
    except Exception as error:  # a broken installation
        text = f"The pages cannot be made ({type(error).__name__}: {error}).\nInstall workdiary-web again.\n".encode()

    def application(_environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        start_response("500 Internal Server Error", [("Content-Type", "text/plain; charset=utf-8")])
        return [text]

    return application


def _with_events(pages: Application, events: Events, path: str) -> Application:
    def application(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        return (events if environ["PATH_INFO"] == path else pages)(environ, start_response)

    return application


@contextlib.contextmanager
def _lock(path: Path) -> Iterator[bool]:
    """Hold the lock that ends with the process; False if another process has it."""
    handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    until = time.monotonic() + LOCK_S
    try:
        while True:
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                if time.monotonic() > until:
                    yield False
                    return
                time.sleep(0.02)
            else:
                yield True
                return
    finally:
        os.close(handle)


def _pending_file(home: Home) -> Path:
    directory = home.plugin_state("web")
    make_private(directory.parent)
    make_private(directory)
    return directory / "pending.json"


def _be_quiet() -> None:
    """Let go of the command that started us, and of what the start has left in memory."""
    nowhere = os.open(os.devnull, os.O_RDWR)
    os.dup2(nowhere, 2)
    os.close(nowhere)
    gc.collect()
    gc.freeze()
    gc.enable()


def _end(_number: int, _frame: object) -> None:
    raise SystemExit(0)


def main(arguments: list[str]) -> int:
    """Run in the background: errors before it listens go to standard error."""
    os.umask(0o077)
    gc.disable()  # until it listens: what is loaded before stays
    no_core_dumps()
    file = Path(arguments[1]) if arguments[:1] == ["--file"] else None
    try:
        serve(Home.find(os.environ), file)
    except WorkdiaryError as error:
        print(error, file=sys.stderr)  # noqa: T201  # the command that started us shows it
        return error.exit_code
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
