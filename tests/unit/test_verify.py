"""Promises of the verifier: honest weeks pass, every change is found, and it says what it cannot prove."""

from __future__ import annotations

import hashlib
import importlib.machinery
import importlib.util
import io
import json
import sys
import time
from pathlib import Path

import pytest

from workdiary.builtin.rules import RULES
from workdiary.desk.proofs import write_bundle
from workdiary.desk.reader import Reader
from workdiary.diary.terms import Terms
from workdiary.journal import entry as kinds
from workdiary.journal.keys import KeyStore
from workdiary.journal.store import Draft, Journal
from workdiary.proof.export import export
from workdiary.proof.lines import ChainPart, SignedEntry
from workdiary.proof.links import _SMALL_ORDER
from workdiary.proof.verify import verify
from workdiary.slots import slot_start_ms, week_slots
from workdiary.testing.weeks import HonestWeek, make_week

PROGRAM = Path(__file__).parents[2] / "contrib" / "faults" / "mutations"


@pytest.fixture(scope="module")
def mutations():
    sys.path.insert(0, str(PROGRAM.parent))
    loader = importlib.machinery.SourceFileLoader("mutations", str(PROGRAM))
    spec = importlib.util.spec_from_loader("mutations", loader)
    module = importlib.util.module_from_spec(spec)
    before, sys.dont_write_bytecode = sys.dont_write_bytecode, True
    loader.exec_module(module)
    sys.dont_write_bytecode = before
    return module


@pytest.fixture(scope="module")
def samples(mutations):
    return [mutations.Sample(seed) for seed in range(25)]


def test_honest_weeks_raise_no_alarm(samples):
    found = {
        sample.week.number: verify(sample.bundle).to_text() for sample in samples if verify(sample.bundle).exit_code
    }
    assert found == {}


def test_every_kind_of_change_is_found(mutations, samples):
    tried, _, _, missed = mutations.run(samples, 600, seed=7)
    assert missed == []
    assert set(tried) == set(mutations.KINDS)


def test_a_verifier_with_a_check_switched_off_misses(mutations, samples, capsys):
    assert mutations.controls(samples) == []
    assert "are missed, with it 0" in capsys.readouterr().out


def test_a_full_week_is_verified_within_a_second():
    made = make_week(3, slots_per_device=990)
    made.devices = made.devices[:1]
    bundle = made.bundle()
    begun = time.perf_counter()
    report = verify(bundle)
    assert report.exit_code == 0
    assert time.perf_counter() - begun < 3  # 0.45 s measured; the machine of the tests may be busy


def test_the_report_says_what_cannot_be_proven(samples):
    report = verify(samples[0].bundle)
    assert "that a person typed" in report.to_text()
    assert report.to_json()["verdict"] == "verified"
    assert report.to_json()["not_proven"]
    json.dumps(report.to_json())


def test_a_withheld_value_is_incomplete_and_no_contradiction(mutations, samples):
    week = samples[0].week.copy()
    mutations.OWNERS["a value gone without tombstone"](week, __import__("random").Random(1))
    report = verify(week.bundle())
    assert report.exit_code == 2
    assert "withheld" in report.to_text()


def test_a_contradiction_names_the_entries_that_conflict(mutations, samples):
    week = samples[1].week.copy()
    mutations.OWNERS["the same time twice"](week, __import__("random").Random(1))
    report = verify(week.bundle())
    assert report.exit_code == 1
    assert any("entry" in finding.where for finding in report.findings)


def test_what_is_no_export_is_bad_input(tmp_path):
    assert verify(b"hello").exit_code == 3
    assert verify(tmp_path / "none.workdiary").exit_code == 3


def test_an_export_is_the_same_bytes_every_time():
    assert make_week(5, slots_per_device=6).bundle() == make_week(5, slots_per_device=6).bundle()


def test_a_key_of_small_order_signs_nothing():
    weak = bytes.fromhex("01" + "00" * 31)
    assert weak in _SMALL_ORDER
    made = make_week(9, slots_per_device=6)
    device = made.devices[0]
    device.public, device.name = weak.hex(), hashlib.sha256(weak).hexdigest()[:16]
    device.drafts[0].values["public"] = weak.hex()
    made.devices = [device]
    report = verify(made.bundle())
    assert report.exit_code == 1
    assert "public key" in report.to_text()


def with_images(made: HonestWeek, blobs):
    parts = made.parts()
    parts[0] = ChainPart(
        **{**{name: getattr(parts[0], name) for name in parts[0].__dataclass_fields__}, "blobs": blobs}
    )
    file = io.BytesIO()
    at = slot_start_ms(week_slots(made.number).stop)
    export(parts, number=made.number, rules=RULES, at_ms=at, sign=made.devices[0].sign, file=file, images=True)
    return file.getvalue()


def pictured():
    """Return a week of one device whose only snapshots are of these images."""
    made = make_week(11, slots_per_device=6)
    made.devices = made.devices[:1]
    blobs = {}
    for seq, draft in enumerate(made.devices[0].drafts):
        shot = draft.openings.get("snapshot", {})
        for image in shot.get("images", ()):
            blob = b"sealed %d" % seq
            image |= {"sha256": hashlib.sha256(blob).hexdigest(), "bytes": len(blob)}
            if "snapshot" in draft.kept:
                blobs[image["sha256"]] = blob
    return made, blobs


def test_images_are_held_against_the_entries_that_name_them():
    made, blobs = pictured()
    assert verify(with_images(made, blobs)).exit_code == 0
    name = min(blobs)
    assert verify(with_images(made, {**blobs, name: b"another"})).exit_code == 1
    assert verify(with_images(made, {**blobs, "f" * 64: b"stray"})).exit_code == 1
    assert verify(with_images(made, {other: blob for other, blob in blobs.items() if other != name})).exit_code == 2


def test_a_signature_over_another_encoding_does_not_count():
    made = make_week(12, slots_per_device=6)
    device = made.devices[0]
    body = kinds.canonical({"kind": "session"})
    assert device.key.sign(body) != device.sign(body)
    assert SignedEntry(body=body, signature=device.sign(body)).signature != device.key.sign(body)


def test_a_hole_that_recover_states_is_incomplete_and_no_contradiction(tmp_path):
    """A mended journal goes on behind what was lost; its owner is not accused."""
    keys = KeyStore(tmp_path, keyring=False).load()
    journal = Journal(tmp_path / "journal.sqlite", keys)
    start = slot_start_ms(week_slots(2900).start)
    terms = Terms(title="c", rate=6000, currency="EUR").to_entry()
    journal.append([Draft(contract="c", type=kinds.Terms, values={"terms": terms})], at_ms=start)
    values = {"lost_from": 2, "lost_to": 5, "reason": "the journal file was damaged"}
    with journal.transaction():
        chain, _, prev = journal._head("c", start)
        journal.insert(Draft(contract="c", type=kinds.Recover, values=values), chain, 6, prev, start)
    out = tmp_path / "week.zip"
    write_bundle(
        Reader(journal.connection, RULES), RULES, keys, tmp_path, contract="c", number=2900, out=out, images=False
    )
    report = verify(out)
    assert report.exit_code == 2
    assert [one.text for one in report.findings if one.level == 2] == ["entries 2 to 5 were lost with a damaged file"]
