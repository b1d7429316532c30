"""Contracts in the browser: every action by mouse, by keyboard, and without scripts; nothing typed is lost."""

from __future__ import annotations

import pytest

HOSTILE = '<img src=x onerror=alert(1)> "quoted" \u05d0\u05d1 \U0001f469'


def fill(page, **values):
    for name, value in values.items():
        page.fill(f"#f-{name}", value)


@pytest.mark.parametrize("scripts", [True, False])
def test_a_contract_is_added_with_its_terms(site, open_page, scripts):
    page = open_page(scripts=scripts)
    page.goto(site("contracts"))
    page.click("text=Add a contract")
    fill(page, name="nova", title=HOSTILE, client="Nova", rate="47.50", currency="eur", limit="37h30m")
    page.check("#f-manual")
    page.select_option("#f-billing", "whole-segment")
    page.click("button:has-text('Add the contract')")
    page.wait_for_url("**/contracts/nova?done=added")
    terms = site.book.terms()["nova"][-1].terms
    assert (terms.rate, terms.currency, terms.weekly_limit, terms.manual) == (4750, "EUR", 135_000, True)
    assert (terms.title, terms.billing, terms.keep_time) == (HOSTILE, "whole-segment", True)
    assert page.inner_text("h1") == HOSTILE


def test_each_error_stands_beside_its_field_and_nothing_that_was_typed_is_lost(site, page, axe):
    page.goto(site("new-contract"))
    wrong = {"name": "acme", "title": "x" * 501, "rate": "47,50", "currency": "euro", "limit": "200", "client": "kept"}
    fill(page, **wrong, retention_days="soon", idle_minutes="121")
    page.check("#f-manual")
    page.click("button:has-text('Add the contract')")
    for name, words in {
        "name": "There is a contract acme already. Choose another name",
        "title": "The title has 501 characters. Write at most 500.",
        "rate": "is not a rate. Write it as in 50 or 47.50.",
        "currency": "The currency is “EURO”. Write the ISO 4217 code".replace("“", '"').replace("”", '"'),
        "limit": 'The weekly limit is "720000".',
        "retention_days": "is not a whole number. Write it as in 180.",
        "idle_minutes": 'The time without input is "121". Write minutes from 1 to 120, or 0 to be never asked.',
    }.items():
        field = page.locator(f"#f-{name}")
        assert words in page.inner_text(f"#h-{name}")
        assert (field.get_attribute("aria-invalid"), field.get_attribute("aria-describedby")) == ("true", f"h-{name}")
    assert {name: page.input_value(f"#f-{name}") for name in wrong} == wrong
    assert page.is_checked("#f-manual")
    assert page.locator("#f-client[aria-invalid]").count() == 0
    assert "7 fields below need another look" in page.inner_text("[role=alert]")
    assert axe(page) == []
    assert "nova" not in site.book.terms()


def test_new_terms_stand_in_the_history_and_the_old_ones_stay(site, page):
    page.goto(site("contracts/acme/edit"))
    assert page.input_value("#f-rate") == "50.00"
    assert (page.input_value("#f-idle_minutes"), page.input_value("#f-idle")) == ("10", "keep")
    limit = site.book.terms()["acme"][-1].terms.weekly_limit
    fill(page, rate="60", limit="none", idle_minutes="0")
    page.select_option("#f-idle", "discard")
    page.click("button:has-text('Save the new terms')")
    page.wait_for_url("**/contracts/acme?done=changed")
    assert [one.terms.rate for one in site.book.terms()["acme"]] == [5000, 6000]
    newest = page.inner_text(".history > li:first-child")
    assert "Rate: 50.00 EUR per hour" in newest
    assert "60.00 EUR per hour" in newest
    assert f"Weekly limit: {limit // 3600}:00 h" in newest
    assert "asked about after 10 minutes" in newest
    assert "never asked about, all time counts" in page.inner_text(".terms")
    assert "it is discarded and becomes a gap" in page.inner_text(".terms")


def test_saving_the_same_terms_says_so(site, page):
    page.goto(site("contracts/acme/edit"))
    page.click("button:has-text('Save the new terms')")
    assert "These are the terms already" in page.inner_text("[role=alert]")
    assert len(site.book.terms()["acme"]) == 1


def test_terms_that_were_changed_elsewhere_are_not_overwritten_unseen(site, page):
    page.goto(site("contracts/acme/edit"))
    site.book.change("contract_edit", contract="acme", terms={"rate": 7000})
    fill(page, title="Another title")
    page.click("button:has-text('Save the new terms')")
    assert "changed elsewhere meanwhile" in page.inner_text("[role=alert]")
    assert page.input_value("#f-title") == "Another title"
    assert site.book.terms()["acme"][-1].terms.title == "Acme redesign"


def test_a_contract_is_paused_taken_up_again_and_ended_by_keyboard_alone(site, page):
    page.goto(site("contracts/acme"))
    for button, status in (("Pause", "paused"), ("Take it up again", "active")):
        page.focus(f"button:has-text('{button}')")
        page.keyboard.press("Enter")
        page.wait_for_url(f"**?done={status}")
        assert site.book.terms()["acme"][-1].terms.status == status
    page.focus("text=End…")
    page.keyboard.press("Enter")
    page.wait_for_url("**/end")
    page.focus("button:has-text('End the contract')")
    page.keyboard.press("Enter")
    page.wait_for_url("**?done=ended")
    assert site.book.terms()["acme"][-1].terms.status == "ended"
    assert page.locator("main form").count() == 0


def test_an_ended_contract_is_refused_in_words(shown, page):
    for path in ("contracts/gone/edit", "contracts/gone/end"):
        assert page.goto(shown(path)).status == 409
        assert "ended" in page.inner_text("main")
