"""Contract of backends behind HTTP: bad days of networks and servers lose nothing and tell nobody the token."""

from __future__ import annotations

import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Self

import pytest

from workdiary.testing.hosted import promise
from workdiary.testing.keeping import Kept, StoreContract, same
from workdiary.testing.proxy import Fault, FaultProxy
from workdiary.uploader import HaltError, Item, Rejected, Stored, TransientError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from workdiary.uploader import Uploader

RETRY_AFTER_S = 17
TRIES = 5


class Canned:
    """A server that answers everything alike. ``url`` is its base, ``tokens`` what it was told of who is asking."""

    def __init__(self, status: int, headers: Mapping[str, str] = {}, body: bytes = b"") -> None:
        self.tokens: list[str] = []
        canned = self

        class Handler(BaseHTTPRequestHandler):
            def handle_one_request(self) -> None:
                self.raw_requestline = self.rfile.readline(65537)
                self.close_connection = True
                if self.raw_requestline and self.parse_request():
                    canned.tokens += self.headers.get_all("Authorization") or []
                    self.rfile.read(int(self.headers.get("Content-Length") or 0))
                    self.send_response_only(status)
                    for name, value in {**headers, "Content-Length": str(len(body))}.items():
                        self.send_header(name, value)
                    self.end_headers()
                    self.wfile.write(body)

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_port}/"

    def __enter__(self) -> Self:
        threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()


class NetworkContract(StoreContract):
    """One backend behind HTTP. Override ``connect`` and ``port`` beside what ``StoreContract`` wants."""

    @pytest.fixture
    def connect(self) -> Callable[[str], Uploader]:
        """Return a function that makes a backend for the server with this base address."""
        raise NotImplementedError("override the fixture `connect`: return a function from an address to a backend")

    @pytest.fixture
    def port(self) -> int:
        """Return the port on this machine at which the server listens whose store ``kept`` reads."""
        raise NotImplementedError("override the fixture `port`: return where your server listens")

    @pytest.mark.parametrize("fault", [one for one in Fault if one is not Fault.NONE], ids=lambda one: one.name.lower())
    def test_a_fault_loses_nothing_and_doubles_nothing(
        self,
        fault: Fault,
        connect: Callable[[str], Uploader],
        port: int,
        items: list[Item],
        kept: Callable[[], Sequence[Kept]],
    ) -> None:
        """Each request of the first attempt meets the fault; later ones do not."""
        faults = [fault] * 2
        with FaultProxy(port, lambda: faults.pop() if faults else Fault.NONE) as between:
            backend = connect(between.url)
            for _ in range(TRIES):
                answers = _attempt(backend, items)
                there = {(one.chain, one.seq) for one in kept()}
                lost = [
                    one for one, answer in answers if isinstance(answer, Stored) and (one.chain, one.seq) not in there
                ]
                promise(not lost, "nothing is acknowledged that is not in the store", [one.seq for one in lost])
                if len(answers) == len(items):
                    break
            backend.close()
        same(items, kept())

    def test_the_token_goes_to_no_other_server(self, connect: Callable[[str], Uploader], items: list[Item]) -> None:
        """A redirect is an answer like any other."""
        with Canned(200, body=b"{}") as stranger, Canned(307, {"Location": stranger.url}) as server:
            _attempt(connect(server.url), items, halts=True)
            promise(not stranger.tokens, "the token goes to the server that it was given for, and to no other")

    @pytest.mark.parametrize("status", [401, 403])
    def test_who_is_not_let_in_pauses(self, connect: Callable[[str], Uploader], items: list[Item], status: int) -> None:
        """Asking again does not help, a person does."""
        with Canned(status) as server:
            try:
                answers = connect(server.url).deliver(items)
            except HaltError as error:
                promise(bool(error.remedy), "a person is told what to do")
            except Exception as error:
                promise(kept=False, text=f"{status} raises AuthorizationError", found=type(error).__name__)
            else:
                promise(kept=False, text=f"{status} raises AuthorizationError", found=answers)

    @pytest.mark.parametrize("status", [429, 503])
    def test_a_server_that_is_busy_is_given_its_time(
        self, connect: Callable[[str], Uploader], items: list[Item], status: int
    ) -> None:
        """Retry-After is kept to."""
        with Canned(status, {"Retry-After": str(RETRY_AFTER_S)}) as server:
            try:
                connect(server.url).deliver(items)
            except TransientError as error:
                kept = error.retry_after == RETRY_AFTER_S
                promise(kept, f"{status} raises TransientError with the Retry-After", error.retry_after)
            else:
                promise(kept=False, text=f"{status} raises TransientError")

    @pytest.mark.parametrize("body", [b"", b"{}", b"[]", b"null", b"<html>log in</html>", b"\xff" * 999, b"[" * 99_999])
    def test_nonsense_acknowledges_nothing(
        self, connect: Callable[[str], Uploader], items: list[Item], body: bytes
    ) -> None:
        """A captive portal answers 200 to everything."""
        with Canned(200, {"Content-Type": "application/json"}, body) as server:
            answers = _attempt(connect(server.url), items, halts=True)
            promise(not answers, "an answer that says nothing acknowledges nothing", answers)


def _attempt(backend: Uploader, items: Sequence[Item], *, halts: bool = False) -> list[tuple[Item, Stored | Rejected]]:
    """Return what one delivery came to, as far as it came."""
    try:
        return list(zip(items, backend.deliver(items), strict=False))
    except TransientError:
        return []
    except HaltError as error:
        promise(halts, "a fault of the network is transient: nobody has to look", error)
        return []
