from __future__ import annotations

from workdiary.payloads import Unknown, Window
from workdiary_pywinctl.window import CACHED_AT_MOST, LONGEST_TEXT, NOTHING, ActiveWindow, clean


class Fake:
    """A window as PyWinCtl hands it out."""

    def __init__(self, handle=16, pid=1, title="t"):
        self.handle, self.pid, self.title = handle, pid, title
        self.asked = 0

    def getHandle(self):  # noqa: N802 - PyWinCtl's
        return self.handle

    def getPID(self):  # noqa: N802 - PyWinCtl's
        return self.pid

    def getAppName(self):  # noqa: N802 - PyWinCtl's
        self.asked += 1
        return f"app{self.pid}"


def test_an_application_is_asked_for_its_name_once():
    window = Fake()
    active = ActiveWindow(lambda: window)
    assert {active.read() for _ in range(5)} == {Window(app="app1", title="t", handle="0x10")}
    assert window.asked == 1


def test_a_number_that_another_process_took_over_is_asked_again():
    window = Fake()
    active = ActiveWindow(lambda: window)
    active.read()
    window.pid = 2
    assert active.read().app == "app2"


def test_the_remembered_names_are_bounded():
    window = Fake()
    active = ActiveWindow(lambda: window)
    for window.handle in range(CACHED_AT_MOST * 3):
        active.read()
    assert len(active._apps) <= CACHED_AT_MOST


def test_no_active_window_is_nothing_only_where_somebody_would_know():
    assert ActiveWindow(lambda: None).read() == NOTHING
    assert isinstance(ActiveWindow(lambda: None, is_managed=lambda: False).read(), Unknown)


def test_a_window_that_is_gone_is_nothing():
    def gone():
        raise KeyError

    assert ActiveWindow(gone, gone=(KeyError,)).read() == NOTHING


def test_titles_are_cut_and_hold_no_control_characters():
    assert clean("a\tb\x1b[31m\u202ec\r\n") == "a b[31mc"
    assert len(clean("x" * 10_000)) == LONGEST_TEXT
