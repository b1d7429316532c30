from __future__ import annotations

import json

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from workdiary.errors import StorageError
from workdiary.journal import keys
from workdiary.journal.entry import pae
from workdiary.journal.keys import KeyStore


@pytest.fixture
def store(tmp_path):
    return KeyStore(tmp_path, keyring=False)


def test_the_keys_are_made_once(store):
    assert store.load() == store.load()


def test_the_key_file_is_private(store, tmp_path):
    store.load()
    assert (tmp_path / "device.key").stat().st_mode & 0o777 == 0o600


def test_a_key_file_that_others_can_read_is_refused(store, tmp_path):
    store.load()
    (tmp_path / "device.key").chmod(0o640)
    with pytest.raises(StorageError, match="other users") as caught:
        store.load()
    assert "chmod 600" in caught.value.remedy


@pytest.mark.parametrize("text", ["", "{}", "no json", '{"seed": "zz"}'])
def test_a_damaged_key_is_an_error_and_never_a_new_key(store, tmp_path, text):
    store.load()
    (tmp_path / "device.key").write_text(text)
    with pytest.raises(StorageError, match="damaged"):
        store.load()


def test_a_missing_key_is_an_error_and_never_a_new_key(store, tmp_path):
    store.load()
    (tmp_path / "device.key").unlink()
    with pytest.raises(StorageError, match="cannot be read"):
        store.load()


@pytest.mark.parametrize("text", ["", "{", "[]", '{"where": "file"}'])
def test_a_damaged_marker_is_an_error_and_never_a_new_key(store, tmp_path, text):
    store.load()
    (tmp_path / "key.json").write_text(text)
    with pytest.raises(StorageError, match="damaged"):
        store.load()


def test_a_lost_marker_does_not_cost_the_key(store, tmp_path):
    made = store.load()
    (tmp_path / "key.json").unlink()
    assert store.load() == made
    assert (tmp_path / "key.json").exists()


def test_another_devices_key_is_refused(store, tmp_path):
    store.load()
    (tmp_path / "device.key").write_text(keys.new_secret())
    with pytest.raises(StorageError, match="damaged"):
        store.load()


def test_a_keyring_that_is_away_is_an_error_and_never_a_new_key(tmp_path, monkeypatch):
    kept = {}

    def keyring(action, device, secret):
        return kept.setdefault(device, secret) if action == "set" else kept.get(device)

    monkeypatch.setattr(keys, "_keyring_call", keyring)
    store = KeyStore(tmp_path, keyring=True)
    made = store.load()
    assert store.load() == made
    assert not (tmp_path / "device.key").exists()
    kept.clear()
    with pytest.raises(StorageError, match="keyring"):
        store.load()


def test_a_signature_verifies_and_is_for_the_payload_type(store):
    made = store.load()
    public = Ed25519PublicKey.from_public_bytes(bytes.fromhex(made.public))
    public.verify(made.sign(b"{}"), pae(b"{}"))


def test_the_secrets_are_not_in_the_repr(store):
    made = store.load()
    secret = json.dumps([made.seed.hex(), made.identity])
    assert made.identity not in repr(made)
    assert secret not in repr(made)
