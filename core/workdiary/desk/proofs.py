"""A week as a file that the other side can check: what goes into it."""

from __future__ import annotations

import hashlib
import io
import os
from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING, BinaryIO

from workdiary.clock import system_clock
from workdiary.errors import UsageError, WorkdiaryError
from workdiary.journal import blobs as blob_store
from workdiary.journal import read
from workdiary.journal.age import file_key
from workdiary.journal.entry import parse
from workdiary.proof.export import export
from workdiary.proof.lines import ChainPart, SignedEntry
from workdiary.slots import week_name

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from workdiary.desk.reader import Reader
    from workdiary.diary.rules import Rules
    from workdiary.journal.keys import Keys
    from workdiary.journal.read import Row


def write_bundle(
    reader: Reader, rules: Rules, keys: Keys, blobs: Path, *, contract: str, number: int, out: Path, images: bool
) -> None:
    """Write a contract's week to a new file; an existing one is never overwritten, a half one never left."""
    with new_file(out) as file:
        write_to(file, reader, rules, keys, blobs, contract=contract, number=number, images=images)


def write_to(
    file: BinaryIO, reader: Reader, rules: Rules, keys: Keys, blobs: Path, *, contract: str, number: int, images: bool
) -> None:
    """Write a contract's week to an open file.

    :param images: put in the images as well, and their keys: whoever has the file can see them.
    """
    part = chain_part(reader, blobs, contract=contract, number=number, images=images)
    part = replace(part, keys={name: key for name in part.blobs if (key := _key_of(blobs, name, keys))})
    export([part], number=number, rules=rules, at_ms=system_clock().wall, sign=keys.sign, file=file, images=images)


def bundle(reader: Reader, rules: Rules, keys: Keys, blobs: Path, *, contract: str, number: int, images: bool) -> bytes:
    """Return a contract's week as the bytes of such a file."""
    out = io.BytesIO()
    write_to(out, reader, rules, keys, blobs, contract=contract, number=number, images=images)
    return out.getvalue()


def sha256_of(path: Path) -> str:
    """Return the hex SHA-256 of a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


@contextmanager
def new_file(out: Path) -> Iterator[BinaryIO]:
    """Open a new file that appears under its name only when it is whole; an existing one is never overwritten."""
    half = out.with_name(f"{out.name}.{os.urandom(4).hex()}.part")  # no name that somebody could have put there before
    if out.exists():
        raise WorkdiaryError(f"{out} exists already", remedy="Name another file with --out.")
    try:
        with open(half, "xb", opener=_private) as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        half.rename(out)
    except OSError as error:
        remedy = "Name another file with --out."
        raise WorkdiaryError(f"{out} cannot be written: {error.strerror}", remedy=remedy) from None
    finally:
        half.unlink(missing_ok=True)


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)


def chain_part(reader: Reader, blobs: Path, *, contract: str, number: int, images: bool) -> ChainPart:
    """Return this device's chain as far as it concerns the week."""
    reader.require(contract)
    rows = [row for row in reader.rows(contract, number) if row.entry.seq]
    if not rows:
        raise UsageError(f"{contract} has no entries in {week_name(number)}", remedy="workdiary week")
    key = read.chain_range(reader.connection, contract, 0, 0)[0]
    terms = read.last_terms(reader.connection, contract, rows[0].entry.seq)
    names = [name for row in rows for name in _images(row)] if images else []
    return ChainPart(
        key=_signed(key),
        terms_before=_signed(terms) if terms else None,
        entries=[_signed(row) for row in rows],
        openings={(row.entry.seq, name): pair for row in rows for name, pair in row.openings.items()},
        blobs={name: blobs / name[:2] / name for name in names},
    )


def _key_of(root: Path, name: str, keys: Keys) -> bytes | None:
    """Return the key of one image; None if it was sealed to an earlier key of its owner's."""
    sealed = blob_store.read(root, name)
    try:
        return file_key(sealed, keys.identity)
    except ValueError:
        return None


def _signed(row: Row) -> SignedEntry:
    return SignedEntry(body=row.body, signature=row.signature)


def _images(row: Row) -> list[str]:
    if "snapshot" not in row.openings:
        return []
    return [image["sha256"] for image in parse(row.openings["snapshot"][1]).get("images", ())]
