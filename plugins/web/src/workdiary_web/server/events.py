"""``<base>/events``: tells pages that something has happened, as server-sent events."""

from __future__ import annotations

import json
import queue
import random
import threading
from typing import TYPE_CHECKING, Any

from workdiary_web.server.watcher import Watcher

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from workdiary.paths import Home
    from workdiary_web.server.attention import Attention

MOST = 4  #: streams at once: each holds one of the server's threads, and one of a browser's six connections
BACKLOG = 200  #: events that a page may be behind
HEARTBEAT_S = 20.0
RETRY_MS = 3000  #: a page comes back so long after it has lost its stream, and up to twice that


class Events:
    """A WSGI application, and the one thread that watches for all who listen."""

    def __init__(self, home: Home, attention: Attention) -> None:
        self._attention = attention
        self._lock = threading.Lock()
        self._streams: list[Stream] = []
        self._closed = False
        self._watcher = Watcher(home, self.tell, self._is_wanted)

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        """Answer with a stream; 204, after which a browser does not come back, if there are too many."""
        gone = environ.get("waitress.client_disconnected", lambda: False)
        stream = self._join(gone) if environ["REQUEST_METHOD"] == "GET" else None
        if stream is None:
            start_response("204 No Content", [])
            return []
        start_response("200 OK", [("Content-Type", "text/event-stream; charset=utf-8")])
        return stream

    def tell(self, kind: str, contract: str, wall_ms: int) -> None:
        """Tell everybody; who does not keep up loses the stream, and comes back."""
        data = json.dumps({"kind": kind, "contract": contract, "wall_ms": wall_ms})
        with self._lock:
            streams = list(self._streams)
        for one in streams:
            one.put(f"data: {data}\n\n".encode())

    def close(self) -> None:
        """End all streams and the thread."""
        with self._lock:
            self._closed = True
            streams = list(self._streams)
        for one in streams:
            one.end()
        self._watcher.wake()

    def leave(self, stream: Stream) -> None:
        """Forget a stream; may come twice."""
        with self._lock:
            if stream not in self._streams:
                return
            self._streams.remove(stream)
        self._attention.end()
        self._watcher.wake()

    def _join(self, gone: Callable[[], bool]) -> Stream | None:
        with self._lock:
            streams = list(self._streams)
        for one in streams:
            if one.gone():
                self.leave(one)
                one.end()
        stream = Stream(self, gone)
        with self._lock:
            if self._closed or len(self._streams) >= MOST:
                return None
            self._streams.append(stream)
        self._attention.begin()
        self._watcher.start()
        return stream

    def _is_wanted(self) -> bool:
        with self._lock:
            return bool(self._streams) and not self._closed


class Stream:
    """What one page hears."""

    def __init__(self, events: Events, gone: Callable[[], bool]) -> None:
        self._events = events
        self._lines: queue.Queue[bytes | None] = queue.Queue(BACKLOG)
        self._ended = False
        self.gone = gone

    def put(self, line: bytes) -> None:
        """Add an event; too many end the stream."""
        try:
            self._lines.put_nowait(line)
        except queue.Full:
            self._ended = True

    def end(self) -> None:
        """Let the stream end."""
        self._ended = True
        self.put(b"")  # wakes it up

    def __iter__(self) -> Iterator[bytes]:
        yield f"retry: {RETRY_MS + random.randrange(RETRY_MS)}\n\n".encode()
        while not self._ended:
            try:
                line = self._lines.get(timeout=HEARTBEAT_S)
            except queue.Empty:
                line = b": still here\n\n"
            if line:
                yield line

    def close(self) -> None:
        """The server calls it when the stream is over, however that came."""
        self._events.leave(self)
