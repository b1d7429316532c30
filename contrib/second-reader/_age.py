"""Opening an age v1 file with its file key: the header's MAC, then the payload chunk by chunk."""

from __future__ import annotations

import hashlib
import hmac
from base64 import b64encode

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305

CHUNK = 65_536 + 16


def hkdf(key: bytes, salt: bytes, info: bytes) -> bytes:
    """One block of HKDF-SHA256 (RFC 5869)."""
    return hmac.digest(hmac.digest(salt or bytes(32), key, "sha256"), info + b"\x01", hashlib.sha256)


def opens(sealed: bytes, key: bytes) -> bool:
    """Tell whether the file key opens the whole file."""
    mark = sealed.find(b"\n--- ")
    end = sealed.find(b"\n", mark + 5)
    if len(key) != 16 or not sealed.startswith(b"age-encryption.org/v1\n") or mark < 0 or end < 0:
        return False
    mac = b64encode(hmac.digest(hkdf(key, b"", b"header"), sealed[: mark + 4], "sha256")).rstrip(b"=")
    if mac != sealed[mark + 5 : end]:
        return False
    nonce, payload = sealed[end + 1 : end + 17], sealed[end + 17 :]
    stream = ChaCha20Poly1305(hkdf(key, nonce, b"payload"))
    chunks = [payload[at : at + CHUNK] for at in range(0, len(payload), CHUNK)]
    try:
        opened = [
            stream.decrypt(number.to_bytes(11, "big") + bytes([chunk is chunks[-1]]), chunk, None)
            for number, chunk in enumerate(chunks)
        ]
    except (InvalidTag, ValueError):
        return False
    return bool(opened) and (len(opened) == 1 or bool(opened[-1]))
