"""The one-time link and the cookie."""

from __future__ import annotations

import time

import pytest

from workdiary_web.server.links import LINK_S, MOST_SESSIONS, Sessions, mint

SECRET, BASE, NOW = b"s" * 32, "/0123456789abcdef", 1_795_000_000.0


def ticket(secret=SECRET, base=BASE, now=NOW):
    return mint(secret, base, now=now)


def changed(text, at):
    return text[:at] + ("0" if text[at] != "0" else "1") + text[at + 1 :]


@pytest.fixture
def sessions():
    return Sessions(SECRET, BASE, clock=lambda: NOW)


def test_a_fresh_link_opens_a_session_once(sessions):
    fresh = ticket()
    token = sessions.enter(fresh)
    assert sessions.know(f"workdiary={token}")
    assert sessions.enter(fresh) is None
    assert sessions.know(f"a=b; workdiary=planted; workdiary={token}; c")


@pytest.mark.parametrize(
    "forged",
    [
        ticket(secret=b"t" * 32),
        ticket(base="/fedcba9876543210"),
        ticket(now=NOW - LINK_S),
        ticket(now=NOW + 2),  # by a clock that was ahead: it would live too long
        changed(ticket(), 0),
        changed(ticket(), 42),
        changed(ticket(), -1),
        ticket().upper(),
        ticket()[:-1],
        ticket() + "0",
        ticket() + "\n",
        ticket().replace(".", "/"),
        "",
        "..",
    ],
)
def test_any_other_link_opens_nothing(sessions, forged):
    assert sessions.enter(forged) is None


def test_a_link_ends_after_a_minute():
    late = Sessions(SECRET, BASE, clock=lambda: NOW + LINK_S - 1)
    assert late.enter(ticket())
    assert Sessions(SECRET, BASE, clock=lambda: NOW + LINK_S).enter(ticket()) is None


@pytest.mark.parametrize(
    "cookies", ["", "workdiary", "workdiary=", "workdiary=x", "Workdiary={t}", "workdiary={t}x", "x={t}"]
)
def test_any_other_cookie_is_unknown(sessions, cookies):
    token = sessions.enter(ticket())
    assert not sessions.know(cookies.format(t=token))


def test_the_oldest_session_makes_room(sessions):
    tokens = [sessions.enter(ticket()) for _ in range(MOST_SESSIONS + 1)]
    assert [sessions.know(f"workdiary={one}") for one in tokens] == [False] + [True] * MOST_SESSIONS


def test_the_way_in_on_a_real_socket(web, diary):
    process = web()
    assert process.ask().status == 404
    fresh = process.ticket()
    for method in ("HEAD", "POST"):
        assert process.enter(fresh, method).status == 404  # and it is not used up by that
    first = process.enter(fresh)
    assert first.status == 303
    assert first.header("Set-Cookie").endswith(f"; Path={process.base}/; HttpOnly; SameSite=Strict")
    assert first.header("Location") == f"{process.base}/"
    assert process.ask(path="/day").status == 200
    assert process.enter(fresh).status == 404
    assert process.enter(process.ticket(now=time.time() - 61)).status == 404
    assert process.ask(path="/day", Origin=f"http://{process.host}").status == 200
    assert process.ask(path="/day", Sec_Fetch_Site=None).status == 200
    assert process.ask(path="/day", Sec_Fetch_Site="none").status == 200
    other = process.request(path=f"{process.base}/day", Host=f"localhost:{process.port}")
    assert process.send(other).status == 200
