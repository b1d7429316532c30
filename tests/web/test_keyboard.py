"""Every action of the pages by keyboard alone."""

from __future__ import annotations

import json
import re
import sys

import pytest
from django.urls import URLPattern, reverse

from workdiary_web.site import urls

Keyboard = sys.modules["workdiary_keyboard"].Keyboard  # loaded by conftest

pytestmark = pytest.mark.usefixtures("at_that_time")

#: Addresses that take no form, whatever is sent to them.
READ_ONLY = {
    "home", "day", "day-of", "segment", "image", "picture", "thumb", "week", "week-of", "export", "verify", "timeline",
    "timeline-of", "contracts", "contract", "contract-end", "queue", "queue-export", "health", "health-checks",
    "static",
}  # fmt: skip
#: Where the test stands that sends the form.
ELSEWHERE = {"review": "test_received.py", "idle": "test_idle.py"}
DONE: dict[str, str] = {}


def sends(*names):
    """Say which forms a test sends; it fails if it does not."""

    def mark(test):
        DONE.update(dict.fromkeys(names, test.__name__))
        test.forms = names
        return test

    return mark


@pytest.fixture
def page(hasty_page):
    return hasty_page


@pytest.fixture
def keys(request, page):
    """Return the keys of the test's page; the forms that the test is to send must have been sent."""
    keyboard = Keyboard(page)
    yield keyboard
    for name in getattr(request.function, "forms", ()):
        pattern = next(one for one in urls.urlpatterns if one.name == name).pattern
        assert any(pattern.match(path[1:]) for path in keyboard.sent), name


def test_each_form_is_sent_by_one_of_these():
    assert all(isinstance(one, URLPattern) for one in urls.urlpatterns)
    assert {one.name for one in urls.urlpatterns} - READ_ONLY - set(ELSEWHERE) == set(DONE)


def test_the_mouse_would_be_noticed(site, open_page):
    page = open_page()
    Keyboard(page)
    page.goto(site("contracts"))
    page.click("h1")
    page.wait_for_timeout(100)
    assert open_page.complaints == ["error: the mouse was used"]
    open_page.complaints.clear()


@pytest.fixture
def at(site, page):
    """Open a page of the site by its name."""

    def go(name, *arguments, query=""):
        page.goto(site(reverse(name, args=arguments)[1:] + query))
        return page

    return go


def first_pictures(page):
    return page.eval_on_selector_all(".card:has(a.look)", "all => all.map(one => one.dataset.id)")


@sends("change", "undo")
def test_a_segment_is_deleted_and_that_is_undone(at, keys, site, day):
    page = at("day-of", day)
    keys.reach(".card .go")
    keys.press("x")
    keys.reach(".selection button", "Delete…", back=True)
    keys.press("Enter")
    page.locator("#dialog[open] .costs").wait_for()
    with page.expect_navigation():
        keys.press("Enter")
    assert len(site.pending.waiting()) == 1
    keys.follow(".toast button", "Undo")
    assert site.pending.waiting() == {}


def test_an_image_is_removed_and_the_time_stays(at, keys, site, day):
    page = at("day-of", day)
    one = first_pictures(page)[0]
    keys.reach(f"[id='seg-{one}'] .pick input")
    keys.press("Space")
    keys.reach(".selection button", "Remove images…", back=True)
    keys.press("Enter")
    page.locator("#dialog[open]", has_text="the time stays").wait_for()
    with page.expect_navigation():
        keys.press("Enter")
    site.carry_out(page)
    segment = site.book.segment(one)
    assert (segment.image_removed, segment.deleted) == (True, False)


def test_a_range_is_selected_and_forgotten(at, keys, day):
    page = at("day-of", day)
    keys.press("ArrowRight", "x", "ArrowRight", "ArrowRight", "Shift+X")
    assert page.inner_text(".picked") == "3 segments selected"
    keys.reach("[data-unpick]", back=True)
    keys.press("Enter")
    assert page.inner_text(".picked") == "Nothing selected"


def test_an_image_is_looked_at_and_left(at, keys, day):
    page = at("day-of", day)
    one = first_pictures(page)[0]
    keys.reach(f"[id='seg-{one}'] .go")
    keys.press("i")
    page.locator("#lightbox[open]", has_text="1 of ").wait_for()
    keys.press("ArrowRight")
    page.locator("#lightbox figcaption", has_text="2 of ").wait_for()
    keys.press("Escape")
    assert page.locator("#lightbox[open]").count() == 0


def test_a_segment_is_read_from_its_page_to_its_image_and_back(at, keys, day):
    page = at("day-of", day)
    one = first_pictures(page)[0]
    keys.follow(f"[id='seg-{one}'] .go")
    assert page.url.endswith(f"/segment/{one}")
    keys.press("i")
    page.locator("#lightbox[open]").wait_for()
    keys.press("Escape", "e")
    page.locator("#dialog[open] input[name=memo]").wait_for()
    keys.write("from its own page")
    with page.expect_navigation():
        keys.press("Enter")
    assert "from its own page" in page.inner_text("main")


def test_other_days_and_contracts_are_shown(at, keys, day):
    page = at("day-of", day)
    keys.follow("a[rel=prev]")
    keys.follow("a[rel=next]")
    assert page.url.endswith(day)
    keys.reach(".filter select")
    with page.expect_navigation():
        keys.choose(".filter select", "Acme")
    assert "contract=acme" in page.url
    keys.follow(".calendar td a:not(.other)", "2")
    assert page.url.endswith("/day/2026-11-02?contract=acme")
    keys.follow(".calendar caption a", "Month before")
    assert page.url.endswith("/day/2026-10-01?contract=acme")


@sends("preferences")
def test_zone_clock_colours_and_density_are_chosen(at, keys, day):
    page = at("day-of", day)
    for radio, key, shown in (
        ("zone", "ArrowDown", "Times in UTC"),
        ("clock", "ArrowDown", " am"),
        ("theme", "ArrowUp", ""),
        ("density", "ArrowDown", ""),
    ):
        keys.reach(".display summary")
        keys.press("Enter")
        keys.reach(f".display input[name={radio}]:checked")
        with page.expect_navigation():
            keys.press(key)
        assert shown in page.inner_text("main")
    assert page.locator("html[data-theme=dark][data-density=list]").count() == 1
    keys.reach(".display summary")
    keys.press("Enter")
    keys.reach(".display input[name=client_zone]")
    keys.write("Asia/Tokyo")
    keys.follow(".display button", "Apply")
    assert page.input_value(".display input[name=client_zone]") == "Asia/Tokyo"


def test_a_week_is_exported_and_verified(at, keys):
    page = at("week-of", "2026-W48")
    keys.reach("main a", "xport")
    with page.expect_download() as download:
        keys.press("Enter")
    assert download.value.suggested_filename.endswith("2026-W48.zip")
    keys.follow("main a, main button", "erify")
    assert "verified" in page.inner_text("main").lower()


def test_the_timeline_is_walked_through(at, keys, day):
    page = at("timeline-of", day)
    keys.follow("a[rel=prev]")
    assert page.url.endswith("2026-11-24")
    keys.press("]")
    page.wait_for_url(f"**/timeline/{day}")


@sends("contract-add", "contract-edit", "contract-status")
def test_a_contract_is_added_changed_paused_and_ended(at, keys, site):
    page = at("contracts")
    keys.follow("main a", "Add a contract")
    for name, text in {
        "name": "nova",
        "title": "New one",
        "client": "Nova",
        "rate": "47.50",
        "currency": "EUR",
    }.items():
        keys.reach(f"#f-{name}")
        keys.write(text)
    keys.reach("#f-manual")
    keys.press("Space")
    keys.follow("button", "Add the contract")
    assert page.url.endswith("/contracts/nova?done=added")
    keys.follow("main a", "Change")
    keys.reach("#f-rate")
    keys.write("60")
    keys.follow("button", "Save the new terms")
    for button, status in (("Pause", "paused"), ("Take it up again", "active")):
        keys.follow("main button", button)
        assert site.book.terms()["nova"][-1].terms.status == status
    keys.follow("main a", "End…")
    keys.follow("main button", "End the contract")
    terms = site.book.terms()["nova"][-1].terms
    assert (terms.status, terms.rate, terms.manual) == ("ended", 6000, True)


@sends("manual")
def test_manual_time_is_added(at, keys):
    page = at("manual", query="?date=2026-11-24")
    keys.follow("table.slots a", "14:20")
    keys.choose("#f-length", "30")
    keys.reach("#f-memo")
    keys.write("on the phone")
    keys.follow("button", "Add the time")
    assert "30 min of manual time is added" in page.inner_text("main")


@sends("queue-retry")
def test_what_was_refused_is_saved_and_offered_again(at, keys, site):
    page = at("queue")
    keys.reach("a", "Download what was refused")
    with page.expect_download() as download:
        keys.press("Enter")
    assert json.loads(download.value.path().read_text())["uploader"] == "directory"
    keys.reach("button", "Offer again", back=True)
    with page.expect_navigation():
        keys.press("Enter")
    assert site.machine.queue()[0]["quarantined"] == 0


@sends("settings")
def test_a_setting_is_changed_and_reset(at, keys, site):
    page = at("settings")
    keys.reach("[id='f-snapshot.quality']")
    keys.write("80")
    with page.expect_navigation():
        keys.press("Enter")
    assert "quality = 80" in site.home.config_file.read_text()
    keys.follow("[id='snapshot.quality'] button", "Default")
    assert "quality" not in site.home.config_file.read_text()


@sends("tracker")
def test_the_tracker_is_started_paused_switched_and_stopped(at, keys):
    page = at("contracts")

    def steer(*, button, state, contract="", memo=""):
        keys.reach(".tracker summary")
        keys.press("Enter")
        if contract:
            keys.choose(".tracker select", contract)
        if memo:
            keys.reach(".tracker input[name=memo]")
            keys.write(memo)
        keys.follow(".tracker button", button)
        page.wait_for_selector(f".state-{state}")

    steer(button="Start", state="tracking", contract="tern", memo="the parser")
    steer(button="Pause", state="paused")
    steer(button="Resume", state="tracking")
    steer(button="Set the memo", state="tracking", memo="another")
    assert "another" in page.inner_text(".now-what")
    steer(button="Switch", state="tracking", contract="acme")
    assert "acme" in page.inner_text(".now-what")
    steer(button="Stop", state="stopped")


def test_help_opens_and_every_page_is_reached_by_its_letters(at, keys, site):
    page = at("contracts")
    keys.press("?")
    page.locator("#help[open]").wait_for()
    letters = dict(
        re.findall(r"g (\w)\s+go to (.+)", page.inner_text("#help").replace("\n", " ").replace(" g ", "\ng "))
    )
    keys.press("Escape")
    assert len(letters) >= 8
    for letter in letters:
        with page.expect_navigation():
            keys.press("g", letter)
        page.wait_for_load_state("networkidle")
    keys.reach("a.skip", back=True)
    keys.press("Enter")
    assert page.evaluate("document.activeElement.id") == "content"
