"""Changes by plain forms, as a browser without scripts sends them."""

from __future__ import annotations

import re
from datetime import date

from workdiary.slots import day_slots, slot_start_ms

FIRST = day_slots(date(2026, 11, 23)).start + 48


def filled(made, *, limit=None, count=4, keep_time=True):
    begin = slot_start_ms(FIRST) - 86_400_000
    made.writer.terms("acme", begin, weekly_limit=limit, keep_time=keep_time)
    for index in range(count):
        made.writer.segment("acme", FIRST + index)
    site = made.site()
    return site, [one.id for one in site.book.week("acme", 2968).segments]


def test_deleting_asks_in_money_and_minutes_waits_and_can_be_undone(made):
    site, ids = filled(made)
    query = "&".join(f"id={one}" for one in ids[:2])
    words = site.get(f"change/delete?{query}&next=/x7Qd/day/2026-11-23").words
    assert "Delete 2 segments" in words
    assert "0:40 h 33.33 EUR 0:20 h 16.67 EUR 20 min 16.66 EUR" in words
    done = site.post("change/delete", *(("id", one) for one in ids[:2]), ("next", "/x7Qd/day/2026-11-23"))
    assert done.status == 302
    page = site.get(done.headers["Location"].removeprefix("/x7Qd/").split("#")[0])
    assert "2 segments will be erased in 10 s" in page.words
    assert page.words.count("being erased") == 2
    token = re.search(r'name="token" value="(\w+)"', page.text)[1]
    for elsewhere in ("week", f"segment/{ids[0]}"):
        assert f'name="token" value="{token}"' in site.get(elsewhere).text
    undone = site.post("undo", ("token", token), ("next", "/x7Qd/day/2026-11-23"))
    assert undone.headers["Location"] == "/x7Qd/day/2026-11-23"
    assert "being erased" not in site.get("day/2026-11-23").words
    site.pending.carry_out()
    assert not any(one.deleted for one in site.book.week("acme", 2968).segments)


def test_what_is_not_undone_is_deleted_and_undoing_it_then_is_refused(made):
    site, ids = filled(made)
    site.post("change/delete", ("id", ids[0]))
    token = site.pending.requests()[0].token
    site.pending.carry_out()
    assert site.book.segment(ids[0]).deleted
    refused = site.post("undo", ("token", token))
    assert refused.status == 409
    assert "carried out already" in refused.words
    assert "This segment was deleted by its owner" in site.get(f"segment/{ids[0]}").words


def test_beside_a_limit_deleting_costs_only_what_nothing_else_fills(made):
    site, ids = filled(made, limit=1200)
    assert "0:20 h 16.67 EUR 0:20 h 16.67 EUR nothing" in site.get(f"change/delete?id={ids[0]}").words


def test_an_image_is_removed_and_its_time_kept_where_the_contract_allows_it(made):
    site, ids = filled(made)
    words = site.get(f"change/image?id={ids[0]}").words
    assert "the time stays" in words
    assert "will not be protected any more" in words
    site.post("change/image", ("id", ids[0]))
    site.pending.carry_out()
    segment = site.book.segment(ids[0])
    assert segment.image_removed
    assert segment.tracked_seconds == 600


def test_an_image_stays_where_the_contract_does_not_allow_it(made):
    site, ids = filled(made, keep_time=False)
    page = site.get(f"change/image?id={ids[0]}")
    assert "does not allow an image to be removed" in page.words
    assert '<button type="submit"' not in page.text.split('id="change"')[1].split("</form>")[0]
    refused = site.post("change/image", ("id", ids[0]))
    assert refused.status == 409
    assert site.pending.waiting() == {}
    assert "Remove image…" not in site.get(f"segment/{ids[0]}").text


def test_a_memo_is_edited_for_many_at_once(made):
    site, ids = filled(made)
    assert 'value="writing the manual"' in site.get(f"change/memo?id={ids[0]}&id={ids[1]}").text
    done = site.post("change/memo", ("id", ids[0]), ("id", ids[1]), ("memo", " <b>reviewed</b> "))
    assert done.headers["Location"] == f"/x7Qd/#seg-{ids[0]}"
    assert [one.memo for one in site.book.week("acme", 2968).segments[:3]] == ["<b>reviewed</b>"] * 2 + [
        "writing the manual"
    ]
    assert "&lt;b&gt;reviewed" in site.get("day/2026-11-23").text


def test_a_memo_that_is_too_long_is_refused_in_words(made):
    site, ids = filled(made)
    refused = site.post("change/memo", ("id", ids[0]), ("memo", "x" * 501))
    assert refused.status == 400
    assert "Write at most 500" in refused.words


def test_nothing_is_changed_by_a_get_or_in_a_locked_week(made):
    site, ids = filled(made)
    locked = made.site(wall_ms=lambda: slot_start_ms(FIRST) + 9 * 86_400_000)
    assert "is locked" in locked.get(f"segment/{ids[0]}").words
    assert "week 2026-W48 is locked" in locked.get(f"change/delete?id={ids[0]}").words
    assert locked.post("change/delete", ("id", ids[0])).status == 409
    assert 'name="id"' not in locked.get("day/2026-11-23").text
    assert site.get(f"undo?token={ids[0]}").status == 405
    assert site.get("preferences").status == 405
    site.pending.carry_out()
    assert len([one for one in site.book.week("acme", 2968).segments if not one.deleted]) == 4


def test_what_was_refused_when_it_was_due_is_told(made):
    site, ids = filled(made)
    site.post("change/delete", ("id", ids[0]))
    site.book.change("delete", segments=[ids[0]], keep_time=False)
    site.pending.carry_out()
    assert "was deleted already" in site.get("day/2026-11-23").words
