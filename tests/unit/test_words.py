"""What a client is told of a verification: in plain words, and never more than was found."""

from __future__ import annotations

import random
import re

from workdiary.journal import entry as kinds
from workdiary.proof.report import CONTRADICTION, INCOMPLETE, VERIFIED, Finding, Report
from workdiary.proof.verify import verify
from workdiary.proof.words import in_words
from workdiary.testing.weeks import make_week


def test_an_honest_week_is_in_order_and_says_what_that_does_not_mean():
    words = in_words(verify(make_week(3).bundle()))
    assert (words.verdict, words.headline, words.findings) == ("verified", "This record is in order.", ())
    assert re.fullmatch(r"acme, week 2026-W39: (\d+ (h|min|s) )+billable, [\d.]+ EUR\.", words.summary)
    assert words.proves
    assert any("person was typing" in one for one in words.cannot)


def test_a_contradiction_is_named_by_day_and_time():
    made = make_week(3, slots_per_device=6)
    device = made.devices[0]
    seq = next(at for at, one in enumerate(device.drafts) if one.kind is kinds.Segment)
    stolen = {"memo": kinds.commitment("memo", b"x" * 32, b'"another"')}
    device.drafts[seq].values["commits"] = {**dict.fromkeys(("window", "counts", "snapshot"), "0" * 64), **stolen}
    words = in_words(verify(made.bundle()))
    assert words.verdict == "contradicted"
    assert not words.proves
    who = rf"Segment {device.name[:4]}-acme-{seq} \(\w+day \d+ \w{{3}} 2026 \d\d:\d0 UTC\)"
    name = who + r": its memo is not the one that was signed\."
    assert any(re.fullmatch(name, one) for one in words.findings), words.findings
    assert not any(device.name in one for one in words.findings)


def test_every_changed_byte_gets_a_headline_that_does_not_say_verified():
    data = make_week(1, slots_per_device=6).bundle()
    rng = random.Random(1)
    for at in rng.sample(range(len(data)), 200):
        changed = bytearray(data)
        changed[at] ^= 1 << rng.randrange(8)
        words = in_words(verify(bytes(changed)))
        assert words.verdict != "verified"
        assert words.findings
        assert words.remedy
        assert not words.proves


def test_what_is_no_export_is_said_to_be_unreadable():
    words = in_words(verify(b"hello"))
    assert words.verdict == "unreadable"
    assert words.summary == ""
    assert "SHA-256" in words.remedy


def test_the_worst_finding_gives_the_headline():
    report = Report(findings=[Finding(level=level, where="x", text="y") for level in (INCOMPLETE, CONTRADICTION)])
    assert in_words(report).verdict == "contradicted"
    assert in_words(Report(findings=report.findings[:1])).verdict == "incomplete"


def test_a_secret_that_is_not_out_yet_is_told_with_what_it_means():
    text = "the secret of 2026-11-23 is not revealed yet: its moments cannot be derived here"
    words = in_words(Report(findings=[Finding(level=VERIFIED, where="0" * 16, text=text)]))
    assert "screenshots of 2026-11-23" in words.findings[0]
    assert "the amount do not depend on it" in words.findings[0]
    assert "derived" not in words.findings[0]
