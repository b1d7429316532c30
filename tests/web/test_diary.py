"""The diary by mouse and by keyboard alone, in a real browser."""

from __future__ import annotations

import pytest

pytestmark = pytest.mark.usefixtures("at_that_time")


@pytest.fixture
def page(hasty_page):
    return hasty_page


@pytest.fixture
def day():
    return "day/2026-11-25"


def focused(page):
    return page.evaluate("document.activeElement.closest('.card')?.dataset.id || ''")


def press(page, *keys):
    for key in keys:
        page.keyboard.press(key)


def test_arrows_move_between_segments_and_enter_opens_one(page, site, day):
    page.goto(site(day))
    ids = page.eval_on_selector_all(".card", "all => all.map(one => one.dataset.id)")
    press(page, "ArrowRight")
    assert focused(page) == ids[0]
    press(page, "ArrowRight", "ArrowRight", "ArrowLeft")
    assert focused(page) == ids[1]
    press(page, "ArrowDown")
    assert focused(page) == ids[7]
    press(page, "ArrowUp")
    assert focused(page) == ids[1]
    press(page, "Enter")
    page.wait_for_url(f"**/segment/{ids[1]}")
    press(page, "Escape")
    page.locator(f"[id='seg-{ids[1]}'] .go:focus").wait_for()


def test_deleting_by_keyboard_tells_the_cost_and_can_be_undone(page, site, day):
    page.goto(site(day))
    press(page, "ArrowRight", "x", "ArrowRight", "ArrowRight", "Shift+X")
    assert page.inner_text(".picked") == "3 segments selected"
    press(page, "Delete")
    dialog = page.locator("#dialog[open]")
    dialog.wait_for()
    assert "Delete 3 segments" in dialog.inner_text()
    assert "EUR" in dialog.inner_text()
    press(page, "Enter")
    page.locator(".toast").wait_for()
    assert "3 segments will be erased" in page.inner_text(".toast")
    assert page.locator(".card.due").count() == 3
    press(page, "z")
    page.wait_for_url(f"**/{day}")
    assert page.locator(".card.due").count() == 0
    assert site.pending.waiting() == {}


def test_what_is_not_undone_is_gone(page, site, day):
    page.goto(site(day))
    page.locator(".pick input").nth(2).check()
    one = page.locator(".pick input").nth(2).input_value()
    page.get_by_role("button", name="Delete…").click()
    page.get_by_role("button", name="Delete with its time").click()
    page.locator(".toast").wait_for()
    site.carry_out(page)
    page.goto(site(day))
    assert "Deleted" in page.inner_text(f"[id='seg-{one}']")
    assert site.book.segment(one).deleted


def test_a_memo_is_edited_by_keyboard_for_all_that_are_selected(page, site, day):
    page.goto(site(day))
    press(page, "ArrowRight", "x", "ArrowRight", "x", "e")
    page.locator("#dialog[open] input[name=memo]").wait_for()
    page.keyboard.type("reviewed <b>twice</b>")
    press(page, "Enter")
    page.locator(".bar", has_text="reviewed <b>twice</b>").first.wait_for()


def test_escape_closes_a_dialog_and_gives_the_focus_back(page, site, day):
    page.goto(site(day))
    press(page, "ArrowRight", "ArrowRight")
    one = focused(page)
    press(page, "Delete")
    page.locator("#dialog[open]").wait_for()
    press(page, "Escape")
    page.locator("#dialog[open]").wait_for(state="detached")
    assert focused(page) == one
    press(page, "?")
    page.locator("#help[open]").wait_for()
    press(page, "Escape")
    assert page.locator("#help[open]").count() == 0
    press(page, "Escape")
    assert page.locator(".selection.some").count() == 0


def test_the_lightbox_goes_through_the_images_by_arrows(page, site, day):
    page.goto(site(day))
    page.locator(".card a.look").first.click()
    box = page.locator("#lightbox[open]")
    box.wait_for()
    assert "1 of " in box.inner_text()
    press(page, "ArrowRight")
    page.locator("#lightbox figcaption", has_text="2 of ").wait_for()
    press(page, "ArrowLeft")
    page.locator("#lightbox figcaption", has_text="1 of ").wait_for()
    assert page.evaluate("document.querySelector('#lightbox .frame > img').naturalWidth") == 960
    press(page, "Escape")
    assert box.count() == 0
    assert page.url.endswith(day)


def test_brackets_and_g_lead_to_other_pages(page, site, day):
    page.goto(site("day/2026-10-02"))
    press(page, "[")
    page.wait_for_url("**/day/2026-10-01")
    press(page, "]")
    page.wait_for_url("**/day/2026-10-02")
    for key, path in (("w", "/week"), ("t", "/timeline"), ("d", "/day")):
        press(page, "g", key)
        page.wait_for_url(f"**{path}")
    page.wait_for_load_state("networkidle")


def test_letters_do_nothing_while_somebody_types(page, site, day):
    page.goto(site(day))
    page.locator(".display summary").click()
    page.locator("input[name=client_zone]").fill("")
    page.keyboard.type("Asia/Tokyo?[x")
    assert page.url.endswith(day)
    assert page.locator("dialog[open]").count() == 0


def test_choices_apply_at_once_and_stay(page, site, day):
    page.goto(site(day))
    page.locator(".display summary").click()
    with page.expect_navigation():
        page.locator("input[name=theme][value=dark]").check()
    assert page.evaluate("getComputedStyle(document.documentElement).colorScheme") == "dark"
    page.locator(".display summary").click()
    with page.expect_navigation():
        page.locator("input[name=density][value=list]").check()
    tops = page.eval_on_selector_all(".card", "all => all.slice(0, 3).map(one => one.getBoundingClientRect().top)")
    assert tops[0] < tops[1] < tops[2]


def test_without_scripts_a_segment_is_deleted_and_undone_by_forms(open_page, site, day):
    page = open_page(scripts=False)
    page.goto(site(day))
    page.locator(".pick input").nth(0).check()
    page.get_by_role("button", name="Delete…").click()
    assert "Delete 1 segment" in page.inner_text("h1")
    page.get_by_role("button", name="Delete with its time").click()
    assert "1 segment will be erased" in page.inner_text(".toast")
    page.get_by_role("button", name="Undo").click()
    assert page.locator(".card.due").count() == 0
    page.locator(".display summary").click()
    page.locator("input[name=zone][value=utc]").check()
    page.get_by_role("button", name="Apply").click()
    assert "Times in UTC" in page.inner_text("main")


@pytest.mark.parametrize("path", ["day", "week", "timeline"])
def test_no_page_scrolls_sideways_on_a_phone(open_page, site, path, day):
    page = open_page(size=(390, 844))
    page.goto(site(day if path == "day" else path))
    assert page.evaluate("document.documentElement.scrollWidth") == 390
    beyond = page.eval_on_selector_all(
        "main :not(bdi)",
        "all => all.filter(one => !one.closest('.scroll, .go')"  # .go cuts what is in it
        " && one.getBoundingClientRect().right > 391)"
        ".map(one => one.outerHTML.slice(0, 200))",
    )
    assert beyond == []


@pytest.mark.parametrize("with_events", [True])
def test_what_happens_while_a_part_is_fetched_appears_too(page, site, day):
    page.goto(site(day))
    one = page.get_attribute(".card .pick input", "value")
    changes = iter(["the first", "the second"])

    def answer(route):
        """Let something happen between the server's answer and its arrival."""
        response = route.fetch()
        if memo := next(changes, None):
            site.book.change("edit_memo", segments=[one], memo=memo)
            page.wait_for_timeout(3000)  # it is heard meanwhile
        route.fulfill(response=response)

    page.route("**/day/**", answer)
    site.book.change("edit_memo", segments=[one], memo="before")
    page.locator(".bar", has_text="the second").wait_for()


def test_what_happens_elsewhere_appears_without_losing_the_selection(page, site, day):
    page.goto(site(day))
    press(page, "ArrowRight", "x")
    one = focused(page)
    site.book.change("edit_memo", segments=[one], memo="changed by another")
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    page.locator(".bar", has_text="changed by another").wait_for()
    assert page.inner_text(".picked") == "1 segment selected"
    assert page.locator(f"[id='seg-{one}'] .pick input").is_checked()
