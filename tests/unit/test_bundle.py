"""Promises of the container: one form, nothing to hide in, nothing to unpack."""

from __future__ import annotations

import io
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workdiary.errors import BundleError
from workdiary.proof.bundle import build, parse

MEMBERS = {
    "statement.json": b"{}",
    "statement.sig": b"00",
    "0123456789abcdef/entries.jsonl": b"one\n",
    "0123456789abcdef/openings.jsonl": b"",
    "blobs/" + "a" * 64: b"image",
}


def built(members):
    file = io.BytesIO()
    build(members, file)
    return file.getvalue()


def test_building_what_was_parsed_gives_the_same_bytes():
    data = built(MEMBERS)
    assert parse(data) == dict(sorted(MEMBERS.items()))
    assert built(parse(data)) == data


def test_any_zip_program_can_open_it():
    with zipfile.ZipFile(io.BytesIO(built(MEMBERS))) as opened:
        assert opened.testzip() is None
        assert {name: opened.read(name) for name in opened.namelist()} == MEMBERS


def test_a_member_may_be_a_path(tmp_path):
    (tmp_path / "image").write_bytes(b"image")
    assert built({**MEMBERS, "blobs/" + "a" * 64: tmp_path / "image"}) == built(MEMBERS)


@given(st.integers(0, len(built(MEMBERS)) - 1), st.integers(1, 255))
def test_every_changed_byte_is_refused_or_seen(at, change):
    data = bytearray(built(MEMBERS))
    data[at] ^= change
    with pytest.raises(BundleError):
        parse(bytes(data))


@given(st.integers(0, len(built(MEMBERS)) - 1))
def test_a_file_that_was_cut_off_is_refused(length):
    with pytest.raises(BundleError):
        parse(built(MEMBERS)[:length])


@given(st.binary(max_size=200))
def test_no_bytes_at_all_raise_anything_else(data):
    with pytest.raises(BundleError):
        parse(data + b"x")


@pytest.mark.parametrize("name", ["../x", "/etc/passwd", "statement.json/..", "blobs/../x", "STATEMENT.JSON", "a.txt"])
def test_a_name_that_leaves_the_bundle_is_refused(name):
    with pytest.raises(BundleError, match="no business"):
        parse(built({**MEMBERS, name: b""}))


def test_a_compressed_member_is_refused():
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as bomb:
        bomb.writestr("statement.json", bytes(1_000_000))
    with pytest.raises(BundleError):
        parse(file.getvalue())


def test_bytes_behind_the_end_are_refused():
    with pytest.raises(BundleError):
        parse(built(MEMBERS) + b"x")
