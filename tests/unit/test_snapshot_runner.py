from __future__ import annotations

import os
import select
import signal
import subprocess
import sys
import time
from pathlib import Path

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from workdiary.payloads import Cause, Occasion, Preview, Unknown, Window
from workdiary.snapshot import runner as runner_module
from workdiary.snapshot.messages import Cost, Image, Request, Result, decode_request, decode_result, encode
from workdiary.snapshot.runner import DEADLINE_MS, Runner

REQUEST = Request(
    occasion=Occasion(cause=Cause.POLICY, wall_ms=1, contract="c", monitors="all"),
    recipient="age1x",
    blobs="/nowhere",
    want_image=False,
    no_image_reason="no",
    format="webp",
    quality=1,
    scale=2,
)
TEXT = st.text(st.characters(exclude_categories=["Cs"]))
WINDOWS = st.builds(Window, app=TEXT, title=TEXT, handle=TEXT) | st.builds(Unknown, reason=TEXT)


def now_ms():
    return time.monotonic_ns() // 1_000_000


def wait(runner):
    while runner.busy:
        assert select.select([runner], [], [], 10)[0]
        if result := runner.poll(now_ms()):
            return result
    raise AssertionError("the runner gave up without a result")


def run(code):
    runner = Runner(("-S", "-c", code))
    runner.start(REQUEST)
    result = wait(runner)
    with pytest.raises(ChildProcessError):  # no zombie
        os.waitpid(-1, os.WNOHANG)
    assert runner.fileno() == -1
    assert runner.poll(now_ms()) is None
    return result


@given(window=WINDOWS, missing=TEXT, data=st.binary())
def test_what_is_said_is_what_is_heard(window, missing, data):
    image = Image(sha256="0", width=1, height=2, bytes=3, media_type="image/jpeg", fingerprint="f", data=data)
    costs = {"grab": Cost(cpu_ms=1.5, wall_ms=2.0)}
    preview = Preview(width=1, height=1, pixels=data[:3].ljust(3))
    result = Result(taken_at=4, window=window, images=(image,), missing=missing, preview=preview, costs=costs)
    assert decode_result(encode(result)) == result
    assert decode_request(encode(REQUEST)) == REQUEST


@pytest.mark.parametrize("data", [b"", b"{", b"[]", b"{}", b'{"taken_at": 1}', b'{"taken_at": 1, "window": 3}'])
def test_nonsense_is_no_result(data):
    with pytest.raises(msgspec.DecodeError):
        decode_result(data)


def test_an_answer_of_any_length_arrives_whole():
    start, end = encode(Result(taken_at=4, window=Window(app="a", title="..."))).decode().split("...")
    assert run(f"print({start!r} + 't' * 1_000_000 + {end!r})").window.title == "t" * 1_000_000


@pytest.mark.parametrize(
    ("code", "reason"),
    [
        ("raise SystemExit(7)", "the snapshot process ended with status 7 and without a result"),
        ("raise ValueError('a title')", "the snapshot process ended with status 1 and without a result"),
        ("import os; os.kill(os.getpid(), 11)", "the snapshot process was killed by signal 11"),
        ("print('a title')", "the snapshot process ended with status 0 and without a result"),
        ("import os, time; os.close(0); os.close(1); time.sleep(99)", "the snapshot process was killed by signal 9"),
    ],
)
def test_a_crash_is_told_without_a_word_of_what_the_process_said(code, reason):
    result = run(code)
    assert result.missing == reason
    assert result.window == Unknown(reason=reason)


def test_a_tracker_that_ignores_its_children_still_hears_of_their_end():
    before = signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    try:
        assert run("raise SystemExit(7)").missing == "the snapshot process ended without a result"
    finally:
        signal.signal(signal.SIGCHLD, before)


def test_a_python_that_cannot_be_started_is_told(monkeypatch):
    monkeypatch.setattr(sys, "executable", "/nowhere/python")
    reason = run("").missing
    assert reason == "the snapshot process could not be started: No such file or directory"


def test_what_hangs_is_killed_at_the_deadline_and_not_before():
    runner = Runner(("-S", "-c", "import time; time.sleep(99)"))
    runner.start(REQUEST)
    with pytest.raises(RuntimeError):
        runner.start(REQUEST)
    assert runner.poll(now_ms() + DEADLINE_MS - 5_000) is None
    assert runner.poll(now_ms() + DEADLINE_MS).missing == "the snapshot process took longer than 20 s"
    assert not runner.busy


def test_a_runner_serves_one_request_after_another_and_leaks_no_file():
    answer = encode(Result(taken_at=4, window=Window(app="a", title="t"))).decode()
    runner = Runner(("-S", "-c", f"print({answer!r})"))
    before = len(list(Path("/proc/self/fd").iterdir()))
    for _ in range(3):
        runner.start(REQUEST)
        assert wait(runner).taken_at == 4
    runner.start(REQUEST)
    runner.stop()
    assert len(list(Path("/proc/self/fd").iterdir())) == before


def test_too_long_an_answer_is_cut_off(monkeypatch):
    monkeypatch.setattr(runner_module, "LIMIT", 1_000)
    assert run("print('x' * 100_000_000)").missing


def test_the_tracker_loads_no_pixels_with_the_runner():
    code = "import sys, workdiary.snapshot.runner; print(*sys.modules)"
    loaded = set(
        subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split()
    )
    assert not loaded & {"PIL", "PIL.Image", "mss", "pyrage", "ctypes", "subprocess", "workdiary.snapshot.pipeline"}


def test_a_hardened_process_cannot_be_dumped_and_is_bounded():
    code = (
        "import ctypes, os, resource; from workdiary.snapshot.harden import harden; before = os.nice(0); harden();"
        "print(ctypes.CDLL(None).prctl(3, 0, 0, 0, 0), resource.getrlimit(resource.RLIMIT_CORE),"
        " resource.getrlimit(resource.RLIMIT_AS)[0] <= 2 << 30, os.nice(0) - before, oct(os.umask(0)))"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout.split("\n")[0] == "0 (0, 0) True 5 0o77"
