import os
import sys
import threading
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workdiary.payloads import (
    Action,
    Cause,
    Frame,
    Notice,
    NoticeKind,
    Occasion,
    Preview,
    Rect,
    ScreenMap,
    Shown,
    Snapshot,
    Tick,
    Unknown,
    Window,
)
from workdiary.plugins import process, wire
from workdiary.testing.fakes import ManualClock
from workdiary.testing.outsiders import Outsiders

TICK = Tick(wall_ms=0, mono_ms=0, slot=0)
OCCASION = Occasion(cause=Cause.DERIVED, wall_ms=0, contract="c")
HEAD = """
import os, time, signal, threading
from dataclasses import replace, dataclass
from workdiary.errors import NotHereError
from workdiary.hooks import hookimpl
from workdiary.payloads import *
WORKDIARY_OWN_PROCESS = True
def counts(since): return InputCounts(since=str(since), keys=1, clicks=1, scrolls=Unknown(reason="r"))
"""


@pytest.fixture
def outsiders(tmp_path, monkeypatch):
    house = Outsiders(tmp_path, monkeypatch)
    yield house
    house.close()


def host_with(outsiders, body, settings="", **options):
    lines = "".join(f"@hookimpl\ndef workdiary_{part.strip()}\n" for part in body.split("|"))
    outsiders.add("p", HEAD + lines)
    return outsiders.load(settings, **options)


def status(host):
    (found,) = [item for item in host.status() if item.name == "p"]
    return found


def gone(pid):
    for _ in range(200):
        try:
            os.kill(pid, 0)
        except ProcessLookupError:
            return True
        time.sleep(0.01)
    return False


PID = "count_input(): return counts(os.getpid())"


def test_the_plugin_runs_in_another_process_until_the_host_stops(outsiders):
    host = host_with(outsiders, PID)
    assert status(host).lane == "process"
    answers = [host.count_input(TICK).value for _ in range(3)]
    pid = int(answers[0].since)
    assert pid != os.getpid()
    assert answers[2] == answers[0]
    assert answers[0].scrolls == Unknown(reason="r")
    host.stop()
    assert gone(pid)


def test_the_user_can_isolate_any_plugin_and_it_keeps_its_settings(outsiders):
    body = (
        "config_type(): return Config|start(context): global d; d = context.config.device + context.name"
        "|count_input(): return counts(d)"
    )
    config = "@dataclass(frozen=True)\nclass Config:\n    device: str\n"
    source = HEAD.replace("WORKDIARY_OWN_PROCESS = True", "") + config
    outsiders.add("p", source + "".join(f"@hookimpl\ndef workdiary_{part}\n" for part in body.split("|")))
    host = outsiders.load('[plugins]\nisolated = ["p"]\n[plugins.p]\ndevice = "mouse-"')
    assert host.count_input(TICK).value.since == "mouse-p"
    assert status(host).lane == "process"


def test_uploaders_cannot_be_isolated(outsiders):
    host = host_with(outsiders, "register_uploaders(context): return []")
    assert status(host).state == "left out"
    assert status(host).reason == "cannot run in a process of its own, because it offers workdiary_register_uploaders"


def test_one_that_is_for_another_desktop_says_so_from_its_process(outsiders):
    start = "start(context):\n    raise NotHereError('no desk')\n"
    clock = ManualClock()
    host = host_with(outsiders, start + "|count_input(tick): return counts(1)", clock=clock)
    assert host.count_input(TICK).value == Unknown(reason="p: no desk")
    calls = status(host).calls
    clock.advance(59)
    assert host.count_input(TICK).value == Unknown(reason="p: no desk")
    assert status(host).calls == calls, "no process is begun to hear the same again"
    clock.advance(2)
    host.count_input(TICK)
    assert status(host).calls > calls
    assert (status(host).state, status(host).reason) == ("not here", "no desk")
    assert not Path(f"/proc/{os.getpid()}/task/{os.getpid()}/children").read_text(), "no process is kept for it"


def test_one_that_came_and_then_crashed_is_left_out_and_no_longer_not_here(outsiders, tmp_path):
    clock, desk = ManualClock(), tmp_path / "desk"
    start = f"start(context):\n    if not os.path.exists({str(desk)!r}): raise NotHereError('no desk')\n"
    body = "count_input(tick):\n    if tick.slot: os.kill(os.getpid(), signal.SIGSEGV)\n    return counts(1)"
    host = host_with(outsiders, f"{start}|{body}", clock=clock)
    host.count_input(TICK)
    assert status(host).state == "not here"
    desk.touch()
    clock.advance(61)
    assert host.count_input(TICK).plugin == "p"
    host.count_input(Tick(wall_ms=0, mono_ms=0, slot=1))
    assert (status(host).state, "signal 11" in status(host).reason) == ("left out", True)


def test_a_crash_costs_one_reading_and_the_process_comes_back_after_a_rest(outsiders):
    clock = ManualClock()
    body = "count_input(tick):\n    if tick.slot: os.kill(os.getpid(), signal.SIGSEGV)\n    return counts(os.getpid())"
    host = host_with(outsiders, body, clock=clock)
    first = host.count_input(TICK).value.since
    crashed = host.count_input(Tick(wall_ms=0, mono_ms=0, slot=1))
    assert crashed.value == Unknown(reason="p: failed: its process ended by signal 11")
    assert status(host).state == "left out"
    assert host.count_input(TICK).plugin == ""
    clock.advance(5.1)
    assert host.count_input(TICK).value.since not in {"", first}


def test_a_child_that_hangs_for_twice_its_time_is_killed(outsiders):
    host = host_with(outsiders, "count_input(tick):\n    if tick.slot: time.sleep(60)\n    return counts(os.getpid())")
    pid = int(host.count_input(TICK).value.since)
    hung = Tick(wall_ms=0, mono_ms=0, slot=1)
    assert host.count_input(hung).value.reason == "p: failed: took longer than 0.25 s"
    assert host.count_input(hung).value.reason == "p: has not returned from an earlier call"
    time.sleep(0.3)
    assert "its process was ended" in host.count_input(hung).value.reason
    assert gone(pid)


def test_a_child_cannot_eat_the_machines_memory(outsiders):
    host = host_with(outsiders, "count_input(): return counts(len(bytes(3 * 2**30)))")
    assert host.count_input(TICK).value == Unknown(reason="p: failed: MemoryError")


def test_an_error_in_a_child_tells_its_type_only(outsiders):
    host = host_with(outsiders, "count_input(): raise OSError('secret title')")
    assert host.count_input(TICK).value == Unknown(reason="p: failed: OSError")


def test_a_failed_start_in_a_child_says_why(outsiders):
    host = host_with(outsiders, "start(context): raise OSError('no device')|" + PID)
    assert host.count_input(TICK).value.reason == "p: failed: did not start: OSError: no device"


def test_a_plugin_wakes_the_tracker_from_its_process(outsiders):
    woken = threading.Event()
    body = "start(context): threading.Timer(0.05, context.wake).start()|" + PID
    host = host_with(outsiders, body, wake=woken.set)
    host.count_input(TICK)
    assert woken.wait(5)


def test_a_filter_in_a_process_gets_pictures_and_fails_closed_when_it_dies(outsiders):
    body = (
        "redact(snapshot):\n    if snapshot.window.title == 'die': os._exit(1)\n"
        "    return replace(snapshot, window=replace(snapshot.window, title='x'),"
        " frames=tuple(replace(f, pixels=bytes(len(f.pixels))) for f in snapshot.frames))"
    )
    host = host_with(outsiders, body)
    frame = Frame(rect=Rect(x=0, y=0, width=1920, height=1080), width=1920, height=1080, pixels=b"\1" * 1920 * 1080 * 4)
    before = ScreenMap(monitors=(), windows=())
    snapshot = Snapshot(occasion=OCCASION, window=Window(app="a", title="t"), frames=(frame,), before=before)
    redacted = host.redact(snapshot)
    assert redacted.window.title == "x"
    assert redacted.frames[0].pixels == bytes(1920 * 1080 * 4)
    assert redacted.before == before
    dying = Snapshot(occasion=OCCASION, window=Window(app="a", title="die"))
    assert host.redact(dying) == Unknown(reason="privacy filter p failed: its process ended by itself")


def test_a_notifier_in_a_process_gets_the_notice_whole(outsiders):
    body = (
        "notify(notice):\n    one = notice.actions[0]\n"
        "    found = (notice.kind, one.command, one.arguments, notice.preview.pixels)\n"
        "    whole = (NoticeKind.SNAPSHOT, 'discard', {'contract': 'c', 'slot': 3}, b'\\1' * 3)\n"
        "    return Shown() if found == whole else Unknown(reason='another notice')"
    )
    host = host_with(outsiders, body)
    delete = Action(label="Delete", command="discard", arguments={"contract": "c", "slot": 3})
    preview = Preview(width=1, height=1, pixels=b"\1" * 3)
    notice = Notice(kind=NoticeKind.SNAPSHOT, wall_ms=1, title="t", actions=(delete,), preview=preview)
    assert host.notify(notice).value == Shown()
    other = Notice(kind=NoticeKind.LIMIT, wall_ms=1, title="t", actions=(delete,), preview=preview)
    assert host.notify(other).value == Unknown(reason="p: another notice")


def test_a_child_ends_with_its_parent(outsiders, tmp_path):
    host_with(outsiders, "count_input(): time.sleep(60)")  # a hung one, too
    program = (
        "import importlib.metadata as m, os, sys\n"
        f"found = m.distributions(path=[{str(outsiders.site)!r}])\n"
        "m.entry_points = lambda **k: [e for d in found for e in d.entry_points]\n"
        "from workdiary.config import Settings; from workdiary.paths import Home\n"
        "from workdiary.payloads import Tick; from workdiary.plugins.manager import Plugins\n"
        "host = Plugins.load(Settings(), Home.find(os.environ))\n"
        "host.count_input(Tick(wall_ms=0, mono_ms=0, slot=0))\n"
        "print(host._registry.runners['p']._lane._child._process.pid, flush=True)\n"
        "os.kill(os.getpid(), 9)\n"
    )
    import subprocess
    import sys

    result = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False, timeout=20)
    assert gone(int(result.stdout)), result.stderr


def test_a_child_that_talks_nonsense_is_ended(outsiders):
    body = (
        "count_input(): os.write([n for n in (3, 4) if os.path.exists(f'/proc/self/fd/{n}')][0], b'\\0\\0\\0\\4junk')"
    )
    host = host_with(outsiders, body)
    assert "its process was ended: " in host.count_input(TICK).value.reason


texts = st.text(max_size=20)


@given(
    st.one_of(
        st.none(),
        st.builds(Unknown, reason=texts),
        st.builds(Window, app=texts, title=texts, handle=texts),
        st.tuples(st.integers(0, 599), st.integers(0, 599)),
        st.builds(
            Snapshot,
            occasion=st.just(OCCASION),
            window=st.one_of(st.builds(Unknown, reason=texts), st.builds(Window, app=texts, title=texts)),
        ),
    )
)
def test_what_crosses_arrives_unchanged(value):
    packed = wire.pack(value)
    assert wire.unpack((packed[0], packed[1])) == value


def test_nothing_but_known_types_crosses():
    with pytest.raises(TypeError):
        wire.pack({"a": 1})
    with pytest.raises(ValueError, match="unknown type"):
        wire.unpack(("os.system", wire.pack(None)[1]))


def test_the_limits_are_what_is_documented():
    assert process.MEMORY == 2**30


def test_a_title_with_half_a_character_is_a_failure_and_nothing_worse(outsiders):
    host = host_with(outsiders, "redact(snapshot): return None")
    broken = Snapshot(occasion=OCCASION, window=Window(app="a", title="\ud800"))
    whole = Snapshot(occasion=OCCASION, window=Window(app="a", title="t"))
    assert host.redact(broken) == Unknown(reason="privacy filter p failed: UnicodeEncodeError")
    assert host.redact(whole) == whole


def test_a_process_that_cannot_be_started_is_a_failed_start(outsiders, monkeypatch):
    host = host_with(outsiders, PID)
    monkeypatch.setattr(sys, "executable", "/nowhere/python")
    assert host.count_input(TICK).plugin == ""
    assert status(host).state == "left out"
