"""What a backend for the diary has to do."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence


@dataclass(frozen=True, kw_only=True)
class Image:
    """A sealed image of an entry, by the hash of its encrypted bytes."""

    sha256: str
    width: int
    height: int
    media_type: str
    sealed: Callable[[], bytes]  #: the encrypted bytes, as they lie in the journal
    open: Callable[[], bytes]  #: the picture itself, for backends that show it


@dataclass(frozen=True, kw_only=True)
class Item:
    """One journal entry on its way out."""

    number: int  #: position in this device's journal; rises, with holes
    chain: str  #: "<device>/<contract>"
    seq: int
    kind: str
    body: bytes  #: exactly what was signed
    signature: bytes
    openings: dict[str, tuple[bytes, bytes]]  #: field -> (salt, value); missing once erased
    images: tuple[Image, ...] = ()
    erases: tuple[tuple[int, str], ...] = ()  #: (seq of the same chain, field or "*") to forget; only tombstones


@dataclass(frozen=True, kw_only=True)
class Stored:
    """The item is kept. ``digest`` is the SHA-256 of the body as the backend reads it back."""

    number: int
    digest: bytes
    receipt: bytes | None = None


@dataclass(frozen=True, kw_only=True)
class Rejected:
    """The item will never be taken; it goes to quarantine with the reason and the rest goes on."""

    number: int
    reason: str


class TransientError(Exception):
    """Not now. The same items are offered again, for ever, with jitter."""

    def __init__(self, reason: str, *, retry_after: float | None = None) -> None:
        super().__init__(reason)
        self.retry_after = retry_after  #: seconds that the backend asked for


class HaltError(Exception):
    """Only a person can mend it. Delivery pauses until ``workdiary queue retry``, or until the next start."""

    def __init__(self, reason: str, *, remedy: str) -> None:
        super().__init__(reason)
        self.remedy = remedy  #: what to do, as a command to a person: "sign in again"


class AuthorizationError(HaltError):
    """The backend does not accept us."""

    def __init__(self, reason: str, *, remedy: str = "sign in again") -> None:
        super().__init__(reason, remedy=remedy)


class BehindError(Exception):
    """The backend has lost what it had answered for, as after a restore from a backup. It is all offered again."""

    def __init__(self, reason: str, *, heads: Mapping[str, int]) -> None:
        super().__init__(reason)
        self.heads = heads  #: chain -> the last seq that the backend has; nothing of a chain that is missing here


class Uploader(Protocol):
    """One backend. It is called on one thread of its own, never twice at once."""

    @property
    def name(self) -> str:
        """Unique among all backends; the durable cursor goes by it."""

    def deliver(self, items: Sequence[Item]) -> Sequence[Stored | Rejected]:
        """Store *items* in order and answer for each; one that comes again, however late, changes nothing."""

    def close(self) -> None:
        """Flush and let go. May come twice."""
