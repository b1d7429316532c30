"""A received record in a real browser: it is read, disputed by keyboard alone, and the answer comes down as a file."""

from __future__ import annotations

import sys

import pytest

from workdiary.builtin.rules import RULES
from workdiary.desk import desk
from workdiary.desk.received import ReceivedBook
from workdiary.review.form import read_review
from workdiary.slots import parse_iso, parse_week
from workdiary_web.site import make_application

stage = sys.modules["workdiary_web_stage"]  # loaded by conftest
NOW_MS = parse_iso("2026-11-25T19:00Z")
SIZES = {"wide": (1280, 800), "phone": (390, 844)}


def look(page, axe):
    """Return what is wrong, in each light and size."""
    found = {}
    for size, (width, height) in SIZES.items():
        page.set_viewport_size({"width": width, "height": height})
        for theme in ("light", "dark"):
            page.emulate_media(color_scheme=theme)
            over = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
            wrong = [*axe(page), *([f"hangs over by {over} px"] if over else [])]
            if wrong:
                found[f"{size}, {theme}"] = wrong
    return found


@pytest.fixture(scope="module")
def received(shown, tmp_path_factory):
    """Serve an export of the diary to a client who has nothing else."""
    client = stage.Home.find({"WORKDIARY_HOME": str(tmp_path_factory.mktemp("client"))})
    data = shown.book.export("acme", parse_week("2026-W48"), images=True)
    book = ReceivedBook(data, RULES, lambda: desk.own_keys(client))
    pending = stage.MemoryPending(book, lambda: NOW_MS)
    application = make_application(book, pending=pending, zone="Europe/Vienna", events=False, wall_ms=lambda: NOW_MS)
    address, stop = stage.serve(application)
    yield lambda path: f"{address}/{path}"
    stop()


@pytest.mark.parametrize("path", ["review", "day", "week", "timeline"])
def test_axe_finds_nothing_on_a_received_record(received, page, axe, path):
    page.goto(received(path))
    page.click(".received summary")
    assert look(page, axe) == {}


def test_axe_finds_nothing_when_something_is_wrong(received, open_page, axe):
    page = open_page()
    page.goto(received("review"))
    page.get_by_role("checkbox").first.check()
    page.get_by_role("button", name="Approve").click()
    assert "1 of the segments are chosen" in page.get_by_role("alert").inner_text()
    assert look(page, axe) == {}


@pytest.mark.parametrize("scripts", [True, False])
def test_two_segments_are_disputed_by_keyboard_alone(received, open_page, scripts):
    page = open_page(scripts=scripts)
    page.goto(received("review"))
    boxes = page.get_by_role("checkbox")
    boxes.nth(0).focus()
    page.keyboard.press("Space")
    reason = page.get_by_role("textbox", name="Reason for").first
    while not reason.evaluate("one => one === document.activeElement"):
        page.keyboard.press("Tab")
    page.keyboard.type("that was lunch")
    boxes.nth(2).focus()
    page.keyboard.press("Space")
    page.get_by_role("textbox", name="One reason for all").focus()
    page.keyboard.type("we did not talk")
    page.keyboard.press("Tab")
    page.keyboard.type("Ada of Acme")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    with page.expect_download() as download:
        page.keyboard.press("Enter")
    assert download.value.suggested_filename == "acme-2026-W48.review.json"
    review = read_review(download.value.path().read_bytes())
    ids = [boxes.nth(at).get_attribute("value") for at in (0, 2)]
    assert review.reasons() == {ids[0]: "that was lunch", ids[1]: "we did not talk"}
    assert review.body.reviewer.name == "Ada of Acme"
    assert all("review net::ERR_ABORTED" in one for one in open_page.complaints)  # what is downloaded is no page
    open_page.complaints.clear()


def test_the_client_sees_the_pictures_that_were_recorded(received, page):
    page.goto(received("day"))
    picture = page.locator("article img").first
    picture.scroll_into_view_if_needed()
    page.wait_for_function("one => one.complete && one.naturalWidth > 0", arg=picture.element_handle())
    assert page.get_by_text("Stopped").count() == 0
