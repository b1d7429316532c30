"""The key of one sealed image, taken out of it, and an image opened with it: age v1 (age-encryption.org/v1).

Sealing, and opening with the identity, is done by ``pyrage``. It has no way to give one file's key away alone.
"""

from __future__ import annotations

import base64
import hmac
from dataclasses import dataclass
from typing import TYPE_CHECKING

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

if TYPE_CHECKING:
    from collections.abc import Iterator

KEY_BYTES = 16
_VERSION = b"age-encryption.org/v1"
_CHUNK = 64 * 1024
_TAG = 16
_LINE = 64
_MOST_HEADER = 64 * 1024  #: ours has some 200 bytes
_ALPHABET = "qpzry9x8gf2tvdw0s3jn54khce6mua7l"
_PREFIX = "AGE-SECRET-KEY-"


@dataclass(frozen=True, kw_only=True)
class _Header:
    stanzas: tuple[tuple[list[bytes], bytes], ...]  #: arguments and body of each recipient
    signed: bytes
    mac: bytes
    payload: bytes


def file_key(sealed: bytes, identity: str) -> bytes:
    """Return the 16 bytes that open this one file; ValueError if the identity does not, or it is no age file."""
    header = _header(sealed)
    private = X25519PrivateKey.from_private_bytes(_scalar(identity))
    own = private.public_key().public_bytes_raw()
    for arguments, body in header.stanzas:
        if len(arguments) == 2 and arguments[0] == b"X25519":  # noqa: PLR2004 - its name and the share
            share = _decoded(arguments[1])
            shared = private.exchange(X25519PublicKey.from_public_bytes(share))
            wrap = _derived(shared, share + own, b"age-encryption.org/v1/X25519")
            try:
                key = ChaCha20Poly1305(wrap).decrypt(bytes(12), body, None)
            except InvalidTag:
                continue
            _require_mac(header, key)
            return key
    raise ValueError("it is sealed to another key")


def open_with(sealed: bytes, key: bytes) -> bytes:
    """Return what is sealed, by the key of the file; ValueError if it is not its key, or the file is damaged."""
    header = _header(sealed)
    _require_mac(header, key)
    nonce, rest = header.payload[:KEY_BYTES], header.payload[KEY_BYTES:]
    stream = ChaCha20Poly1305(_derived(key, nonce, b"payload"))
    try:
        return b"".join(stream.decrypt(number, chunk, None) for number, chunk in _chunks(rest))
    except InvalidTag:
        raise ValueError("it is damaged") from None


def _chunks(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    """Yield nonce and bytes of each chunk; the last one is marked, and empty only if it is the only one."""
    size = _CHUNK + _TAG
    count = max(-(-len(data) // size), 1)
    if len(data) - (count - 1) * size < (_TAG if count == 1 else _TAG + 1):
        raise ValueError("it is cut off")
    for number in range(count):
        last = b"\x01" if number == count - 1 else b"\x00"
        yield number.to_bytes(11, "big") + last, data[number * size : (number + 1) * size]


def _header(sealed: bytes) -> _Header:
    lines: list[bytes] = []
    at = 0
    while not (lines and lines[-1].startswith(b"--- ")):
        end = sealed.find(b"\n", at, _MOST_HEADER)
        if end < 0:
            raise ValueError("it is no age file")
        lines.append(sealed[at:end])
        at = end + 1
    if lines[0] != _VERSION:
        raise ValueError("it is no age file")
    signed = sealed[: at - 1 - len(lines[-1]) + 3]
    return _Header(
        stanzas=tuple(_stanzas(lines[1:-1])), signed=signed, mac=_decoded(lines[-1][4:]), payload=sealed[at:]
    )


def _stanzas(lines: list[bytes]) -> Iterator[tuple[list[bytes], bytes]]:
    """Yield the recipients; a body's lines have 64 characters each, and the last one fewer."""
    rest = iter(lines)
    for line in rest:
        if not line.startswith(b"-> "):
            raise ValueError("its header is damaged")
        body = b""
        for part in rest:
            body += part
            if len(part) < _LINE:
                break
        yield line[3:].split(b" "), _decoded(body)


def _require_mac(header: _Header, key: bytes) -> None:
    mac = hmac.digest(_derived(key, b"", b"header"), header.signed, "sha256")
    if len(key) != KEY_BYTES or not hmac.compare_digest(mac, header.mac):
        raise ValueError("the key does not belong to it")


def _derived(secret: bytes, salt: bytes, info: bytes) -> bytes:
    return HKDF(algorithm=SHA256(), length=32, salt=salt, info=info).derive(secret)


def _decoded(text: bytes) -> bytes:
    """Return the bytes of base64 without padding, in its one form."""
    data = base64.b64decode(text + b"=" * (-len(text) % 4), validate=True)
    if base64.b64encode(data).rstrip(b"=") != text:
        raise ValueError("its header is damaged")
    return data


def _scalar(identity: str) -> bytes:
    """Return the 32 bytes of ``AGE-SECRET-KEY-1...`` (Bech32; we made it ourselves, its checksum is not looked at)."""
    prefix, _, text = identity.partition("1")
    values = [_ALPHABET.find(one) for one in text.lower()[:-6]]
    if prefix != _PREFIX or -1 in values:
        raise ValueError("it is no age identity")
    number = 0
    for value in values:
        number = number << 5 | value
    return (number >> (len(values) * 5 - 256)).to_bytes(32, "big")
