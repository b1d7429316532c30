"""What goes over the bus, with a service by script: abilities, buttons, forged signals, restarts, silence."""

from __future__ import annotations

import logging
import queue
import threading
import time

import pytest
from jeepney.io.blocking import open_dbus_connection

from workdiary.context import PluginContext
from workdiary.errors import RuleError
from workdiary.payloads import Action, Notice, NoticeKind, Preview, Shown, Unknown
from workdiary_notify.message import arguments
from workdiary_notify.notifier import Notifier, checks

WHICH = {"contract": "acme", "session": "s", "slot": 3, "taken_at": 4}
NOTICE = Notice(
    kind=NoticeKind.SNAPSHOT,
    wall_ms=1,
    title="Screenshot taken: acme",
    text="It leaves this machine in 60 s at the earliest. <b>&",
    actions=(Action(label="Delete", command="discard", arguments=WHICH), Action(label="Keep")),
    preview=Preview(width=2, height=1, pixels=b"\1\2\3\4\5\6"),
    stay_ms=60_000,
)


@pytest.fixture
def asked():
    return queue.Queue()


@pytest.fixture
def answer():
    return {"discarded": {"tracked_seconds": 61, "images": 1, "clean": True}}


@pytest.fixture
def notifier(bus, asked, answer, tmp_path):
    def ask(command, **which):
        asked.put((command, which, threading.current_thread().name))
        if isinstance(answer, Exception):
            raise answer
        return answer

    found = Notifier()
    context = PluginContext(
        name="notify", config=None, log=logging.getLogger("t"), state_directory=tmp_path, wake=lambda: None, ask=ask
    )
    found.start(context)
    yield found
    found.stop()


def test_the_picture_goes_as_raw_pixels_with_both_buttons(make_service, notifier):
    service = make_service()
    assert notifier.show(NOTICE) == Shown()
    _, (app, _replaces, _icon, title, body, buttons, hints, stay) = service.shown.get(timeout=2)
    assert (app, title, body, stay) == ("Workdiary", NOTICE.title, NOTICE.text, 60_000)
    assert buttons == ["0", "Delete", "1", "Keep"]
    assert hints["image-data"] == ("(iiibiiay)", (2, 1, 6, False, 8, 3, b"\1\2\3\4\5\6"))


def test_the_button_asks_the_tracker_from_a_thread_of_its_own_and_says_what_was_done(make_service, notifier, asked):
    service = make_service()
    notifier.show(NOTICE)
    number, _ = service.shown.get(timeout=2)
    service.press(number)
    command, which, thread = asked.get(timeout=2)
    assert (command, which) == ("discard", WHICH)
    assert thread == "notify-button"
    _, (_, _, _, title, body, buttons, *_) = service.shown.get(timeout=2)
    assert (title, body, buttons) == ("Deleted", "1:01 and 1 image(s) are gone for good.", [])
    assert service.closed.get(timeout=2) == number


@pytest.mark.parametrize("answer", [RuleError("week 2026-W47 is locked", remedy="workdiary week 2026-W47")])
def test_a_refusal_is_shown_in_the_trackers_words(make_service, notifier, asked):
    service = make_service()
    notifier.show(NOTICE)
    service.press(service.shown.get(timeout=2)[0])
    _, (_, _, _, title, body, *_) = service.shown.get(timeout=2)
    assert (title, body) == ("Delete: not done", "week 2026-W47 is locked workdiary week 2026-W47")


def test_keep_closes_it_and_asks_nothing(make_service, notifier, asked):
    service = make_service()
    notifier.show(NOTICE)
    number, _ = service.shown.get(timeout=2)
    service.press(number, "1")
    assert service.closed.get(timeout=2) == number
    service.press(number, "0")  # it is closed: nothing may happen any more
    time.sleep(0.1)
    assert asked.empty()


def test_a_signal_of_anybody_else_presses_no_button(make_service, notifier, asked):
    service = make_service()
    notifier.show(NOTICE)
    number, _ = service.shown.get(timeout=2)
    with open_dbus_connection() as stranger:
        service.press(number, link=stranger)
        stranger.send_and_get_reply(__import__("jeepney").message_bus.GetId())  # the bus has passed it on
    time.sleep(0.1)
    assert asked.empty()
    service.press(number)
    assert asked.get(timeout=2)  # the service itself is heard


@pytest.mark.parametrize(
    ("abilities", "body", "buttons", "image"),
    [
        (
            ("body", "body-markup", "actions"),
            "It leaves this machine in 60 s at the earliest. &lt;b&gt;&amp;",
            4,
            False,
        ),
        (("body", "icon-static"), f"{NOTICE.text}\nTo delete it: workdiary delete open", 0, True),
        (("actions",), "", 4, False),
    ],
)
def test_what_the_service_cannot_show_is_said_otherwise(abilities, body, buttons, image):
    found = arguments(NOTICE, abilities)
    assert (found[4], len(found[5]), "image-data" in found[6]) == (body, buttons, image)
    if not body:
        assert NOTICE.text in found[3]


def test_without_a_service_the_reason_is_one_sentence(notifier):
    assert notifier.show(NOTICE) == Unknown(reason="no notification service on the session bus")
    assert [one.ok for one in checks()] == [False]


def test_without_a_bus_the_reason_is_one_sentence(notifier, monkeypatch, tmp_path):
    notifier.stop()
    for name, value in (("DBUS_SESSION_BUS_ADDRESS", f"unix:path={tmp_path / 'none'}"), ("XDG_RUNTIME_DIR", "/none")):
        monkeypatch.setenv(name, value)
        assert notifier.show(NOTICE) == Unknown(reason="no session bus")
    monkeypatch.delenv("DBUS_SESSION_BUS_ADDRESS")
    assert notifier.show(NOTICE) == Unknown(reason="no session bus")
    assert [one.detail for one in checks()] == ["no session bus"]


def test_a_service_that_does_not_answer_costs_less_than_the_budget(make_service, notifier):
    service = make_service()
    service.mute = True
    begun = time.monotonic()
    assert notifier.show(NOTICE) == Unknown(reason="the notification service does not answer")
    assert time.monotonic() - begun < 0.5


def test_a_service_that_refuses_is_quoted_by_the_name_of_its_error(make_service, notifier):
    make_service().refuses = True
    assert notifier.show(NOTICE).reason == "the notification service refuses: ExcessNotificationGeneration"


def test_a_service_that_comes_back_gets_the_notice_again_and_its_button_works(make_service, notifier, asked, until):
    first = make_service()
    notifier.show(NOTICE)
    first.shown.get(timeout=2)
    first.stop()
    second = make_service()
    number, shown = second.shown.get(timeout=5)
    assert shown[3] == NOTICE.title
    until(lambda: number in notifier._open)
    second.press(number)
    assert asked.get(timeout=2)[0] == "discard"


def test_a_notice_outlasts_services_that_come_and_go_quickly(make_service, notifier, asked, until):
    service = make_service()
    notifier.show(NOTICE)
    for _ in range(40):
        service.stop()
        service = make_service()
    number, _ = service.shown.get(timeout=5)
    until(lambda: number in notifier._open)
    assert service.shown.empty()
    service.press(number)
    assert asked.get(timeout=2)[0] == "discard"


def test_a_bus_that_comes_back_is_found_by_the_next_notice(make_service, notifier, until):
    make_service()
    assert notifier.show(NOTICE) == Shown()
    notifier._service._bus._link.sock.shutdown(2)
    until(lambda: notifier._service.gone)
    assert notifier.show(NOTICE) == Shown()


def test_a_notice_is_closed_when_it_has_stayed_long_enough(make_service, notifier):
    from dataclasses import replace

    service = make_service()
    notifier.show(replace(NOTICE, stay_ms=150))
    number, _ = service.shown.get(timeout=2)
    assert service.closed.get(timeout=2) == number


def test_stopping_closes_what_has_buttons_and_leaves_no_thread(make_service, notifier):
    service = make_service()
    notifier.show(NOTICE)
    number, _ = service.shown.get(timeout=2)
    notifier.stop()
    assert service.closed.get(timeout=2) == number
    assert "notify-bus" not in {thread.name for thread in threading.enumerate()}


def test_the_doctor_names_the_service(make_service):
    make_service()
    assert [(one.ok, one.detail) for one in checks()] == [(True, "fake 1")]


def test_the_thread_sleeps_while_nothing_is_on_the_screen(make_service, notifier, until):
    make_service()
    assert notifier.show(Notice(kind=NoticeKind.LIMIT, wall_ms=1, title="near", stay_ms=50)) == Shown()
    until(lambda: not notifier._open)
    assert notifier._expire() is None


QUESTION = Notice(
    kind=NoticeKind.IDLE,
    wall_ms=1,
    title="Were you working? acme",
    text="12 minutes without input. Without an answer they are kept.",
    actions=tuple(Action(label=one, command="idle", arguments={"answer": one}) for one in ("keep", "discard", "stop")),
)


def test_a_question_is_critical_and_stays_and_is_shown_once(make_service, notifier):
    service = make_service()
    notifier.show(QUESTION)
    first, (*_, buttons, hints, stay) = service.shown.get(timeout=2)
    assert (buttons[1::2], hints["urgency"], stay) == (["keep", "discard", "stop"], ("y", 2), 0)
    notifier.show(QUESTION)
    assert service.closed.get(timeout=2) == first
    second, _ = service.shown.get(timeout=2)
    notifier.close_questions()
    assert service.closed.get(timeout=2) == second


def test_a_button_of_a_question_answers_it(make_service, notifier, asked):
    service = make_service()
    notifier.show(QUESTION)
    number, _ = service.shown.get(timeout=2)
    service.press(number)
    assert asked.get(timeout=2)[:2] == ("idle", {"answer": "keep"})
    assert service.closed.get(timeout=2) == number
    assert service.shown.get(timeout=2)[1][3] == "keep"
    notifier.close_questions()  # the tracker tells that it is answered
    time.sleep(0.1)
    assert service.closed.empty(), "what was done is to be read"


def test_a_service_without_buttons_names_the_command_once():
    body = arguments(QUESTION, {"body"})[4]
    assert body.endswith("To answer: workdiary idle keep, discard or stop")
    assert body.count("To answer") == 1
