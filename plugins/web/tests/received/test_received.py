"""A client opens an export in the browser and answers it."""

from __future__ import annotations

import io
import re
from urllib.parse import urlencode

import pytest

from workdiary.builtin.rules import RULES
from workdiary.desk import desk
from workdiary.desk.received import ReceivedBook
from workdiary.paths import Home
from workdiary.review.form import read_review
from workdiary.testing.weeks import make_week
from workdiary_web.site.application import make_application

NOW = 1_800_000_000_000
HOSTILE = '<script>alert("x")</script><img src=x onerror=alert(1)>\u202egnp.exe'


class Browser:
    """Asks the application as a server would."""

    def __init__(self, book):
        self.book = book
        self.application = make_application(book, pending=Nothing(), base="/abc", zone="UTC", wall_ms=lambda: NOW)

    def __call__(self, path, form=None):
        body = urlencode(form, doseq=True).encode() if form is not None else b""
        environ = {
            "REQUEST_METHOD": "GET" if form is None else "POST",
            "PATH_INFO": "/abc" + path,
            "QUERY_STRING": "",
            "SERVER_NAME": "localhost",
            "SERVER_PORT": "80",
            "SERVER_PROTOCOL": "HTTP/1.1",
            "wsgi.url_scheme": "http",
            "wsgi.input": io.BytesIO(body),
            "wsgi.errors": io.StringIO(),
            "CONTENT_LENGTH": str(len(body)),
            "CONTENT_TYPE": "application/x-www-form-urlencoded",
        }
        seen = {}
        data = b"".join(self.application(environ, lambda status, headers: seen.update(status=status, headers=headers)))
        return int(seen["status"][:3]), dict(seen["headers"]), data


class Nothing:
    def waiting(self):
        return {}

    def requests(self):
        return []

    def failures(self):
        return []


@pytest.fixture
def made():
    week = make_week(11, slots_per_device=12)
    for device in week.devices:
        for draft in device.drafts:
            if "memo" in draft.openings:
                draft.openings["memo"] = HOSTILE
    return week


@pytest.fixture
def browser(made, tmp_path):
    client = Home.find({"WORKDIARY_HOME": str(tmp_path / "client")})
    return Browser(ReceivedBook(made.bundle(), RULES, lambda: desk.own_keys(client)))


def boxes(page):
    return re.findall(r'name="segment" value="([^"]+)"', page.decode())


def test_every_page_of_a_received_record_has_its_verdict_on_top(browser):
    for path in ("/review", "/", "/day", "/week", "/timeline"):
        status, headers, page = browser(path)
        if path != "/review":
            assert status == 302
            status, _, page = browser(headers["Location"].removeprefix("/abc"))
        assert status == 200
        assert b"This record is in order." in page
        assert b"That a person was typing" in page


def test_titles_and_memos_stay_text(browser):
    _, headers, page = browser("/review")
    assert b"<script>alert" not in page
    assert b"onerror=alert(1)&gt;" in page
    assert "default-src 'none'" in headers["Content-Security-Policy"]


def test_the_week_is_approved_with_one_button_and_a_signed_file_comes_out(browser):
    status, headers, data = browser("/review", {"action": "approve", "name": "Ada"})
    assert status == 200
    claim = browser.book.received.claim
    assert headers["Content-Disposition"] == f'attachment; filename="acme-{claim.week}.review.json"'
    review = read_review(data)
    assert (review.body.verdict, review.body.reviewer.name, review.body.at) == ("approved", "Ada", NOW)
    assert review.body.approved.amount == claim.statement["amount"]


def test_what_is_ticked_is_disputed_with_its_own_or_the_common_reason(browser):
    first, second = boxes(browser("/review")[2])[:2]
    form = {"action": "dispute", "segment": [first, second], f"reason-{first}": "lunch", "reason": HOSTILE}
    status, _, data = browser("/review", form)
    assert status == 200
    assert read_review(data).reasons() == {first: "lunch", second: HOSTILE}


def test_a_form_that_does_not_fit_comes_back_as_it_was_filled_in(browser):
    first, second = boxes(browser("/review")[2])[:2]
    for form, says in (
        ({"action": "dispute", "name": "Ada"}, "no segment is chosen"),
        ({"action": "approve", "segment": [first], "name": "Ada"}, "1 of the segments are chosen"),
        ({"action": "dispute", "segment": [first, second], f"reason-{first}": "x", "name": "Ada"}, "1 of the chosen"),
        ({"action": "dispute", "segment": [first], "reason": "two\nlines", "name": "Ada"}, "control character"),
        ({"name": "Ada"}, "neither approved nor disputed"),
    ):  # fmt: skip
        status, headers, page = browser("/review", form)
        text = page.decode()
        assert status == 400
        assert says in text
        assert "Content-Disposition" not in headers
        assert 'value="Ada"' in text
        assert len(re.findall(r'name="segment" value="[^"]+" checked', text)) == len(form.get("segment", ()))


def test_a_segment_that_is_not_in_the_form_is_ignored(browser):
    status, _, _ = browser("/review", {"action": "dispute", "segment": ["0000-acme-1"], "reason": "x"})
    assert status == 400


def test_a_contradicted_record_cannot_be_answered(browser):
    browser.book.report.contradiction("statement.json", "it says 1; the entries give 2")
    _, _, page = browser("/review")
    assert b"neither approved nor disputed" in page
    assert b'name="action"' not in page
    assert browser("/review", {"action": "approve"})[0] == 409
