"""What is in a demo, and that all of it proves itself."""

from __future__ import annotations

import io
import time

import pytest
from PIL import Image

from workdiary.builtin.rules import RULES
from workdiary.desk.desk import open_keys
from workdiary.desk.proofs import chain_part
from workdiary.desk.reader import Reader
from workdiary.journal.images import open_image
from workdiary.proof.export import export
from workdiary.proof.verify import verify
from workdiary.slots import week_of
from workdiary_demo.making import make

from .conftest import NOW, segments_of, weeks_of


def bundle(reader, home, contract, number):
    file = io.BytesIO()
    part = chain_part(reader, home.blobs, contract=contract, number=number, images=True)
    export([part], number=number, rules=RULES, at_ms=NOW, sign=open_keys(home).sign, file=file, images=True)
    return file.getvalue()


def test_every_week_of_every_contract_is_verified_by_both_readers(made, reader, second_reader):
    found = list(weeks_of(reader))
    assert len(found) > 9
    for contract, number in found:
        data = bundle(reader, made.home, contract, number)
        assert verify(data, RULES).exit_code == 0, (contract, number, verify(data, RULES).findings)
        assert second_reader.verify(data).code == 0, (contract, number, second_reader.verify(data).findings)
        half = len(data) // 2
        assert verify(data[:half] + bytes([data[half] ^ 1]) + data[half + 1 :], RULES).exit_code  # it can fail


def test_it_shows_what_a_diary_can_hold(reader):
    terms = reader.terms()
    last = {name: history[-1].terms for name, history in terms.items()}
    assert {one.status for one in last.values()} == {"active", "paused", "ended"}
    assert {one.type for one in last.values()} == {"hourly", "fixed"}
    assert {one.currency for one in last.values()} == {"EUR", "USD"}
    assert {one.billing for one in last.values()} == {"real-time", "whole-segment"}
    assert len({since.terms.rate for since in terms["northwind"]}) == 2
    segments = segments_of(reader)
    assert any(one.source == "manual" and not one.void for one in segments)
    assert any(one.deleted for one in segments)
    assert any(one.image_removed for one in segments)
    assert any(one.late for one in segments)
    assert any(one.over_limit_seconds for one in segments)
    assert any("Xwayland" in one.unknown.get("keys", "") for one in segments)
    assert len({one.snapshot_missing for one in segments if not one.snapshot}) > 5
    assert not any(one.void for one in segments)
    gaps = {gap.reason for contract, number in weeks_of(reader) for gap in reader.week(contract, number).gaps}
    assert gaps >= {"paused", "the screen was locked", "the computer was asleep", "the tracker was not running"}


def test_the_last_full_week_is_worth_a_dispute(reader):
    week = reader.week("meridian", week_of(NOW // 600_000) - 1)
    fails = " ".join(text for one in week.segments for text in one.fails)
    assert "no memo" in fails
    assert "explain it in the memo" in fails
    assert week.statement.over_limit_seconds


def test_nothing_lies_in_the_future_and_no_slot_holds_more_than_ten_minutes(reader):
    total: dict[int, int] = {}
    for one in segments_of(reader):
        assert one.recorded_at <= NOW
        total[one.slot] = total.get(one.slot, 0) + one.tracked_seconds
    assert max(total.values()) <= 600


def test_pictures_open_and_differ_and_those_of_deleted_segments_are_gone(made, reader):
    images = [image for one in segments_of(reader) if one.snapshot for image in one.snapshot.images]
    on_disk = {path.name for path in made.home.blobs.glob("*/*")}
    assert on_disk == {image.sha256 for image in images}
    assert len(on_disk) < made.images
    keys = open_keys(made.home)
    thumbnails = set()
    for image in images[:40]:
        picture = Image.open(io.BytesIO(open_image(made.home.blobs, image.sha256, keys)))
        assert picture.size == (image.width, image.height) == (1600, 900)
        thumbnails.add(picture.resize((32, 18)).tobytes())
    assert len(thumbnails) > 35


def told(reader):
    """Return the diary without what is drawn anew each time: salts, and the encryption of images."""
    drawn = []
    for one in segments_of(reader):
        shot = one.snapshot and [(image.taken_at, image.width) for image in one.snapshot.images]
        drawn.append(
            (one.id, one.intervals, one.minutes, one.memo, one.window, shot, one.snapshot_missing, one.moments)
        )
    return drawn


@pytest.mark.parametrize("images", [True, False])
def test_one_seed_tells_one_story_and_another_seed_another(tmp_path, images):
    stories = []
    for name, seed in (("a", 7), ("b", 7), ("c", 8)):
        demo = make(tmp_path / name, weeks=1, hours=3, seed=seed, images=images, now_ms=NOW)
        reader = Reader.open(demo.home, RULES)
        stories.append(told(reader))
        reader.close()
    assert stories[0] == stories[1] != stories[2]


def test_a_small_demo_is_made_in_no_time(tmp_path):
    begun = time.process_time()
    demo = make(tmp_path / "home", weeks=1, hours=3, now_ms=NOW)
    assert demo.images > 5
    assert time.process_time() - begun < 4  # 1.2 s on a machine that has nothing else to do
