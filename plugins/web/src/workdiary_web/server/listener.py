"""waitress, made strict: one spelling of a request, connections of this user only, nothing of a body on disk."""

from __future__ import annotations

import contextlib
import logging
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from waitress import wasyncore
from waitress.channel import HTTPChannel
from waitress.parser import HTTPRequestParser, ParsingError
from waitress.server import TcpWSGIServer
from waitress.task import ErrorTask

from workdiary_web.server import peer
from workdiary_web.server.checks import MOST_BODY
from workdiary_web.server.headers import SAFE

if TYPE_CHECKING:
    from workdiary_web.server.attention import Attention
    from workdiary_web.server.gate import Application

THREADS = 10  #: event streams hold at most ``events.MOST`` of them
IN_MEMORY = 1 << 40  #: waitress moves larger buffers into a temporary file, in the clear


class _Parser(HTTPRequestParser):  # type: ignore[misc]  # waitress ships no types
    def parse_header(self, header_plus: bytes) -> None:
        """Read the head; refuse what no browser sends and where parsers disagree."""
        if b"\r\n " in header_plus or b"\r\n\t" in header_plus:
            raise ParsingError("a header is folded")
        super().parse_header(header_plus)
        if self.chunked or not self.headers.keys().isdisjoint({"TRANSFER_ENCODING", "EXPECT"}):
            self.expect_continue = False  # or waitress would say "continue" and wait
            raise ParsingError("the body is not told by its length")


class _ErrorTask(ErrorTask):  # type: ignore[misc]  # waitress ships no types
    def execute(self) -> None:
        """Say that it cannot be served, and nothing else; then close."""
        error = self.request.error
        unreadable = error.code == HTTPStatus.NOT_IMPLEMENTED  # a transfer coding that nobody needs
        self.status = "400 Bad Request" if unreadable else f"{error.code} {error.reason}"
        self.response_headers.extend([("Content-Type", "text/plain; charset=utf-8"), *SAFE])
        self.set_close_on_finish()
        body = b"This request cannot be served.\n"
        self.content_length = len(body)
        self.write(body)


class _Channel(HTTPChannel):  # type: ignore[misc]  # waitress ships no types
    parser_class = _Parser
    error_task_class = _ErrorTask


class Listener(TcpWSGIServer):  # type: ignore[misc]  # waitress ships no types
    """Listens on a free port of 127.0.0.1 until told to stop, or until nobody looks."""

    channel_class = _Channel

    def __init__(self, attention: Attention) -> None:
        for name in ("waitress", "waitress.queue"):  # it would log addresses of pages
            logging.getLogger(name).addHandler(logging.NullHandler())
            logging.getLogger(name).propagate = False
        often = min(30.0, attention.idle_s / 4)
        super().__init__(
            None,  # ``application`` needs the port that is only known afterwards
            host="127.0.0.1", port=0, threads=THREADS, ident=None, clear_untrusted_proxy_headers=False,
            max_request_header_size=16 * 1024, max_request_body_size=MOST_BODY + 1,
            inbuf_overflow=IN_MEMORY, outbuf_overflow=IN_MEMORY, log_socket_errors=False,
            channel_timeout=30, cleanup_interval=often, asyncore_loop_timeout=often,
            channel_request_lookahead=1,  # so that a stream learns when its page has gone
            _start=False,
        )  # fmt: skip
        self._attention = attention
        self._own = ("127.0.0.1", int(self.effective_port))

    @property
    def port(self) -> int:
        """The port that it listens on."""
        return self._own[1]

    def serve(self, application: Application) -> None:
        """Answer until SystemExit is raised, by a signal or because nobody looks."""
        self.application = application
        with contextlib.suppress(SystemExit, KeyboardInterrupt):
            wasyncore.loop(timeout=self.adj.asyncore_loop_timeout, map=self._map, use_poll=True)

    def accept(self) -> Any:
        """Take a connection; one of another user is closed without a word, whatever it may have stolen."""
        found = super().accept()
        if found is None or peer.is_mine(found[1], self._own):
            return found
        found[0].close()
        return None

    def maintenance(self, now: float) -> None:
        """Close connections that say nothing; end when nobody looks."""
        super().maintenance(now)
        if self._attention.is_over():
            raise SystemExit

    def stop(self) -> None:
        """Stop listening and let requests end."""
        self.close()
        self.task_dispatcher.shutdown()
        wasyncore.close_all(self._map)
