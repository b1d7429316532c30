"""Somebody who has a keyboard and no mouse: nothing is focused, clicked or filled in but by keys."""

from __future__ import annotations

from typing import Any

MOST_TABS = 400
#: A pointer at work is an error of the page, which fails the test.
NO_POINTER = """addEventListener("pointerdown", (event) => {
  if (event.isTrusted) setTimeout(() => { throw new Error("the mouse was used"); });
}, true);"""
#: Whether the focus is where it is wanted, and can be seen there.
REACHED = """([selector, text]) => {
  const one = document.activeElement;
  return one.matches(selector) && (one.innerText || one.value || "").includes(text) && one.matches(":focus-visible");
}"""


class Keyboard:
    """The keys of a page, and what was sent by them."""

    def __init__(self, page: Any) -> None:
        self._page = page
        self.sent: set[str] = set()  #: paths of the forms
        page.add_init_script(NO_POINTER)
        page.on("request", self._note)

    def press(self, *keys: str) -> None:
        """Press keys, one after the other."""
        for key in keys:
            self._page.keyboard.press(key)

    def write(self, text: str) -> None:
        """Write over what stands in the field that has the focus."""
        self.press("Control+a")
        self._page.keyboard.type(text)

    def reach(self, selector: str, text: str = "", *, back: bool = False) -> None:
        """Go with Tab to what matches and holds the text; the focus must be visible there."""
        for _ in range(MOST_TABS):
            if self._page.evaluate(REACHED, [selector, text]):
                return
            self.press("Shift+Tab" if back else "Tab")
        raise AssertionError(f"Tab does not lead to {selector} {text!r}")

    def follow(self, selector: str, text: str = "") -> None:
        """Reach a link or a button and press Enter; another page comes."""
        self.reach(selector, text)
        with self._page.expect_navigation():
            self.press("Enter")

    def choose(self, selector: str, text: str) -> None:
        """Reach a list and choose what begins with the text."""
        self.reach(selector)
        self._page.keyboard.type(text)

    def _note(self, request: Any) -> None:
        if request.method == "POST":
            self.sent.add("/" + request.url.split("/", 3)[3].partition("?")[0])
