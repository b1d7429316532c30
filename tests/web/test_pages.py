"""Every page, on a wide screen and on a phone, in the light and in the dark: axe finds nothing, nothing hangs over."""

from __future__ import annotations

import pytest

PAGES = {
    "day": "day/2026-11-25",
    "an empty day": "day/2026-11-01",
    "segment": "segment/{segment}",
    "image": "segment/{segment}/image/0",
    "week": "week/2026-W48",
    "timeline": "timeline/2026-11-25",
    "contracts": "contracts",
    "contract": "contracts/acme",
    "a hostile contract": "contracts/gone",
    "contract form": "new-contract",
    "contract edit": "contracts/acme/edit",
    "contract end": "contracts/acme/end",
    "manual time": "manual",
    "queue": "queue",
    "health": "health?checks",
    "settings": "settings",
    "tracker": "tracker",
    "an error": "contracts/nobody",
    "nothing": "nothing/here",
}
#: What opens over a page: by what, and what it is. What it covers has been looked at before.
OVER = {
    "help": ("[data-open=help]", "#help"),
    "view": (".display summary", ".display .pop"),
    "machine": (".machine summary", ".machine .pop"),
    "start": (".tracker summary", ".tracker .pop"),
}
SIZES = {"wide": (1280, 800), "phone": (390, 844)}


@pytest.fixture(scope="session")
def segment(shown):
    week = shown.book.week("acme", shown.book.weeks("acme")[-1])
    return next(one.id for one in week.segments if one.snapshot and not one.deleted)


def hangs_over(page) -> int:
    return page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")


def look(page, axe, within="html") -> dict[str, list[str]]:
    """Return what is wrong, in each light and size."""
    found = {}
    for size, (width, height) in SIZES.items():
        page.set_viewport_size({"width": width, "height": height})
        for theme in ("light", "dark"):
            page.emulate_media(color_scheme=theme)
            over = hangs_over(page)
            wrong = [*axe(page, within), *([f"hangs over by {over} px"] if over else [])]
            if wrong:
                found[f"{size}, {theme}"] = wrong
    return found


@pytest.mark.parametrize("name", PAGES)
def test_axe_finds_nothing_on_any_page(shown, page, axe, segment, name):
    response = page.goto(shown(PAGES[name].format(segment=segment)))
    assert response.status == (404 if name in ("an error", "nothing") else 200)
    assert look(page, axe) == {}
    assert page.title().endswith(" · Work Diary")


@pytest.mark.parametrize("name", OVER)
def test_axe_finds_nothing_when_something_is_open(shown, page, axe, name):
    opener, opened = OVER[name]
    page.goto(shown("contracts"))
    page.click(opener)
    assert page.locator(opened).is_visible()
    assert look(page, axe, opened) == {}


@pytest.mark.parametrize("name", PAGES)
def test_every_page_can_be_read_without_scripts(shown, open_page, segment, name):
    page = open_page(scripts=False)
    page.goto(shown(PAGES[name].format(segment=segment)))
    assert page.locator("h1").count() == 1
    assert page.locator("main").inner_text().strip()
