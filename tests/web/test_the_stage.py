"""The browser tests can fail: each check is held against a page that is wrong."""

from __future__ import annotations

import pytest


@pytest.mark.parametrize(
    ("body", "rule"),
    [
        ("<main><h1>x</h1><img src=data:image/gif;base64,R0lGODlhAQABAAAAACw=></main>", "image-alt"),
        ("<main><h1>x</h1><p style='color:#999;background:#fff'>faint</p></main>", "color-contrast"),
        (
            "<main><h1>x</h1><p style='color:#222;background:linear-gradient(red,blue)'>some words</p></main>",
            "color-contrast",
        ),
        ("<main><h1>x</h1><svg role=img aria-label=x><text y=9 fill=#aaa>faint</text></svg></main>", "color-contrast"),
        ("<main><h1>x</h1></main><p>outside of any landmark</p>", "region"),
    ],
)
def test_axe_finds_what_is_wrong(page, axe, body, rule):
    page.set_content(f"<!doctype html><html lang=en><title>x</title>{body}")
    assert {one.split(":")[0] for one in axe(page)} == {rule}


@pytest.mark.parametrize(
    ("body", "complaint"),
    [
        ("<script>console.error('broken')</script>", "console: broken"),
        ("<script>nothing.there</script>", "error: "),
        ("<img src='https://example.invalid/x.png'>", "external: https://example.invalid/x.png"),
    ],
)
def test_a_page_that_complains_is_noticed(open_page, body, complaint):
    page = open_page()
    page.set_content(f"<!doctype html><html lang=en><title>x</title>{body}")
    page.wait_for_timeout(50)
    assert any(one.startswith(complaint) for one in open_page.complaints)
    open_page.complaints.clear()
