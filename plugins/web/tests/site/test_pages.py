"""Each page, on a real journal in which everything happens that a page must tell apart."""

from __future__ import annotations

import hashlib
import io
import re
from pathlib import Path
from types import SimpleNamespace

import pytest
from PIL import Image

import workdiary_web.site
from workdiary.errors import StorageError
from workdiary.payloads import Lane, Span
from workdiary.proof.verify import verify
from workdiary.slots import day_slots, iso, slot_start_ms, week_of

from datetime import date  # isort: skip

DAY = date(2026, 11, 23)
NOW_SLOT = day_slots(DAY).start + 108
STATIC = Path(workdiary_web.site.__file__).parent / "static"


def every_page(site):
    one = site.id_of("chapter 3")
    return [
        "day", "day/2026-11-23", "day/2026-11-23?contract=acme", "week", "week/2026-W48", "week/2026-W48/acme/verify",
        "timeline", "timeline/2026-11-23", f"segment/{one}", f"segment/{one}/image/0", f"change/delete?id={one}",
        f"change/memo?id={one}", f"change/image?id={one}", "day/2020-01-01", "week/2020-W02", "timeline/2020-01-01",
    ]  # fmt: skip


def test_every_page_answers_with_a_title_one_heading_and_a_strict_policy(looked_at):
    for path in every_page(looked_at):
        answer = looked_at.get(path)
        assert answer.status == 200, path
        assert "script-src 'self'" in answer.headers["Content-Security-Policy"]
        assert answer.headers["Cache-Control"] == "private, no-store"
        assert re.search(r"<title>[^<]+ · Work Diary</title>", answer.text), path
        assert answer.text.count("<h1") == 1, path
        assert '<a class="skip" href="#content">' in answer.text


def test_no_page_holds_inline_script_or_style_or_leads_away(looked_at):
    for path in every_page(looked_at):
        text = looked_at.get(path).text
        assert not re.search(
            r"<script(?![^>]* src=)|\sstyle=|\son\w+=\"|javascript:", re.sub(r"&\w+;|&#\w+;", "", text)
        ), path
        assert not re.search(r"(src|href|action)=\"(https?:)?//", text), path


def test_the_day_tells_every_state_in_words(looked_at):
    words = looked_at.get("day/2026-11-23").words
    for said in (
        "09:00 Editor", "Acme redesign", "Tern API", "real-time", "whole-segment", "manual", "over limit", "Deleted",
        "No image: privacy filter redact failed", "No image: the image was removed by its owner", "activity unknown",
        "Window unknown", "gap: paused", "asleep", "late", "no memo", "billable 0 s", "Billing is in UTC",
        "1 segment",
    ):  # fmt: skip
        assert said in words, said
    assert "unknown" in looked_at.get(f"segment/{looked_at.id_of('the screen is locked')}").words


def test_the_day_of_one_contract_shows_nothing_of_the_others(looked_at):
    text = looked_at.get("day/2026-11-23?contract=tern").words
    assert "make test" in text
    assert "chapter 3" not in text.replace("recorded late", "") or "writing the manual" not in text


def test_a_day_is_shown_on_the_clock_that_was_chosen(tmp_path, looked_at):
    site = type(looked_at)(looked_at.root)
    assert "09:00 Editor" in site.get("day/2026-11-23").words
    site.post("preferences", ("zone", "utc"), ("clock", "12"), ("next", "/x7Qd/day/2026-11-23"))
    assert "8:00 am Editor" in site.get("day/2026-11-23").words
    answer = site.post("preferences", ("zone", "client"), ("client_zone", "Asia/Kathmandu"), ("clock", "24"))
    assert "HttpOnly" in answer.headers["Set-Cookie"]
    assert "Path=/;" in answer.headers["Set-Cookie"] + ";"  # the next process lies under another path
    assert "13:45 Editor" in site.get("day/2026-11-23").words
    lock = site.get("week/2026-W48").words
    assert "Asia/Kathmandu Mon 30 Nov 2026, 17:45" in lock
    assert "UTC Mon 30 Nov 2026, 12:00" in lock


@pytest.mark.parametrize("bad", ["//evil.example/x", "https://evil.example/", "/x7Qd/../../x\\evil", "/other/x"])
def test_a_form_leads_back_to_our_own_pages_only(looked_at, bad):
    target = type(looked_at)(looked_at.root).post("preferences", ("theme", "dark"), ("next", bad)).headers["Location"]
    assert target.startswith("/x7Qd/")


def test_hostile_titles_and_memos_are_text_everywhere(looked_at):
    hostile = looked_at.id_of("<script>")
    for path in ("day/2026-11-23", "timeline/2026-11-23", f"segment/{hostile}", f"change/memo?id={hostile}",
                 f"change/delete?id={hostile}", f"segment/{hostile}/image/0"):  # fmt: skip
        text = looked_at.get(path).text
        assert "<script>alert" not in text
        assert "<img src=x" not in text
    page = looked_at.get(f"segment/{hostile}")
    assert len(page.words) > 10_000  # the whole title is there
    assert '<bdi class="long">&lt;script&gt;' in page.text
    assert len(looked_at.get("day/2026-11-23").text) < 120_000


def test_a_segment_says_how_it_can_be_checked_mended_and_who_could_look(looked_at):
    bare = looked_at.get(f"segment/{looked_at.id_of('the image was removed')}").words
    assert "not protected" in bare
    assert "the image cannot be made up for" in bare
    good = looked_at.get(f"segment/{looked_at.id_of('reviewing')}").words
    assert "Nobody picked it: verify the week" in good
    assert "Nobody picked it" in good
    assert "You, with this device\N{RIGHT SINGLE QUOTATION MARK}s key" in good
    assert "40 s" in good  # the chart's twin


def test_an_image_is_full_small_and_never_kept(looked_at):
    one = looked_at.id_of("reviewing")
    full, small = (looked_at.get(f"segment/{one}/image/0/{name}") for name in ("picture", "thumb"))
    assert Image.open(io.BytesIO(full.body)).size == (960, 600)
    assert Image.open(io.BytesIO(small.body)).size == (320, 200)
    assert len(small.body) < 12_000
    assert small.headers["Cache-Control"] == "private, no-store"
    again = looked_at.get(f"segment/{one}/image/0/thumb", if_none_match=small.headers["ETag"])
    assert (again.status, again.body) == (304, b"")
    page = looked_at.get(f"segment/{one}/image/0")
    assert 'rel="prev"' in page.text
    assert 'rel="next"' in page.text


def test_a_week_adds_up_and_can_be_exported_and_verified(looked_at):
    words = looked_at.get("week/2026-W48").words
    assert "250.00 EUR" in words
    assert "Open for 6 days" in words
    assert "36 min 20 s over limit, not billed" in words
    exported = looked_at.get("week/2026-W48/acme/export")
    assert exported.headers["Content-Disposition"] == 'attachment; filename="acme-2026-W48.zip"'
    assert verify(exported.body, looked_at.book.rules).exit_code == 0
    with_images = looked_at.get("week/2026-W48/acme/export?images=1")
    assert len(with_images.body) > 5 * len(exported.body)
    assert "Verified acme , week 2026-W48" in looked_at.get("week/2026-W48/acme/verify").words


def test_what_came_late_is_on_the_statement_of_the_week_that_was_open(made):
    made.writer.terms("tern", slot_start_ms(NOW_SLOT))
    later = NOW_SLOT + 1008
    made.writer.segment("tern", NOW_SLOT, recorded_ms=slot_start_ms(later))
    made.writer.segment("tern", later)
    site = made.site()
    assert site.book.week("tern", week_of(NOW_SLOT)).segments[0].billed_week == week_of(later)
    words = site.get("week/2026-W49").words.replace("\N{EN DASH}", "-")
    assert "late from earlier weeks 0:10 - - - - 0:10 8.33 EUR" in words
    assert "16.67 EUR" in words
    assert f"late: billed in {'2026-W49'}" in site.get(f"segment/{site.id_of('chapter 3')}").words


def test_a_plugin_adds_a_lane(looked_at):
    begin = slot_start_ms(day_slots(DAY).start)
    lane = Lane(name="Meetings", spans=(Span(start_ms=begin + 36_000_000, end_ms=begin + 38_000_000, text="<i>call"),))
    site = type(looked_at)(looked_at.root, lanes=lambda _day: [lane])
    page = site.get("timeline/2026-11-23")
    assert "Meetings 1 span as a list" in page.words
    assert "&lt;i&gt;call" in page.text


@pytest.mark.parametrize(
    ("path", "status", "said"),
    [
        ("day/yesterday", 404, "Write it as in 2026-11-23"),
        ("week/2026-48", 404, "Write it as in 2026-W47"),
        ("segment/nothing", 404, "is no segment"),
        ("segment/0000-acme-99999", 404, "there is no segment"),
        ("nothing/here", 404, "There is no such page"),
        ("change/delete", 404, "no segment was selected"),
        ("change/everything?id=1", 404, "There is no such page"),
        ("week/2026-W48/none/export", 404, "there is no contract"),
        ("day/2026-11-23?contract=none", 404, "there is no contract"),
        ("static/../settings.py", 404, "There is no such page"),
    ],
)
def test_an_error_says_what_and_what_to_do(looked_at, path, status, said):
    answer = looked_at.get(path)
    assert answer.status == status
    assert said in answer.words


def test_an_accident_is_told_without_a_trace(looked_at, monkeypatch, capsys):
    monkeypatch.setattr(type(looked_at.book), "week", lambda *_: 1 / 0)
    answer = looked_at.get("week")
    assert answer.status == 500
    assert "Nothing was changed" in answer.words
    assert "ZeroDivision" not in answer.text
    assert capsys.readouterr().err == ""


def test_a_diary_that_cannot_be_read_says_so(looked_at, monkeypatch):
    def broken(*_):
        raise StorageError("the disk is gone", remedy="Plug it in.")

    monkeypatch.setattr(type(looked_at.book), "week", broken)
    answer = looked_at.get("day")
    assert answer.status == 503
    assert "Plug it in." in answer.words


def test_an_empty_diary_says_how_to_begin(empty):
    for path in ("day", "week", "timeline"):
        answer = empty.get(path)
        assert answer.status == 200
        assert "workdiary start" in answer.words


def test_the_running_segment_is_live(looked_at):
    one = {"keys": 4, "clicks": 0, "scrolls": 0, "active_seconds": 9}
    minutes = [{"seconds": 60 if n < 3 else 0, **one} for n in range(10)]
    image = {"sha256": "a" * 64, "width": 1, "height": 1, "bytes": 1}
    running = {
        "id": "open", "slot": iso(slot_start_ms(NOW_SLOT)), "contract": "acme", "memo": "right now",
        "source": "tracked",
        "tracked_seconds": 180, "billable_seconds": 180, "activity": 3, "keys": 12, "clicks": 0, "scrolls": 0,
        "minutes": minutes, "unknown": {}, "sources": {}, "window": {"app": "Editor", "title": "chapter 9"},
        "snapshot": {"taken_at": iso(slot_start_ms(NOW_SLOT)), "images": [image]}, "protected": False, "fails": [],
    }  # fmt: skip
    status = {
        "state": "tracking", "contract": "acme", "memo": "right now", "today_seconds": 7200, "week_seconds": 9000,
        "trouble": "", "idle": None, "held_segments": [], "open_segment": running,
    }  # fmt: skip
    book = SimpleNamespace(**{name: getattr(looked_at.book, name) for name in dir(looked_at.book) if name[0] != "_"})
    book.status = lambda: status
    site = type(looked_at)(looked_at.root, book=book)
    page = site.get("day")
    assert "recording, 3 min" in page.words
    assert "Tracking acme · right now" in page.words
    assert 'data-events="/x7Qd/events"' in page.text
    assert "right now" in site.get("timeline").words
    assert "recording" not in site.get("day?contract=tern").words


def test_what_is_vendored_is_what_was_vendored():
    lines = (STATIC / "vendor" / "SHA256SUMS").read_text().splitlines()
    sums = {name: digest for digest, name in (line.split() for line in lines)}
    found = {one.name: hashlib.sha256(one.read_bytes()).hexdigest() for one in (STATIC / "vendor").iterdir()}
    assert {name: found[name] for name in sums} == sums
    assert set(found) - set(sums) == {"README.md", "SHA256SUMS"}


def test_assets_are_packed_and_named_by_their_bytes(looked_at):
    page = looked_at.get("day").text
    urls = re.findall(r'(?:src|href)="/x7Qd/(static/[^"]+)"', page)
    assert len(urls) > 8
    answers = [looked_at.get(url, accept_encoding="gzip") for url in dict.fromkeys(urls)]
    assert all("immutable" in one.headers["Cache-Control"] for one in answers)
    assert sum(len(one.body) for one in answers) < 60 * 1024
