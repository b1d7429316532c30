"""Conversations of a device with a server, and what docs/reference/protocol.md says has to come of each."""

from __future__ import annotations

import base64
import hashlib

from _format import canonical
from _write import Diary, identity, key, signed, text

PICTURE = hashlib.sha256(b"a picture").hexdigest()


def batch(entries: list[dict], *expected: str, status: int = 200) -> dict:
    """Return a batch with its answers: ``stored`` or the code of a rejection, in their order."""
    return {"entries": entries, "status": status, "answers": list(expected)}


def conversations() -> dict[str, dict]:
    """Return batches one after another, and the values that are there at the end."""
    return {name.replace("_", " "): make() for name, make in CASES.items()}


CASES = {}


def case(make):
    CASES[make.__name__] = make
    return make


def talk(diary: Diary, *batches: dict, values=(), images=()) -> dict:
    there = sorted(f"{seq} {field}" for seq, field in values)
    return {"chain": diary.chain, "images": list(images), "batches": list(batches), "values": there}


@case
def an_honest_chain():
    diary = Diary()
    return talk(
        diary, batch([diary.begin, diary.manual(), diary.manual()], *["stored"] * 3), values=[(1, "memo"), (2, "memo")]
    )


@case
def all_of_it_again_changes_nothing():
    diary = Diary()
    entries = [diary.begin, diary.manual()]
    return talk(diary, batch(entries, "stored", "stored"), batch(entries, "stored", "stored"), values=[(1, "memo")])


@case
def a_part_again_and_then_more():
    diary = Diary()
    first = [diary.begin, diary.manual()]
    return talk(
        diary, batch(first, "stored", "stored"), batch([first[1], diary.manual()], "stored", "stored"),
        values=[(1, "memo"), (2, "memo")],
    )  # fmt: skip


@case
def the_first_entry_is_missing():
    diary = Diary()
    return talk(diary, batch([diary.manual()], status=409))


@case
def an_entry_in_between_is_missing():
    diary = Diary()
    begin, _lost, late = diary.begin, diary.manual(), diary.manual()
    return talk(diary, batch([begin, late], "stored", status=409))


@case
def signed_by_another_device():
    diary = Diary()
    return talk(diary, batch([diary.begin, diary.manual(by=key("another"))], "stored", "signature"))


@case
def one_bit_of_the_signature_is_another():
    diary = Diary()
    one = diary.manual()
    raw = bytearray(base64.b64decode(one["signature"]))
    raw[7] ^= 1
    return talk(diary, batch([diary.begin, one | {"signature": text(bytes(raw))}], "stored", "signature"))


@case
def a_key_that_is_not_the_devices():
    diary, other = Diary(), Diary("another")
    body = base64.b64decode(other.begin["body"]).replace(identity(other.key).encode(), identity(diary.key).encode())
    return talk(diary, batch([signed(body, other.key)], "signature"))


@case
def a_chain_that_begins_with_no_key():
    diary = Diary()
    diary.seq, diary.prev = 0, "0" * 64
    return talk(diary, batch([diary.manual()], "signature"))


@case
def a_body_that_is_not_canonical():
    diary = Diary()
    body = base64.b64decode(diary.manual()["body"]).replace(b'{"at"', b'{ "at"')
    return talk(diary, batch([diary.begin, signed(body, diary.key)], "stored", "body"))


@case
def a_body_with_a_field_that_is_not_known():
    diary = Diary()
    one = diary.add("clock", before=1, after=2, more=3)
    return talk(diary, batch([diary.begin, one], "stored", "body"))


@case
def a_body_of_another_version():
    diary = Diary()
    body = base64.b64decode(diary.add("clock", before=1, after=2)["body"]).replace(b'"v":1', b'"v":2')
    return talk(diary, batch([diary.begin, signed(body, diary.key)], "stored", "body"))


@case
def a_body_that_is_nonsense():
    diary = Diary()
    return talk(diary, batch([diary.begin, signed(b"\xff\x00", diary.key)], "stored", "body"))


@case
def two_entries_of_one_number_are_a_fork_for_ever():
    diary = Diary()
    begin, one = diary.begin, diary.manual("one")
    other = Diary()
    again = other.manual("another")
    return talk(
        diary, batch([begin, one], "stored", "stored"), batch([again], "fork"), batch([again, one], "fork", "stored"),
        values=[(1, "memo")],
    )  # fmt: skip


@case
def a_value_that_is_not_the_one_that_was_signed():
    diary = Diary()
    one = diary.manual()
    one["openings"]["memo"][1] = text(canonical("another"))
    return talk(diary, batch([diary.begin, one], "stored", "opening"))


@case
def a_value_of_a_field_that_was_not_signed():
    diary = Diary()
    one = diary.manual()
    one["openings"]["window"] = one["openings"]["memo"]
    return talk(diary, batch([diary.begin, one], "stored", "opening"))


@case
def a_rejected_entry_holds_up_nobody_and_fills_its_hole_later():
    diary = Diary()
    begin, bad, after = diary.begin, diary.manual(), diary.manual()
    whole = bad | {"openings": dict(bad["openings"])}
    bad = bad | {"openings": {"memo": [bad["openings"]["memo"][0], text(canonical("another"))]}}
    return talk(
        diary, batch([begin, bad, after], "stored", "opening", "stored"), batch([whole], "stored"),
        values=[(1, "memo"), (2, "memo")],
    )  # fmt: skip


@case
def an_entry_of_an_unknown_kind_holds_up_nobody():
    diary = Diary()
    entries = [diary.begin, diary.add("later"), diary.manual()]
    return talk(diary, batch(entries, "stored", "body", "stored"), values=[(2, "memo")])


@case
def an_entry_with_an_unknown_field_holds_up_nobody():
    diary = Diary()
    entries = [diary.begin, diary.add("clock", before=1, after=2, more=3), diary.manual()]
    return talk(diary, batch(entries, "stored", "body", "stored"), values=[(2, "memo")])


@case
def an_entry_that_follows_another_one():
    diary = Diary()
    begin, _one = diary.begin, diary.manual()
    diary.seq = 1
    return talk(diary, batch([begin, diary.manual()], "stored", status=409))


@case
def an_entry_that_fills_a_hole_has_to_follow_too():
    diary = Diary()
    begin, lost, after = diary.begin, diary.add("later"), diary.manual()
    diary.seq = 1
    return talk(
        diary, batch([begin, lost, after], "stored", "body", "stored"), batch([diary.manual()], status=409),
        values=[(2, "memo")],
    )  # fmt: skip


@case
def values_that_are_withheld_come_later():
    diary = Diary()
    one = diary.manual()
    return talk(
        diary, batch([diary.begin, one | {"openings": {}}], "stored", "stored"), batch([one], "stored"),
        values=[(1, "memo")],
    )  # fmt: skip


@case
def a_tombstone_erases_and_what_was_erased_does_not_come_back():
    diary = Diary()
    begin, one, two = diary.begin, diary.manual("secret"), diary.manual("kept")
    stone = diary.add("tombstone", of=[1], fields=["*"], why="owner")
    return talk(
        diary, batch([begin, one, two, stone], *["stored"] * 4), batch([one], "stored"), values=[(2, "memo")]
    )  # fmt: skip


@case
def the_memo_of_an_edit_goes_with_all_that_it_edits():
    diary = Diary()
    entries = [diary.begin, diary.manual(), diary.manual()]
    entries += [
        diary.add("edit", of=[1, 2], values=[("memo", "both")]),
        diary.add("edit", of=[2], values=[("memo", "one")]),
    ]
    entries.append(diary.add("tombstone", of=[2], fields=["*"], why="owner"))
    return talk(diary, batch(entries, *["stored"] * 6), values=[(1, "memo"), (3, "memo")])


@case
def an_image_that_is_missing_holds_the_batch_up():
    diary = Diary()
    return talk(diary, batch([diary.begin, diary.manual(images=[PICTURE])], "stored", status=409))


@case
def an_image_that_is_there():
    diary = Diary()
    return talk(
        diary, batch([diary.begin, diary.manual(images=[PICTURE])], "stored", "stored"), values=[(1, "memo")],
        images=[text(b"a picture")],
    )  # fmt: skip


@case
def a_recover_goes_on_behind_an_entry_that_the_server_has():
    diary = Diary()
    entries = [diary.begin, diary.manual()]
    diary.seq = 5
    entries += [diary.add("recover", lost_from=2, lost_to=4, reason="a damaged file"), diary.manual()]
    return talk(diary, batch(entries, *["stored"] * 4), values=[(1, "memo"), (6, "memo")])


@case
def a_recover_behind_an_entry_that_the_server_does_not_have():
    diary = Diary()
    begin = diary.begin
    diary.manual()
    diary.seq = 5
    return talk(
        diary, batch([begin, diary.add("recover", lost_from=2, lost_to=4, reason="damaged")], "stored", status=409)
    )


@case
def two_chains_in_one_batch():
    diary, other = Diary(), Diary(contract="beta")
    entries = [diary.begin, other.begin, diary.manual(), other.manual()]
    return talk(diary, batch(entries, *["stored"] * 4), values=[(1, "memo")])
