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
#: What opens over a page, and how.
OVER = {
    "help": ("contracts", "[data-open=help]"),
    "view": ("contracts", ".display summary"),
    "machine": ("contracts", ".machine summary"),
    "start": ("contracts", ".tracker summary"),
}
SIZES = {"wide": (1280, 800), "phone": (390, 844)}


@pytest.fixture(scope="session")
def segment(shown):
    week = shown.book.week("acme", shown.book.weeks("acme")[-1])
    return next(one.id for one in week.segments if one.snapshot and not one.deleted)


def hangs_over(page) -> int:
    return page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("name", PAGES)
def test_axe_finds_nothing_on_any_page(shown, open_page, axe, segment, name, size, theme):
    page = open_page(theme=theme, size=SIZES[size])
    response = page.goto(shown(PAGES[name].format(segment=segment)))
    assert response.status == (404 if name in ("an error", "nothing") else 200)
    open_page.complaints[:] = [one for one in open_page.complaints if "status of 404" not in one]
    assert axe(page) == []
    assert hangs_over(page) == 0
    assert page.title().endswith(" · Work Diary")


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("name", OVER)
def test_axe_finds_nothing_when_something_is_open(shown, open_page, axe, name, size, theme):
    path, opener = OVER[name]
    page = open_page(theme=theme, size=SIZES[size])
    page.goto(shown(path))
    if size == "phone" and name == "help":
        page.keyboard.press("?")
    else:
        page.click(opener)
    assert axe(page) == []
    assert hangs_over(page) == 0


@pytest.mark.parametrize("name", PAGES)
def test_every_page_can_be_read_without_scripts(shown, open_page, segment, name):
    page = open_page(scripts=False)
    page.goto(shown(PAGES[name].format(segment=segment)))
    open_page.complaints[:] = [one for one in open_page.complaints if "status of 404" not in one]
    assert page.locator("h1").count() == 1
    assert page.locator("main").inner_text().strip()
