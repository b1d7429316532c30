"""Promises of the client's answer: it says what was signed, or in plain words why it cannot be believed."""

from __future__ import annotations

import hashlib
import json

import msgspec
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from workdiary.builtin.rules import RULES
from workdiary.desk import desk
from workdiary.desk.book import LocalBook
from workdiary.desk.proofs import write_bundle
from workdiary.desk.reader import Reader
from workdiary.desk.received import ReceivedBook
from workdiary.desk.reviews import answers, take
from workdiary.errors import BundleError, RuleError, UsageError, WorkdiaryError
from workdiary.journal import entry as kinds
from workdiary.paths import Home
from workdiary.proof.links import _SMALL_ORDER
from workdiary.proof.verify import receive
from workdiary.review.form import fingerprint, read_review, write_review
from workdiary.review.make import billed, make_review
from workdiary.slots import parse_iso, slot_of, week_of
from workdiary.testing.weeks import make_week

TERMS = {"rate": 6000, "currency": "EUR", "manual": True}
NOW = parse_iso("2026-11-25T12:00Z")
WEEK = week_of(slot_of(NOW))
AT = NOW + 3_600_000


class Client:
    def __init__(self, name=b"client"):
        self.key = Ed25519PrivateKey.from_private_bytes(hashlib.sha256(name).digest())
        self.public = self.key.public_key().public_bytes_raw().hex()

    def sign(self, body):
        return self.key.sign(kinds.pae(body))

    def answer(self, export, disputed=None, at=AT, name="Ada"):
        received = receive(export, RULES)[1]
        return make_review(
            received, RULES, disputed or {}, name=name, public=self.public, sign=self.sign, at_ms=at
        )  # fmt: skip


@pytest.fixture
def home(tmp_path, monkeypatch):
    monkeypatch.setattr("workdiary.desk.desk.system_clock", lambda: type("Now", (), {"wall": NOW}))
    found = Home.find({"WORKDIARY_HOME": str(tmp_path / "home")})
    book = LocalBook(found, RULES)
    book.change("contract_add", contract="acme", terms=TERMS)
    book.change("manual_add", contract="acme", start_ms=parse_iso("2026-11-24T14:00Z"), slots=4, memo="on the phone")
    return found


def exported(home, tmp_path, name="week.zip"):
    reader = Reader.open(home, RULES)
    out = tmp_path / name
    keys = desk.open_keys(home)
    write_bundle(reader, RULES, keys, home.blobs, contract="acme", number=WEEK, out=out, images=False)
    reader.close()
    return out


def ids(home):
    return [one.id for one in LocalBook(home, RULES).week("acme", WEEK).segments]


def taken(home, data, *, accept_key=False):
    return take(home, Reader.open(home, RULES), RULES, data, accept_key=accept_key, now_ms=AT + 10_000)


@pytest.fixture
def review(home, tmp_path):
    chosen = ids(home)
    return Client().answer(
        exported(home, tmp_path), {chosen[3]: "we did not talk then", chosen[1]: "that was lunch"}
    )  # fmt: skip


def test_a_review_says_what_is_disputed_and_what_is_left_to_pay(review, home):
    body = review.body
    assert (body.verdict, body.reviewer.name, review.file_name) == ("disputed", "Ada", "acme-2026-W48.review.json")
    assert review.reasons() == {ids(home)[1]: "that was lunch", ids(home)[3]: "we did not talk then"}
    assert (body.approved.seconds, body.approved.amount, body.approved.currency) == (1200, 2000, "EUR")
    assert read_review(review.data) == review
    assert json.loads(review.data)["body"]["kind"] == "review"


def test_what_is_left_of_an_approved_week_is_its_statement():
    for seed in range(8):
        made = make_week(seed)
        received = receive(made.bundle(), RULES)[1]
        review = Client().answer(made.bundle())
        claimed = received.claim.statement
        assert (review.body.approved.seconds, review.body.approved.amount) == (
            claimed["billable_seconds"],
            claimed["amount"],
        )
        assert review.body.verdict == "approved"


def test_every_changed_byte_is_refused_in_plain_words(review):
    said = set()
    for at in range(len(review.data)):
        changed = bytearray(review.data)
        changed[at] ^= 1
        with pytest.raises(BundleError) as error:
            read_review(bytes(changed))
        said.add(error.value.message.partition(": ")[2])
    assert "the file was changed after it was signed: the signature does not fit" in said
    assert "the file is cut off, or something was put behind its end" in said
    assert len(said) <= 5
    assert read_review(review.data).body.verdict == "disputed"  # positive control: only the change is refused


def test_every_cut_and_every_addition_is_refused(review):
    for length in range(len(review.data)):
        with pytest.raises(BundleError):
            read_review(review.data[:length])
    for more in (b"\n", b" ", review.data):
        with pytest.raises(BundleError):
            read_review(review.data + more)
    with pytest.raises(BundleError, match="the file is empty"):
        read_review(b"")
    with pytest.raises(BundleError, match="the export itself"):
        read_review(b"PK\x03\x04")


def test_a_review_signed_anew_over_something_that_is_none_is_refused(review):
    """Whoever holds the key can sign anything: the form is held to all the same."""
    body = json.loads(review.data)["body"]
    one = body["disputed"][0]
    chain = body["chains"][0]
    for change in (
        {"v": 2},
        {"kind": "statement"},
        {"extra": 1},
        {"at": -1},
        {"week": "2026-W99"},
        {"contract": "../../etc/passwd"},
        {"statement": "F" * 64},
        {"verdict": "approved"},
        {"verdict": "maybe"},
        {"chains": []},
        {"chains": [chain, chain]},
        {"disputed": []},
        {"disputed": body["disputed"][::-1]},
        {"disputed": [one, one]},
        {"disputed": [{**one, "seq": 99}]},
        {"disputed": [{**one, "device": "0" * 16}]},
        {"disputed": [{**one, "reason": " "}]},
        {"disputed": [{**one, "reason": "two\nlines"}]},
        {"disputed": [{**one, "reason": "x" * 501}]},
        {"disputed": [{**one, "reason": "\x1b[31m"}]},
        {"disputed": [{**one, "slot": 2**52}]},
        {"reviewer": {**body["reviewer"], "name": "x" * 101}},
        {"reviewer": {**body["reviewer"], "public": "01" + "00" * 31}},
        {"approved": {**body["approved"], "seconds": -1}},
        {"approved": {**body["approved"], "currency": "eur"}},
    ):
        with pytest.raises(BundleError):
            read_review(signed(kinds.canonical({**body, **change})))
    with pytest.raises(BundleError, match="one form"):
        read_review(signed(kinds.canonical(body)[:-1] + b" }"))
    assert read_review(signed(kinds.canonical(body))) == review


def signed(body):
    return b'{"body":' + body + b',"signature":"' + Client().sign(body).hex().encode() + b'"}\n'


def test_a_key_that_verifies_what_nobody_signed_is_refused(review):
    body = json.loads(review.data)["body"]
    for weak in _SMALL_ORDER:
        forged = kinds.canonical({**body, "reviewer": {"name": "", "public": weak.hex()}})
        with pytest.raises(BundleError):
            read_review(b'{"body":' + forged + b',"signature":"' + b"01" + b"00" * 63 + b'"}\n')


def test_only_segments_of_the_bill_can_be_disputed_and_each_with_a_reason():
    made = make_week(3)
    received = receive(made.bundle(), RULES)[1]
    book = ReceivedBook(made.bundle(), RULES, None)
    gone = [one for one in book.week(book.contract, book.number).segments if one.deleted]
    here = [one for one in billed(book.week(book.contract, book.number)) if not one.deleted]
    with pytest.raises(UsageError, match="no segment"):
        Client().answer(made.bundle(), {"0000-acme-1": "why"})
    if gone:
        with pytest.raises(UsageError, match="deleted by its owner"):
            Client().answer(made.bundle(), {gone[0].id: "why"})
    with pytest.raises(UsageError, match="no reason"):
        Client().answer(made.bundle(), {here[0].id: " "})
    assert received.claim.contract == Client().answer(made.bundle(), {here[0].id: "why"}).body.contract


def test_the_freelancer_sees_the_dispute_with_its_reasons(home, review):
    done = taken(home, review.data)
    assert (done.new, done.first) == (True, True)
    (answer,) = LocalBook(home, RULES).reviews("acme", WEEK)
    assert answer.in_force
    segments = LocalBook(home, RULES).week("acme", WEEK).segments
    assert [answer.of(one) for one in segments] == [
        "approved",
        "disputed: that was lunch",
        "approved",
        "disputed: we did not talk then",
    ]
    (kept,) = home.reviews.iterdir()
    assert kept.read_bytes() == review.data
    assert (kept.stat().st_mode & 0o777, home.reviews.stat().st_mode & 0o777) == (0o600, 0o700)


def test_the_same_answer_twice_changes_nothing(home, review):
    taken(home, review.data)
    before = [(one.name, one.stat().st_mtime_ns) for one in home.reviews.iterdir()]
    done = taken(home, review.data)
    assert (done.new, done.first) == (False, False)
    assert [(one.name, one.stat().st_mtime_ns) for one in home.reviews.iterdir()] == before


def test_deleting_or_editing_a_disputed_segment_afterwards_is_said(home, review):
    taken(home, review.data)
    book = LocalBook(home, RULES)
    book.reviews("acme", WEEK)
    second, fourth = ids(home)[1], ids(home)[3]
    book.change("delete", segments=[second], keep_time=False)
    book.change("edit_memo", segments=[fourth], memo="with Bob")
    book.change("manual_add", contract="acme", start_ms=parse_iso("2026-11-25T09:00Z"), slots=1, memo="more")
    (answer,) = book.reviews("acme", WEEK)
    assert answer.since == {second: "deleted after the review", fourth: "its memo was edited after the review"}
    segments = book.week("acme", WEEK).segments
    assert [answer.of(one) for one in segments][-1] == ""  # it was not there when the client looked
    assert taken(home, review.data).answer.since == answer.since


def test_a_later_answer_counts_whatever_the_order_of_arrival(home, tmp_path, review):
    export = exported(home, tmp_path, "again.zip")
    later = Client().answer(export, at=AT + 1000)
    taken(home, later.data)
    taken(home, review.data)
    found = LocalBook(home, RULES).reviews("acme", WEEK)
    assert [(one.in_force, one.review.body.verdict) for one in found] == [(True, "approved"), (False, "disputed")]


def test_an_answer_from_the_future_is_refused_as_it_would_count_for_ever(home, tmp_path):
    ahead = Client().answer(exported(home, tmp_path, "again.zip"), at=AT + 2 * 3_600_000)
    with pytest.raises(RuleError, match="which is in the future"):
        taken(home, ahead.data)
    assert LocalBook(home, RULES).reviews("acme", WEEK) == []


def test_an_answer_to_another_export_is_named_by_day_and_time(home, tmp_path, review, monkeypatch):
    body = review.body
    wrong = msgspec.structs.replace(body.disputed[1], digest="0" * 64)
    other = msgspec.structs.replace(body, disputed=[body.disputed[0], wrong])
    with pytest.raises(RuleError, match=r"entry \d+ \(Tuesday 24 Nov 2026 14:30 UTC\) is not the one in your diary"):
        taken(home, write_review(other, Client().sign).data)
    head = msgspec.structs.replace(body.chains[0], digest="0" * 64)
    with pytest.raises(RuleError, match="answers another export"):
        taken(home, write_review(msgspec.structs.replace(body, chains=[head]), Client().sign).data)
    more = msgspec.structs.replace(body, approved=msgspec.structs.replace(body.approved, amount=1))
    with pytest.raises(RuleError, match=r"it approves 1200 s, 0.01 EUR; .* gives 1200 s, 20.00 EUR"):
        taken(home, write_review(more, Client().sign).data)
    far = msgspec.structs.replace(body.chains[0], head=999)
    with pytest.raises(RuleError, match="up to 999"):
        taken(home, write_review(msgspec.structs.replace(body, chains=[far]), Client().sign).data)
    assert not home.reviews.exists()
    assert taken(home, review.data).new


def test_a_review_of_somebody_elses_diary_is_refused(home):
    made = make_week(3)
    with pytest.raises(RuleError, match="another device's diary"):
        taken(home, Client().answer(made.bundle()).data)


def test_another_key_is_a_clear_warning_and_needs_consent(home, tmp_path, review):
    taken(home, review.data)
    stranger = Client(b"stranger")
    forged = stranger.answer(exported(home, tmp_path, "again.zip"), at=AT + 5)
    with pytest.raises(RuleError, match="signed by another key") as error:
        taken(home, forged.data)
    assert fingerprint(stranger.public) in error.value.message
    assert fingerprint(Client().public) in error.value.message
    assert len(list(home.reviews.iterdir())) == 1
    assert taken(home, forged.data, accept_key=True).first


def test_the_freelancer_cannot_approve_his_own_week(home, tmp_path):
    keys = desk.open_keys(home)
    received = receive(exported(home, tmp_path), RULES)[1]
    own = make_review(received, RULES, {}, name="", public=keys.public, sign=keys.sign, at_ms=AT)
    with pytest.raises(RuleError, match="your own key"):
        taken(home, own.data)


def test_a_kept_file_that_was_damaged_is_named_and_counts_for_nothing(home, review):
    taken(home, review.data)
    (kept,) = home.reviews.iterdir()
    data = bytearray(review.data)
    data[100] ^= 1
    kept.write_bytes(data)
    (answer,) = answers(home, Reader.open(home, RULES), RULES)
    assert (answer.review, answer.in_force) == (None, False)
    assert "changed after it was signed" in answer.trouble
    assert (answer.contract, answer.week) == ("acme", "2026-W48")
    with pytest.raises(WorkdiaryError, match="damaged"):
        taken(home, review.data)


def test_a_received_book_shows_the_week_and_changes_nothing(home, tmp_path):
    own = LocalBook(home, RULES)
    book = ReceivedBook(exported(home, tmp_path), RULES, None)
    assert book.words.verdict == "verified"
    assert book.week("acme", WEEK) == own.week("acme", WEEK)
    assert book.weeks("acme") == range(WEEK, WEEK + 1)
    assert (book.weeks("other"), book.reviews("acme", WEEK), book.delivered("x"), book.may_change) == (
        range(0),
        (),
        {},
        False,
    )
    assert book.segment(ids(home)[0]) == own.segment(ids(home)[0])
    assert book.status()["state"] == "stopped"
    assert book.terms()["acme"] == own.terms()["acme"]
    with pytest.raises(RuleError, match="cannot be changed"):
        book.change("delete", segments=ids(home), keep_time=False)
    assert book.week("acme", WEEK + 1).segments == ()
    with pytest.raises(UsageError):
        book.week("other", WEEK)
    with pytest.raises(UsageError):
        book.export("acme", WEEK + 1, images=False)
    with pytest.raises(UsageError):
        book.segment("0000-acme-99")
    with pytest.raises(BundleError, match="cannot be read"):
        ReceivedBook(b"hello", RULES, None)


def test_a_received_book_answers_with_the_keys_of_whoever_looks(home, tmp_path):
    other = Home.find({"WORKDIARY_HOME": str(tmp_path / "client")})
    export = exported(home, tmp_path)
    book = ReceivedBook(export, RULES, lambda: desk.own_keys(other))
    assert not other.data.exists()
    review = book.answer({ids(home)[0]: "no"}, name="Ada", at_ms=AT)
    assert review.body.reviewer.public == desk.own_keys(other).public
    assert taken(home, review.data).new
    assert book.export("acme", WEEK, images=False) == export.read_bytes()


def test_a_record_that_contradicts_itself_can_be_neither_approved_nor_disputed(home, tmp_path):
    made = make_week(3, slots_per_device=6)
    export = made.bundle()
    book = ReceivedBook(export, RULES, None)
    book.report.contradiction("statement.json", "it says 1; the entries give 2")
    with pytest.raises(RuleError, match="neither approved nor disputed"):
        book.answer({}, name="", at_ms=AT)
