"""Writes entries as docs/reference/journal.md has them, with keys from names: for vectors."""

from __future__ import annotations

import base64
import hashlib

from _format import TYPE, canonical
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

AT = 1_790_000_000_000


def key(name: str) -> Ed25519PrivateKey:
    return Ed25519PrivateKey.from_private_bytes(hashlib.sha256(name.encode()).digest())


def text(data: bytes) -> str:
    return base64.b64encode(data).decode()


def public(one: Ed25519PrivateKey) -> str:
    return one.public_key().public_bytes_raw().hex()


def identity(one: Ed25519PrivateKey) -> str:
    return hashlib.sha256(bytes.fromhex(public(one))).hexdigest()[:16]


def signed(body: bytes, by: Ed25519PrivateKey, kind: bytes = TYPE) -> dict:
    return {"body": text(body), "signature": text(by.sign(b"DSSEv1 %d %s %d %s" % (len(kind), kind, len(body), body)))}


class Diary:
    """One chain, written entry by entry."""

    def __init__(self, name: str = "device", contract: str = "acme") -> None:
        self.key, self.contract, self.prev, self.seq = key(name), contract, "0" * 64, 0
        self.chain = f"{identity(self.key)}/{contract}"
        self.digests: dict[str, str] = {}
        self.begin = self.add("key", public=public(self.key), recipient="age1")

    def add(self, kind: str, *, by=None, values=(), images=(), **fields) -> dict:
        """Return the next entry as it is sent, and stand behind it."""
        openings, commits = {}, {}
        for field, value in values:
            salt, raw = hashlib.sha256(f"{field} {self.seq}".encode()).digest(), canonical(value)
            commits[field] = hashlib.sha256(f"workdiary/1/{field}\0".encode() + salt + raw).hexdigest()
            openings[field] = [text(salt), text(raw)]
        fields |= {"commits": commits} if kind in {"segment", "manual", "edit"} else {}
        head = {"v": 1, "kind": kind, "device": identity(self.key), "contract": self.contract, "at": AT + self.seq}
        body = canonical(head | {"seq": self.seq, "prev": self.prev} | fields)
        self.prev = hashlib.sha256(body).hexdigest()
        self.digests[str(self.seq)] = self.prev
        self.seq += 1
        return signed(body, by or self.key) | {"openings": openings, "images": list(images)}

    def manual(self, memo: str = "what I did", **more) -> dict:
        return self.add("manual", slot=2_983_000 + self.seq, values=[("memo", memo)], **more)
