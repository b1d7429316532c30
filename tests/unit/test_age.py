"""One image's key opens that image and no other; held against pyrage, which made it."""

from __future__ import annotations

import os
import re

import pyrage
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from workdiary.journal.age import file_key, open_with

IDENTITY = pyrage.x25519.Identity.generate()
SOME = re.compile("its|no|not|off|damaged|padding|base64|Only")
OTHER = pyrage.x25519.Identity.generate()


def sealed(data, *recipients):
    return pyrage.encrypt(data, list(recipients) or [IDENTITY.to_public()])


@pytest.mark.parametrize("size", [0, 1, 65_535, 65_536, 65_537, 131_072, 200_000])
def test_what_pyrage_sealed_is_opened_with_its_own_key(size):
    data = os.urandom(size)
    blob = sealed(data)
    key = file_key(blob, str(IDENTITY))
    assert len(key) == 16
    assert open_with(blob, key) == data


@settings(max_examples=50, deadline=None)
@given(st.binary(max_size=500))
def test_whatever_is_sealed_comes_out(data):
    blob = sealed(data)
    assert open_with(blob, file_key(blob, str(IDENTITY))) == data == pyrage.decrypt(blob, [IDENTITY])


def test_one_of_several_recipients_is_found():
    blob = sealed(b"picture", OTHER.to_public(), IDENTITY.to_public())
    assert open_with(blob, file_key(blob, str(IDENTITY))) == b"picture"
    assert file_key(blob, str(IDENTITY)) == file_key(blob, str(OTHER))


def test_no_other_key_opens_it():
    blob, another = sealed(b"picture"), sealed(b"picture")
    with pytest.raises(ValueError, match="another key"):
        file_key(blob, str(OTHER))
    for key in (file_key(another, str(IDENTITY)), b"", bytes(16), bytes(17)):
        with pytest.raises(ValueError, match="does not belong"):
            open_with(blob, key)


def test_every_changed_byte_and_every_cut_is_refused():
    blob = sealed(b"a picture of some length")
    key = file_key(blob, str(IDENTITY))
    for at in range(len(blob)):
        changed = bytearray(blob)
        changed[at] ^= 1
        with pytest.raises(ValueError, match=SOME):
            open_with(bytes(changed), key)
        with pytest.raises(ValueError, match=SOME):
            open_with(blob[:at], key)
    with pytest.raises(ValueError, match=SOME):
        open_with(blob + b"x", key)


def test_chunks_cannot_be_left_out_or_exchanged():
    blob = sealed(os.urandom(200_000))
    key = file_key(blob, str(IDENTITY))
    head, size = blob.index(b"\n", blob.index(b"--- ")) + 17, 65_552
    chunks = [blob[head + at * size : head + (at + 1) * size] for at in range(4)]
    for wrong in (chunks[:3], chunks[1:], [chunks[1], chunks[0], *chunks[2:]], chunks[:1] + chunks[2:]):
        with pytest.raises(ValueError, match="damaged"):
            open_with(blob[:head] + b"".join(wrong), key)


def test_what_is_no_age_file_is_refused():
    for data in (b"", b"hello", b"age-encryption.org/v1\n", b"age-encryption.org/v1\n--- !!\n", b"x\n--- AAAA\n"):
        with pytest.raises(ValueError, match=SOME):
            open_with(data, bytes(16))
    with pytest.raises(ValueError, match="no age identity"):
        file_key(sealed(b""), "AGE-PLUGIN-1abc")
