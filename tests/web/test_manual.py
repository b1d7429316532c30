"""Manual time in the browser."""

from __future__ import annotations

import pytest

from workdiary.slots import day_of


def manual_segments(site):
    week = site.book.week("acme", site.book.weeks("acme")[-1])
    return [one for one in week.segments if one.source == "manual"]


@pytest.mark.parametrize("scripts", [True, False])
def test_manual_time_goes_where_nothing_is_logged(site, open_page, scripts):
    page = open_page(scripts=scripts)
    before = len(manual_segments(site))
    page.goto(site("manual?date=2026-11-24"))
    page.click("table.slots >> text=14:20")
    assert page.locator("#f-slot option:checked").inner_text() == "14:20"
    page.select_option("#f-length", label="30 min")
    page.fill("#f-memo", "On the phone")
    page.click("button:has-text('Add the time')")
    page.wait_for_url("**added=3**")
    assert "30 min of manual time is added" in page.inner_text("main")
    added = manual_segments(site)[: len(manual_segments(site)) - before]
    assert [(str(day_of(one.slot)), one.memo) for one in added] == [("2026-11-24", "On the phone")] * 3
    assert page.locator("td.logged").count() == 3


def test_the_day_shows_what_is_taken_and_why(shown, page):
    page.goto(shown("manual?date=2026-11-25"))
    row = page.locator("table.slots tr", has=page.locator("th", has_text="11:00"))
    assert row.locator("td").nth(0).inner_text() == "acme"
    assert row.locator("td").nth(1).inner_text() == "11:10"
    assert page.locator("td.shut", has_text="not yet").count() > 0
    assert page.locator("td.shut", has_text="now").count() == 1
    page.goto(shown("manual?date=2026-11-04"))
    assert page.locator("td.shut", has_text="locked").count() == 144
    assert page.locator("button:has-text('Add the time')").is_disabled()


def test_a_deleted_segment_leaves_its_slot_free(shown, page):
    page.goto(shown("manual?date=2026-11-25"))
    assert page.locator("td.free", has_text="10:50").count() == 1


def test_a_refusal_stands_beside_its_field_on_the_viewers_clock(site, page, axe):
    page.goto(site("manual?date=2026-11-25"))
    page.select_option("#f-slot", label="08:40")
    page.select_option("#f-length", label="1 h")
    page.fill("#f-memo", "kept")
    page.click("button:has-text('Add the time')")
    assert "Time is logged already at 09:00 (08:00 UTC). Choose slots where nothing is logged." in page.inner_text(
        "#h-slot"
    )
    assert page.locator("#f-slot option:checked").inner_text() == "08:40"
    assert (page.locator("#f-length option:checked").inner_text(), page.input_value("#f-memo")) == ("1 h", "kept")
    assert axe(page) == []


def test_nothing_chosen_is_said_beside_the_field(site, page):
    page.goto(site("manual"))
    page.click("button:has-text('Add the time')")
    assert "Nothing is chosen. Choose one from the list." in page.inner_text("#h-slot")


def test_contracts_that_do_not_allow_it_are_named(shown, page):
    page.goto(shown("manual"))
    assert [one.split(" ")[0] for one in page.locator("#f-contract option").all_inner_texts()] == ["acme"]
    assert "Not allowed by: site, tern." in page.inner_text("#h-contract")
