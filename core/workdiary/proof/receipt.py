"""What a server signs when it has an entry: made there, checked here, and shown to anybody later.

``docs/reference/protocol.md`` is the specification.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
from typing import TYPE_CHECKING

import msgspec
from cryptography.exceptions import InvalidSignature

from workdiary.journal.entry import canonical, encode_pae

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

PAYLOAD_TYPE = b"application/vnd.workdiary.receipt.v1+json"


class Receipt(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The server has every entry of the chain up to ``seq``, whose body has this digest, at this time."""

    v: int = 1
    kind: str = "receipt"
    server: str  #: first 16 hex digits of SHA-256 of its public key
    chain: str  #: ``<device>/<contract>``
    seq: int
    digest: str
    at: int  #: ms since 1970


def server_id(public: Ed25519PublicKey) -> str:
    """Return how a server is named in its receipts."""
    return hashlib.sha256(public.public_bytes_raw()).hexdigest()[:16]


def sign(receipt: Receipt, key: Ed25519PrivateKey) -> bytes:
    """Return the receipt as it is sent and kept: a JSON object of body and signature, in base64."""
    body = canonical(msgspec.to_builtins(receipt))
    signature = key.sign(encode_pae(PAYLOAD_TYPE, body))
    return canonical({"body": base64.b64encode(body).decode(), "signature": base64.b64encode(signature).decode()})


def read(data: bytes, public: Ed25519PublicKey) -> Receipt:
    """Return what a receipt says.

    :raises ValueError: it is none, or is not signed by this key.
    """
    try:
        parts = json.loads(data)
        body, signature = (base64.b64decode(parts[name], validate=True) for name in ("body", "signature"))
        public.verify(signature, encode_pae(PAYLOAD_TYPE, body))
        receipt = msgspec.json.decode(body, type=Receipt)
    except (TypeError, KeyError, binascii.Error, msgspec.DecodeError) as error:
        raise ValueError("it is no receipt") from error
    except InvalidSignature:
        raise ValueError("it is not signed by the server's key") from None
    if (receipt.v, receipt.kind, receipt.server) != (1, "receipt", server_id(public)):
        raise ValueError("it is of another kind, version or server")
    if canonical(msgspec.to_builtins(receipt)) != body:
        raise ValueError("it is not in canonical form")
    return receipt
