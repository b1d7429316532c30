"""Promises about exports that were made to do harm: an answer in bounded time, in words, and nothing for a terminal."""

from __future__ import annotations

import io
import time

import pytest

from workdiary.builtin.rules import RULES
from workdiary.cli import run
from workdiary.errors import UsageError
from workdiary.journal import entry as kinds
from workdiary.journal.age import open_with
from workdiary.proof.bundle import MAX_BYTES, build
from workdiary.proof.lines import write_entries, write_openings
from workdiary.proof.verify import receive, verify
from workdiary.proof.words import in_words
from workdiary.slots import parse_week, slot_start_ms, week_name, week_slots
from workdiary.testing.weeks import Device, make_week

NUMBER = 2959
SLOT = week_slots(NUMBER).start
#: A week whose entries touch nothing of the exported one.
OLD = week_slots(NUMBER - 30).start
VALUES = {
    "window": {"unknown": "x"},
    "counts": {"minutes": [[0, 0, 0, 0]] * 10, "unknown": {}, "sources": {}},
    "memo": "",
    "snapshot": {"missing": "x"},
}
ESCAPE = "\x1b]0;pwned\x07"


def bundle(signer: Device, *, put=None, nested="", **claimed):
    """Return an export of the whole chain; *put* goes behind its entries, *nested* into the statement as it is."""
    chain, openings = signer.seal()
    part = {
        "device": signer.name, "terms": None, "first": 1, "prev": kinds.digest(chain[0].body),
        "head": len(chain) - 1, "digest": kinds.digest(chain[-1].body),
    }  # fmt: skip
    claim = {
        "kind": "statement", "v": 1, "at": 0, "device": signer.name, "contract": "acme", "week": week_name(NUMBER),
        "images": False, "statement": {"nested": 0}, **claimed,
        "chains": [{**part, **claimed.get("chain", {})}],
    }  # fmt: skip
    claim.pop("chain", None)
    body = kinds.canonical(claim).replace(b'"nested":0', b'"nested":' + (nested or "0").encode())
    members = {
        "statement.json": body,
        "statement.sig": signer.sign(body).hex().encode(),
        f"{signer.name}/entries.jsonl": write_entries(chain) + (put or b""),
        f"{signer.name}/openings.jsonl": write_openings(openings),
    }
    file = io.BytesIO()
    build(members, file)
    return file.getvalue()


@pytest.fixture
def device():
    return make_week(3, number=NUMBER).devices[0]


def verdict(data, seconds=10.0):
    """Verify within a time that is far above what it takes, and far below what it took."""
    begun = time.process_time()
    report = verify(data)
    assert report.to_text()
    assert in_words(report).to_text()
    assert time.process_time() - begun < seconds
    return [one.text for one in report.findings]


def test_edits_of_edits_take_no_longer_than_they_are_many(device):
    at = slot_start_ms(OLD + 2)
    first = second = device.add(kinds.Manual, at, {"memo": "x"}, slot=OLD)
    for _ in range(1500):  # as many levels as ways double: 2 ** 1500 of them
        first, second = second, device.add(kinds.Edit, at, {"memo": "x"}, of=[first, second])
    assert "it says nested 0; the entries give None" in verdict(bundle(device))


def test_many_intervals_of_one_slot_take_no_longer_than_they_are_many(device):
    for part in range(40):
        device.add(
            kinds.Segment, slot_start_ms(SLOT + 1), VALUES, session="s", slot=SLOT, moments=[],
            intervals=[(part * 5000 + at, part * 5000 + at + 1) for at in range(0, 5000, 2)],
        )  # fmt: skip
    assert "it says nested 0; the entries give None" in verdict(bundle(device))


def test_manual_time_is_held_against_its_own_slot_alone(device):
    at = slot_start_ms(SLOT + 2)
    for number in range(1500):
        device.add(kinds.Session, at, session="s", action="keep", reason="")
        device.add(kinds.Manual, at, {"memo": "x"}, slot=OLD + number)
    assert "it says nested 0; the entries give None" in verdict(bundle(device))


@pytest.mark.parametrize("depth", [500, 100_000])
def test_a_statement_nested_deeply_is_none(device, depth):
    said = verdict(bundle(device, nested="[" * depth + "]" * depth))
    assert any("no signed statement" in one or one.startswith("it says nested [[[") for one in said)


def test_values_and_entries_nested_deeply_are_none(device):
    deep = b"[" * 30_000 + b"]" * 30_000
    for name in (b'"kind":"terms","terms":{"a":%s}' % deep, b'"terms":{"a":%s},"kind":"terms"' % deep):
        line = b'{"body":{%s},"signature":"%s"}\n' % (name, b"0" * 128)
        assert any(one.startswith("no entry") for one in verdict(bundle(device, put=line)))
    device.add(kinds.Manual, slot_start_ms(SLOT + 2), {"memo": "x"}, slot=SLOT)
    chain, openings = device.seal()
    value = b"[" * 100_000 + b"]" * 100_000
    device.seal = lambda: (chain, {**openings, (len(chain) - 1, "memo"): (b"\0" * 32, value)})
    assert verdict(bundle(device))


@pytest.mark.parametrize(
    ("kind", "at", "opened", "values"),
    [
        (kinds.Segment, 10**15, VALUES, {"session": "s", "slot": SLOT, "intervals": [(0, 5)], "moments": []}),
        (kinds.Segment, 10**15, VALUES, {"session": "s", "slot": 10**9, "intervals": [(0, 5)], "moments": []}),
        (
            kinds.Segment, slot_start_ms(SLOT + 1), VALUES,
            {"session": "s", "slot": SLOT, "intervals": [(0, 5)], "moments": [{"start": 10**14, "at": 10**14}]},
        ),
        (kinds.Manual, 10**15, {"memo": "x"}, {"slot": 10**9}),
        (kinds.Manual, 10**15, {"memo": "x"}, {"slot": SLOT}),
        (kinds.Gap, 1, {}, {"session": "s", "start": 10**15, "end": 10**15, "elapsed": 1, "reason": "x"}),
        (kinds.Clock, 1, {}, {"before": -(10**15), "after": 1}),
        (kinds.Session, -1, {}, {"session": "s", "action": "start", "reason": ""}),
    ],
)  # fmt: skip
def test_a_time_that_there_is_not_is_a_contradiction(device, kind, at, opened, values):
    device.add(kind, at, opened, **values)
    assert "it names a time before 1970 or after the year 9998" in verdict(bundle(device))


def test_a_picture_of_no_time_cannot_be_read(device):
    shot = {
        "sha256": "0" * 64, "width": 1, "height": 1, "bytes": 1, "media_type": "image/png", "taken_at": 10**15,
        "cause": "policy", "not_noticed": "x",
    }  # fmt: skip
    opened = {**VALUES, "snapshot": {"taken_at": 10**15, "cause": "policy", "images": [shot]}}
    at = slot_start_ms(SLOT + 1)
    device.add(kinds.Segment, at, opened, session="s", slot=SLOT, intervals=[(0, 5)], moments=[])
    assert any("snapshot: Expected `int` <= " in one for one in verdict(bundle(device)))


@pytest.mark.parametrize("claimed", [{}, {"billable_seconds": "x", "amount": 1, "currency": "EUR"}, {"amount": []}])
def test_a_statement_without_a_sum_has_a_report_all_the_same(device, claimed):
    assert verdict(bundle(device, statement=claimed))


@pytest.mark.parametrize(
    "made", [{"contract": ESCAPE}, {"contract": "../x"}, {"device": ESCAPE}, {"chain": {"device": ESCAPE}}]
)
def test_a_contract_or_device_has_a_name_that_one_may_have(device, made):
    [said] = verdict(bundle(device, **made))
    assert said == "statement.json names a contract or a device by what can be no name of one"
    assert receive(bundle(device))[1] is not None  # positive control


@pytest.mark.parametrize("words", [[], ["--plain"], ["--json"]])
def test_nothing_of_an_export_steers_the_terminal(device, tmp_path, capsys, words):
    unknown = b'{"body":{"kind":"key","\\u001b]0;pwned":1},"signature":"%s"}\n' % (b"0" * 128)
    for data in (bundle(device, put=unknown), bundle(device, statement={ESCAPE: 1, "\x9b2J": 2})):
        assert "pwned" in verify(data).to_text()  # positive control
        file = tmp_path / "week.zip"
        file.write_bytes(data)
        assert run(["verify", str(file), *words]) == 1
        said = capsys.readouterr()
        assert not {"\x1b", "\x07", "\x9b"} & set(said.out + said.err)
        assert "pwned" in said.out


def test_nothing_of_an_error_steers_the_terminal(tmp_path, capsys):
    assert run(["verify", "--json", "--plain", str(tmp_path / "none")]) == 3
    assert run(["review", "import", str(tmp_path / f"{ESCAPE}none")]) == 2
    said = capsys.readouterr().err
    assert "pwned" in said
    assert not {"\x1b", "\x07"} & set(said)


def test_a_file_larger_than_any_export_is_not_read(tmp_path):
    file = tmp_path / "week.zip"
    with file.open("wb") as out:
        out.truncate(MAX_BYTES + 1)  # of holes: it takes no place
    assert "larger than 2 GiB" in verify(file).to_text()


def test_a_sealed_picture_with_an_endless_head_is_refused_at_once():
    sealed = b"age-encryption.org/v1\n-> a\n" + (b"A" * 64 + b"\n") * 60_000 + b"\n--- AAAA\nx"
    begun = time.process_time()
    with pytest.raises(ValueError, match="no age file"):
        open_with(sealed, bytes(16))
    assert time.process_time() - begun < 1


def test_a_week_is_written_in_one_way():
    assert parse_week(week_name(NUMBER)) == NUMBER
    with pytest.raises(UsageError, match="is not a week"):
        parse_week("\u0662\u0660\u0662\u0666-W12")  # digits of another script name no file that is found again


def test_an_honest_export_is_still_verified():
    report, received = receive(make_week(3, number=NUMBER).bundle(), RULES)
    assert (report.exit_code, received is not None) == (0, True)
