"""A page is light, and all of it comes from here."""

from __future__ import annotations

import pytest

MOST = 60 * 1024  #: compressed bytes of style sheets, scripts and icons
WEIGHT = """() => performance.getEntriesByType('resource')
  .filter(one => one.name.includes('/static/')).map(one => [one.name, one.encodedBodySize, one.decodedBodySize])"""


def assets(page, address):
    page.goto(address, wait_until="networkidle")
    return page.evaluate(WEIGHT)


@pytest.mark.parametrize("path", ["day/2026-11-25", "week/2026-W48", "timeline/2026-11-25", "settings", "manual"])
def test_a_page_loads_at_most_sixty_kilobytes_of_assets(shown, open_page, path):
    found = assets(open_page(), shown(path))
    assert any("htmx" in name for name, _, _ in found)
    assert any(".css" in name for name, _, _ in found)
    assert 0 < sum(packed for _, packed, _ in found) <= MOST


def test_assets_come_compressed(shown, open_page):
    found = assets(open_page(), shown("contracts"))
    assert all(packed < plain for name, packed, plain in found if not name.endswith(".svg") and plain > 500)


def test_assets_are_kept_by_the_browser(shown, open_page):
    page = open_page()
    page.goto(shown("contracts"), wait_until="networkidle")
    asked = []
    page.on("request", lambda one: asked.append(one.url))
    page.goto(shown("queue"), wait_until="networkidle")
    transferred = page.evaluate(
        "() => performance.getEntriesByType('resource').reduce((sum, one) => sum + one.transferSize, 0)"
    )
    assert transferred == 0
