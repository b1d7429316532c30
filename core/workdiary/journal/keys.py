"""The device's keys: one Ed25519 seed that signs, one age identity to which images are sealed."""

from __future__ import annotations

import hashlib
import json
import os
import sys
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from workdiary import files
from workdiary.errors import StorageError
from workdiary.journal.entry import pae

if TYPE_CHECKING:
    from pathlib import Path


@dataclass(frozen=True, kw_only=True)
class Keys:
    """What the tracker holds in memory while it runs."""

    device: str
    public: str
    recipient: str
    seed: bytes = field(repr=False)
    identity: str = field(repr=False)  #: age secret key, opened by readers of images alone

    def sign(self, body: bytes) -> bytes:
        """Return the Ed25519 signature of an entry's body."""
        return Ed25519PrivateKey.from_private_bytes(self.seed).sign(pae(body))


def from_secret(secret: str) -> Keys:
    """Return the keys of a stored secret; ValueError or KeyError if it is none."""
    parts = json.loads(secret)
    seed = bytes.fromhex(parts["seed"])
    public = Ed25519PrivateKey.from_private_bytes(seed).public_key().public_bytes_raw()
    return Keys(
        device=hashlib.sha256(public).hexdigest()[:16],
        public=public.hex(),
        recipient=parts["recipient"],
        seed=seed,
        identity=parts["identity"],
    )


def new_secret() -> str:
    """Make new keys."""
    import pyrage  # 1 MB that only this moment needs

    identity = pyrage.x25519.Identity.generate()
    return json.dumps({"seed": os.urandom(32).hex(), "identity": str(identity), "recipient": str(identity.to_public())})


class KeyStore:
    """Where the secret lies: the desktop's keyring, or ``device.key`` (0600) where there is none.

    ``key.json`` says which, so that a keyring that is locked or away is an error and never a reason for new keys.
    """

    def __init__(self, directory: Path, *, keyring: bool) -> None:
        self._directory = directory
        self._keyring = keyring
        self._marker = directory / "key.json"
        self._file = directory / "device.key"

    def load(self) -> Keys:
        """Return the device's keys, made at the first call; StorageError if they exist and cannot be had."""
        try:
            if not self._marker.exists():
                return self._create()
            marker = json.loads(self._marker.read_text())
            device, where = marker["device"], marker["where"]
        except OSError as error:
            raise StorageError(
                f"the device key cannot be stored: {error.strerror}", remedy="Look for free space and permissions."
            ) from None
        except (ValueError, KeyError, TypeError):
            raise _damaged(self._marker.name) from None
        return _parsed(self._from_keyring(device) if where == "keyring" else self._from_file(), where, device)

    def _create(self) -> Keys:
        if self._file.exists():  # made before, but the marker is lost: never make a second key over it
            keys = _parsed(self._from_file(), "file")
            where = "file"
        else:
            secret = new_secret()
            keys = from_secret(secret)
            where = "keyring" if self._keyring and _keyring_call("set", keys.device, secret) is not None else "file"
            if where == "file":
                files.put(self._file, secret.encode())
        files.put(self._marker, json.dumps({"device": keys.device, "where": where}).encode())
        return keys

    def _from_keyring(self, device: str) -> str:
        secret = _keyring_call("get", device, "")
        if not secret:
            raise StorageError(
                "the device key is in the desktop's keyring, which does not answer or is locked",
                remedy="Unlock the keyring, or run workdiary inside the desktop session.",
            )
        return secret

    def _from_file(self) -> str:
        try:
            mode = self._file.stat().st_mode & 0o077
            if mode and sys.platform != "win32":
                raise StorageError(f"{self._file.name} can be read by other users", remedy=f"chmod 600 {self._file}")
            return self._file.read_text()
        except OSError as error:
            raise StorageError(
                f"the device key cannot be read: {error.strerror}", remedy=f"Restore {self._file} from a backup."
            ) from None


def _parsed(secret: str, where: str, device: str = "") -> Keys:
    try:
        keys = from_secret(secret)
    except (ValueError, KeyError, TypeError):
        raise _damaged(where) from None
    if device not in ("", keys.device):
        raise _damaged(where)
    return keys


def _damaged(where: str) -> StorageError:
    return StorageError(
        f"the device key ({where}) is damaged",
        remedy="Restore it from a backup; without it nothing can be signed and images stay sealed.",
    )


def _keyring_call(action: str, device: str, secret: str) -> str | None:
    """Ask the keyring from a process of its own (its imports cost 14 MB); None if there is none or it fails."""
    import subprocess

    try:
        done = subprocess.run(
            [sys.executable, "-m", "workdiary.journal.keyring_child", action, device],
            input=secret,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return None
    return done.stdout if done.returncode == 0 else None
