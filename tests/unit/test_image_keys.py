"""An export with the keys of its images: they can be seen, they are the recorded ones, and nothing else opens."""

from __future__ import annotations

import hashlib
import io
import sys
from dataclasses import replace
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path

import pyrage
import pytest

from workdiary.builtin.rules import RULES
from workdiary.desk.received import ReceivedBook
from workdiary.errors import StorageError
from workdiary.journal.age import file_key
from workdiary.proof.bundle import build, parse
from workdiary.proof.export import export
from workdiary.proof.verify import verify
from workdiary.slots import slot_start_ms, week_slots
from workdiary.testing.weeks import make_week

READER = Path(__file__).parents[2] / "contrib" / "second-reader" / "verify.py"
IDENTITY = pyrage.x25519.Identity.generate()


@pytest.fixture(scope="module")
def second():
    spec = spec_from_file_location("second_reader", READER)
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    sys.path.remove(str(READER.parent))
    return lambda data: module.verify(data).code


@pytest.fixture(scope="module")
def week():
    """Return an export with its pictures, and what they are by the name of their sealed bytes."""
    made = make_week(11, slots_per_device=6)
    made.devices = made.devices[:1]
    pictures, blobs = {}, {}
    for seq, draft in enumerate(made.devices[0].drafts):
        for image in draft.openings.get("snapshot", {}).get("images", ()):
            picture = b"the picture of %d" % seq
            sealed = pyrage.encrypt(picture, [IDENTITY.to_public()])
            image |= {"sha256": hashlib.sha256(sealed).hexdigest(), "bytes": len(sealed)}
            if "snapshot" in draft.kept:
                pictures[image["sha256"]], blobs[image["sha256"]] = picture, sealed
    (part,) = made.parts()
    keys = {name: file_key(blob, str(IDENTITY)) for name, blob in blobs.items()}
    out = io.BytesIO()
    export(
        [replace(part, blobs=blobs, keys=keys)], number=made.number, rules=RULES,
        at_ms=slot_start_ms(week_slots(made.number).stop), sign=made.devices[0].sign, file=out, images=True,
    )  # fmt: skip
    return out.getvalue(), pictures


def changed(data, change):
    members = parse(data)
    change(members)
    out = io.BytesIO()
    build(members, out)
    return out.getvalue()


def images_of(book):
    segments = book.week(book.contract, book.number).segments
    return [image for one in segments if one.snapshot for image in one.snapshot.images]


def test_the_client_sees_the_pictures_that_were_recorded(week, second):
    data, pictures = week
    assert (verify(data).exit_code, second(data)) == (0, 0)
    book = ReceivedBook(data, RULES, None)
    found = {image.sha256: book.picture(image) for image in images_of(book)}
    assert found == pictures
    assert len(found) > 2


def test_a_key_that_is_not_sent_hides_its_picture_and_contradicts_nothing(week, second):
    data, pictures = week
    name = min(pictures)
    less = changed(data, lambda members: members.pop(f"keys/{name}"))
    assert (verify(less).exit_code, second(less)) == (0, 0)
    book = ReceivedBook(less, RULES, None)
    (image,) = [one for one in images_of(book) if one.sha256 == name]
    with pytest.raises(StorageError, match="sealed to its owner's key"):
        book.picture(image)


@pytest.mark.parametrize(
    "change",
    [
        lambda members, one, two: members.update({f"keys/{one}": members[f"keys/{two}"]}),
        lambda members, one, _: members.update({f"keys/{one}": b"0" * 32}),
        lambda members, one, _: members.update({f"keys/{one}": members[f"keys/{one}"].upper()}),
        lambda members, one, _: members.update({f"keys/{one}": members[f"keys/{one}"] + b"\n"}),
        lambda members, one, _: members.update({f"keys/{one}": b""}),
        lambda members, one, _: members.update({"keys/" + "f" * 64: members[f"keys/{one}"]}),
    ],
    ids=["of another image", "zeros", "capitals", "with a line's end", "empty", "without an image"],
)
def test_a_key_that_opens_nothing_is_a_contradiction_to_both_readers(week, second, change):
    data, pictures = week
    one, two = sorted(pictures)[:2]
    wrong = changed(data, lambda members: change(members, one, two))
    report = verify(wrong)
    assert (report.exit_code, second(wrong)) == (1, 1)
    assert all(finding.where.startswith("keys/") for finding in report.findings)


def test_a_picture_that_was_exchanged_with_its_key_is_not_the_one_that_was_recorded(week, second):
    data, pictures = week
    name = min(pictures)
    other = pyrage.encrypt(b"another picture", [IDENTITY.to_public()])
    forged = changed(
        data,
        lambda members: members.update(
            {f"blobs/{name}": other, f"keys/{name}": file_key(other, str(IDENTITY)).hex().encode()}
        ),
    )
    assert (verify(forged).exit_code, second(forged)) == (1, 1)


def test_keys_where_no_images_are_said_to_be_are_a_contradiction(second):
    plain = make_week(11, slots_per_device=6).bundle()
    stray = changed(plain, lambda members: members.update({"keys/" + "a" * 64: b"0" * 32}))
    assert (verify(stray).exit_code, second(stray)) == (1, 1)
