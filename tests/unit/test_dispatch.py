import logging
import time

import pytest

from workdiary.payloads import (
    Cause,
    Check,
    Decision,
    Event,
    EventKind,
    Frame,
    Lane,
    Occasion,
    Period,
    Rect,
    Slot,
    Snapshot,
    Span,
    Tick,
    Unknown,
    Verdict,
    Window,
)
from workdiary.testing.fakes import ManualClock
from workdiary.testing.outsiders import Outsiders

TICK = Tick(wall_ms=0, mono_ms=0, slot=0)
OCCASION = Occasion(cause=Cause.DERIVED, wall_ms=0, contract="c")
FRAME = Frame(rect=Rect(x=0, y=0, width=2, height=1), width=2, height=1, pixels=bytes(8))
SNAPSHOT = Snapshot(occasion=OCCASION, window=Window(app="a", title="secret"), frames=(FRAME,))
HEAD = """
import pathlib, time
from dataclasses import replace
from workdiary.errors import NotHereError
from workdiary.hooks import hookimpl
from workdiary.payloads import *
calls = []
def counts(since=''): return InputCounts(since=str(since), keys=1, clicks=1, scrolls=1)
"""


@pytest.fixture
def outsiders(tmp_path, monkeypatch):
    house = Outsiders(tmp_path, monkeypatch)
    yield house
    house.close()


def host_with(outsiders, clock=None, **plugins):
    """One hook of one argument for each plugin: ``name="hook(argument): body"``."""
    for name, body in plugins.items():
        lines = "".join(f"@hookimpl\ndef workdiary_{part.strip()}\n" for part in body.split("|"))
        outsiders.add(name, HEAD + lines)
    return outsiders.load(clock=clock) if clock else outsiders.load()


def status(host, name="p"):
    (found,) = [item for item in host.status() if item.name == name]
    return found


GOOD = "count_input(): return InputCounts(since='{0}', keys=1, clicks=1, scrolls=Unknown(reason='r'))"
UNKNOWN_ALL = "count_input(): no = Unknown(reason='no'); return InputCounts(since='', keys=no, clicks=no, scrolls=no)"


@pytest.mark.parametrize(
    "body",
    [
        "count_input(): raise OSError('x')",
        "count_input(): raise SystemExit",
        "count_input(): raise KeyboardInterrupt",
        "count_input(): time.sleep(0.4)",
        "count_input(): return 0",
        "count_input(): return InputCounts(since='', keys=-1, clicks=0, scrolls=0)",
        "count_input(): return InputCounts(since='', keys='7', clicks=0, scrolls=0)",
        "count_input(): return InputCounts(since='', keys=True, clicks=0, scrolls=0)",
        "count_input(): return Unknown(reason='no display')",
        UNKNOWN_ALL,
        "count_input(): return None",
    ],
)
def test_the_next_is_asked_when_one_has_no_reading(outsiders, body):
    host = host_with(outsiders, a=body, b=GOOD.format("b"))
    assert host.count_input(TICK).plugin == "b"


def test_all_reasons_are_kept_when_nobody_answers(outsiders):
    host = host_with(
        outsiders, a="count_input(): raise OSError('secret')", b="count_input(): return Unknown(reason='no display')"
    )
    answer = host.count_input(TICK)
    assert answer.plugin == ""
    assert answer.value == Unknown(reason="a: failed: OSError; b: no display")


def test_a_backend_is_demoted_without_a_reading_and_promoted_with_one(outsiders):
    a = "count_input(): calls.append(1); return Unknown(reason='x') if len(calls) == 2 else counts()"
    host = host_with(outsiders, a=a, b=GOOD.format("b"))
    assert [host.count_input(TICK).plugin for _ in range(3)] == ["a", "b", "a"]


def test_three_failures_in_a_row_make_it_rest_with_backoff(outsiders):
    clock = ManualClock()
    host = host_with(outsiders, clock, p="count_input(): calls.append(1); raise OSError('x')")

    def tried(seconds):
        clock.advance(seconds)
        before = status(host).failures
        host.count_input(TICK)
        return status(host).failures - before

    assert [tried(0) for _ in range(4)] == [1, 1, 1, 0]
    assert status(host).state == "resting"
    assert status(host).reason == "count_input failed 3 times: OSError; next try in 5 s"
    assert [tried(4.9), tried(0.2), tried(9.8), tried(0.3)] == [0, 1, 0, 1]


def test_a_hook_that_fails_does_not_silence_the_plugins_other_hooks(outsiders):
    host = host_with(outsiders, ManualClock(), p="presence(): raise OSError|" + GOOD.format("p"))
    for _ in range(5):
        host.presence(TICK)
        assert host.count_input(TICK).plugin == "p"


def test_a_plugin_starts_before_its_first_call_and_not_sooner(outsiders):
    start = "start(context): calls.append(context.name)|count_input(): return counts(calls)"
    host = host_with(outsiders, a=start, b=start)
    assert host.count_input(TICK).value.since == "['a']"
    assert host.count_input(TICK).value.since == "['a']"
    assert (status(host, "a").state, status(host, "b").state) == ("running", "idle")


def test_a_failed_start_leaves_it_out_with_its_reason_and_is_tried_again(outsiders):
    clock = ManualClock()
    body = (
        "start(context):\n    calls.append(1)\n    if len(calls) < 3: raise OSError('no display :7')\n|"
        + GOOD.format("p")
    )
    host = host_with(outsiders, clock, p=body)
    assert host.count_input(TICK).value.reason == "p: failed: did not start: OSError: no display :7"
    assert status(host).state == "left out"
    assert status(host).reason == "did not start: OSError: no display :7; next try in 5 s"
    clock.advance(5.1)
    assert host.count_input(TICK).plugin == ""
    clock.advance(5.1)
    assert host.count_input(TICK).plugin == ""
    clock.advance(5.1)
    assert host.count_input(TICK).plugin == "p"


def test_the_reason_of_a_plugin_that_is_not_here_says_what_to_do_in_brackets(outsiders):
    start = "start(context): raise NotHereError('no desk', remedy='Sit down.')"
    host = host_with(outsiders, ManualClock(), p=f"{start}|{GOOD.format('p')}")
    assert host.count_input(TICK).value.reason == "p: no desk (Sit down)"


def test_a_plugin_for_another_desktop_is_no_fault_and_is_asked_again(outsiders, tmp_path):
    clock, desk = ManualClock(), tmp_path / "desk"
    start = f"start(context):\n    if not pathlib.Path({str(desk)!r}).exists(): raise NotHereError('no desk')\n"
    checks = "checks(): return [Check(name='desk', ok=True, detail='readings come')]"
    host = host_with(outsiders, clock, p=f"{start}|{GOOD.format('p')}|{checks}")
    assert host.count_input(TICK).value.reason == "p: no desk"
    assert (status(host).state, status(host).reason, status(host).failures) == ("not here", "no desk", 0)
    assert host.checks() == [Check(name="p", ok=True, detail="not used here: no desk")]
    desk.touch()
    assert host.count_input(TICK).plugin == ""
    clock.advance(60.1)
    assert host.count_input(TICK).plugin == "p"
    assert host.checks()[0].detail == "readings come"


PRESENCE = "Presence(since='p', active_ms=0, idle_ms=0, locked=Unknown(reason='r'))"


@pytest.mark.parametrize(
    ("body", "least", "most"),
    [
        (f"presence(): calls.append(1); return {PRESENCE} if len(calls) > 3 else Unknown(reason='soon')", 0.1, 1),
        (f"presence(): return {PRESENCE}", 0, 0.1),
        ("start(context): raise NotHereError('no desk')|presence(): return None", 0, 0.1),
        ("presence(): return Unknown(reason='never')", 1, 2.5),
    ],
    ids=["a timer that needs a moment", "one that knows", "one for another desktop", "a blind one"],
)
def test_recording_waits_a_moment_for_presence_where_it_can_come(outsiders, body, least, most):
    host = host_with(outsiders, p=body)
    began = time.monotonic()
    host.settle(TICK)
    assert least <= time.monotonic() - began < most


def test_started_plugins_are_stopped_last_first_and_once(outsiders, tmp_path):
    file = tmp_path / "order"
    body = "start(context): pass|observe(event): pass|stop():\n    with open({!r}, 'a') as file: file.write({!r})\n"
    host = host_with(outsiders, **{n: body.format(str(file), n) for n in "abc"})
    host.observe(Event(kind=EventKind.STARTED, wall_ms=0))
    host.stop()
    host.stop()
    assert file.read_text() == "cba"


def test_moments_are_merged_and_nonsense_counts_as_a_failure(outsiders):
    host = host_with(
        outsiders,
        a="plan_moments(slot): yield from (500, 100, 500)",
        b="plan_moments(): return [599, 600, -1, '7', 99]",
        c="plan_moments(): return 7",
        d="plan_moments(): return None",
    )
    assert host.plan_moments(Slot(number=1, from_offset=100, derived_offset=200, contract="c")) == (100, 500, 599)
    assert [status(host, name).failures for name in "abcd"] == [0, 1, 1, 0]


def test_without_an_opinion_the_snapshot_is_taken(outsiders):
    assert host_with(outsiders, p="decide_snapshot(): return None").decide_snapshot(OCCASION).verdict is Verdict.TAKE


def test_one_deny_beats_every_take(outsiders):
    take = "decide_snapshot(): return Decision(verdict=Verdict.TAKE)"
    host = host_with(
        outsiders, a=take, b="decide_snapshot(): return Decision(verdict=Verdict.DENY, reason='at lunch')", c=take
    )
    assert host.decide_snapshot(OCCASION) == Decision(verdict=Verdict.DENY, reason="at lunch")


def test_a_policy_that_is_not_here_has_no_opinion(outsiders):
    deny = "decide_snapshot(): return Decision(verdict=Verdict.DENY, reason='never')"
    host = host_with(outsiders, p=f"start(context): raise NotHereError('no desk')|{deny}")
    assert [host.decide_snapshot(OCCASION).verdict for _ in range(3)] == [Verdict.TAKE] * 3


@pytest.mark.parametrize(
    ("body", "what"),
    [
        ("raise OSError('x')", "OSError"),
        ("return True", "expected Decision, got bool"),
        ("time.sleep(0.4)", "took longer than 0.25 s"),
    ],
)
def test_a_policy_that_fails_denies(outsiders, body, what):
    decision = host_with(outsiders, p=f"decide_snapshot(): {body}").decide_snapshot(OCCASION)
    assert decision == Decision(verdict=Verdict.DENY, reason=f"policy p failed: {what}")


def test_filters_form_a_chain_in_order(outsiders):
    body = "redact(snapshot): w = snapshot.window; return replace(snapshot, window=replace(w, title=w.title + '{}'))"
    host = host_with(outsiders, a=body.format("1"), b="redact(snapshot): return None", c=body.format("2"))
    assert host.redact(SNAPSHOT).window.title == "secret12"


@pytest.mark.parametrize(
    ("body", "what"),
    [
        ("raise OSError(snapshot.window.title)", "OSError"),
        ("return 7", "expected Snapshot, got int"),
        ("return replace(snapshot, frames=())", "another number or size of frames"),
        ("return replace(snapshot, frames=snapshot.frames * 2)", "another number or size of frames"),
        (
            "return replace(snapshot, frames=(replace(snapshot.frames[0], width=1, height=2),))",
            "another number or size of frames",
        ),
        (
            "return replace(snapshot, frames=(replace(snapshot.frames[0], pixels=b'1'),))",
            "Frame whose pixels do not fill it",
        ),
        (
            "return replace(snapshot, frames=(replace(snapshot.frames[0], pixels=bytearray(8)),))",
            "Frame whose pixels do not fill it",
        ),
        ("return replace(snapshot, window=None)", "expected Window, got NoneType"),
    ],
)
def test_a_filter_fails_closed_and_says_nothing_private(outsiders, caplog, body, what):
    host = host_with(outsiders, p=f"redact(snapshot): {body}")
    with caplog.at_level(logging.DEBUG):
        for _ in range(4):
            assert type(host.redact(SNAPSHOT)) is Unknown
    assert "secret" not in caplog.text
    assert outsiders.load().redact(SNAPSHOT) == Unknown(reason=f"privacy filter p failed: {what}")


def test_a_filter_that_rests_still_fails_closed(outsiders):
    host = host_with(outsiders, ManualClock(), p="redact(snapshot): raise OSError")
    for _ in range(3):
        host.redact(SNAPSHOT)
    assert host.redact(SNAPSHOT) == Unknown(reason="privacy filter p failed: rests after 3 failures")


def test_a_check_that_fails_is_a_failed_check(outsiders):
    host = host_with(
        outsiders, a="checks(): return [Check(name='n', ok=True, detail='d')]", b="checks(): raise OSError"
    )
    assert [(check.name, check.ok) for check in host.checks()] == [("n", True), ("b", False)]


def test_a_lane_that_fails_or_makes_no_sense_is_left_out(outsiders):
    span = "Span(start_ms=1, end_ms={}, text='stand-up')"
    host = host_with(
        outsiders,
        a=f"lanes(day): return [Lane(name='meetings', spans=({span.format('day.end_ms')},))]",
        b="lanes(day): raise OSError",
        c=f"lanes(day): return [Lane(name='backwards', spans=({span.format(1)},))]",
        d="lanes(day): return ['meetings']",
    )
    lane = Lane(name="meetings", spans=(Span(start_ms=1, end_ms=9, text="stand-up"),))
    assert host.lanes(Period(start_ms=0, end_ms=9)) == [lane]
    assert [status(host, name).failures for name in "abcd"] == [0, 1, 1, 1]


def test_frames_must_be_filled_by_their_pixels(outsiders):
    bad = "grab_screen(): return (Frame(rect=Rect(x=0,y=0,width=2,height=2), width=2, height=2, pixels=b'123'),)"
    good = "grab_screen(): return (Frame(rect=Rect(x=0,y=0,width=1,height=1), width=1, height=1, pixels=b'1234'),)"
    assert host_with(outsiders, a=bad, b=good).grab_screen(OCCASION).plugin == "b"


@pytest.mark.parametrize(
    "body",
    [
        "count_input(): return Unknown(reason=None)",
        "count_input(): return InputCounts(since='', keys=Unknown(reason=7), clicks=0, scrolls=0)",
        "count_input(): raise type('E', (Exception,), {'__str__': lambda self: 1 / 0})",
        "count_input(): raise OSError('\\ud800')",
    ],
)
def test_even_an_odd_failure_is_only_a_failure(outsiders, body):
    host = host_with(outsiders, p=body)
    assert [type(host.count_input(TICK).value) for _ in range(2)] == [Unknown, Unknown]
    assert status(host).failures == 2


def test_odd_offers_are_only_refused(outsiders):
    odd = "type('Odd', (), {'name': property(lambda self: 1 / 0)})()"
    host = host_with(outsiders, p=f"register_uploaders(context): return [{odd}, 7]|plan_moments(): return [[], 5]")
    assert host.uploaders() == []
    assert status(host).reason == "offers something without a name as uploader"
    assert host.plan_moments(Slot(number=1, from_offset=0, derived_offset=1, contract="c")) == (5,)


def test_a_plugin_whose_call_does_not_return_is_shown(outsiders):
    host = host_with(outsiders, p="count_input(): time.sleep(0.6)")
    host.count_input(TICK)
    assert (status(host).state, status(host).reason) == ("resting", "has not returned from an earlier call")
    host.stop()
