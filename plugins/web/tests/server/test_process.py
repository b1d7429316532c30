"""``workdiary open`` and the life of the process."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
import urllib.request
from concurrent.futures import ThreadPoolExecutor

import pytest
from webclient import SECRET, until

from workdiary_web.server.attention import Attention
from workdiary_web.server.place import Place


@pytest.fixture
def workdiary(home):
    """Run the command line; the process that it starts ends with the test."""

    def run(*words, **environ):
        clean = {**os.environ, "DISPLAY": "", "WAYLAND_DISPLAY": "", "BROWSER": ""}
        return subprocess.run(
            [sys.executable, "-m", "workdiary", *words], capture_output=True, text=True, check=False, timeout=30,
            env={**clean, "WORKDIARY_HOME": str(home.data.parent), **environ},
        )  # fmt: skip

    yield run
    place, quiet = Place.of(home, None), time.monotonic() + 1.2  # one that gave way may just be taking over
    while time.monotonic() < quiet:
        if running := place.running():
            os.kill(running.pid, signal.SIGTERM)
        time.sleep(0.1)


def opened(workdiary, *words):
    done = workdiary("open", "--print", *words)
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def test_open_prints_an_address_that_works_once_and_a_second_one_of_the_same_process(workdiary, home, diary):
    first, second = opened(workdiary), opened(workdiary)
    running = Place.of(home, None).running()
    assert first != second
    assert first.startswith(f"http://127.0.0.1:{running.port}{running.base}/enter/")
    assert second.startswith(f"http://127.0.0.1:{running.port}{running.base}/enter/")


def test_two_opens_at_once_use_one_process(workdiary, home, diary):
    with ThreadPoolExecutor(3) as pool:
        found = list(pool.map(lambda _: opened(workdiary), range(3)))
    assert len({one.partition("/enter/")[0] for one in found}) == 1


def test_open_after_a_kill_starts_another_process_with_another_way_in(workdiary, home, diary):
    first = opened(workdiary)
    pid = Place.of(home, None).running().pid
    os.kill(pid, signal.SIGKILL)
    until(lambda: Place.of(home, None).running() is None)
    second = opened(workdiary)
    assert first.partition("/enter/")[0] != second.partition("/enter/")[0]
    assert Place.of(home, None).running().pid != pid


def test_open_uses_the_browser_of_the_user(workdiary, tmp_path, diary):
    browser = tmp_path / "browser"
    browser.write_text(f'#!/bin/sh\necho "$1" >{tmp_path}/asked\n')
    browser.chmod(0o755)
    done = workdiary("open", BROWSER=f"{browser} %s")
    assert "opens in your browser" in done.stdout
    assert "/enter/" in until(lambda: (tmp_path / "asked").exists() and (tmp_path / "asked").read_text())


def test_open_without_a_desktop_says_what_to_do(workdiary, diary):
    done = workdiary("open")
    assert done.returncode == 0
    assert "Open this on this machine" in done.stdout
    assert json.loads(workdiary("open", "--json").stdout)["opened"] is False


def test_what_goes_wrong_in_the_process_is_the_error_of_open(workdiary, home, diary):
    home.config_file.write_text("[snapshot]\nqualitty = 3\n")
    done = workdiary("open")
    assert done.returncode == 2
    assert "qualitty" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_file_that_is_not_there_is_one_clear_error(workdiary):
    done = workdiary("open", "nothing.zip")
    assert done.returncode == 2
    assert "nothing.zip: there is no such file" in done.stderr


def test_the_process_ends_when_nobody_looks_and_takes_its_files_along(web, diary, home):
    process = web(idle=1.5)
    process.enter()
    assert process.process.wait(5) == 0
    assert not process.place.address.exists()
    assert not process.place.secret.exists()


def test_looking_keeps_it_alive_and_refused_requests_do_not(web, diary):
    process, stranger = web(idle=1.5), None
    process.enter()
    end = time.monotonic() + 2.5
    while time.monotonic() < end:
        assert process.ask(path="/day").status == 200
        time.sleep(0.1)
    cookie, process.cookie = process.cookie, "workdiary=x"
    while process.process.poll() is None and time.monotonic() < end + 5:
        try:
            stranger = process.ask(path="/day").status
        except ConnectionError:
            break
        time.sleep(0.1)
    assert stranger == 404
    assert process.process.wait(5) == 0
    assert cookie


def test_a_page_that_listens_counts_as_looking():
    now = [0.0]
    attention = Attention(10, clock=lambda: now[0])
    attention.begin()
    now[0] = 100
    assert not attention.is_over()
    attention.end()
    assert not attention.is_over()
    now[0] = 110
    assert attention.is_over()


def test_sigterm_ends_it_at_once(web, diary):
    process = web()
    process.enter()
    assert process.end(signal.SIGTERM) == 0
    assert not process.place.address.exists()


def test_a_second_process_gives_way(web, home, diary):
    process = web()
    other = subprocess.run(
        [sys.executable, "-P", "-m", "workdiary_web.server.main"], timeout=20, capture_output=True, text=True,
        env={**os.environ, "WORKDIARY_HOME": str(home.data.parent)}, check=False,
    )  # fmt: skip
    assert (other.returncode, other.stderr) == (0, "")
    assert process.place.running() == process.running


def test_the_plugin_costs_other_commands_nothing():
    code = "import sys, workdiary_web; print(*sys.modules)"
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split()
    assert not [one for one in loaded if one.startswith(("workdiary_web.", "django", "waitress"))]


def test_no_address_of_a_page_is_written_anywhere(web, home, diary):
    process = web()
    process.enter()
    process.ask(path=f"/day?{SECRET}")
    process.end()
    files = [one for one in home.data.parent.rglob("*") if one.is_file() and "journal" not in one.name]
    assert not [one for one in files if SECRET.encode() in one.read_bytes()]


def test_open_waits_for_a_process_that_is_just_ending(workdiary, home, diary):
    lock = Place.of(home, None).lock
    with subprocess.Popen(["flock", str(lock), "sh", "-c", "echo held; sleep 2.5"], stdout=subprocess.PIPE) as other:
        assert other.stdout.readline() == b"held\n"
        assert "/enter/" in opened(workdiary)


def test_a_received_file_has_a_process_of_its_own_and_no_events(workdiary, home, diary, tmp_path):
    file = tmp_path / "week.zip"
    made = workdiary("export", "--contract", "acme", "--out", str(file))
    assert made.returncode == 0, made.stderr
    own, received = opened(workdiary), opened(workdiary, str(file))
    place = Place.of(home, file)
    try:
        assert place.running().port != Place.of(home, None).running().port
        assert received.split("/")[2:4] != own.split("/")[2:4]
        assert opened(workdiary, str(file)).partition("/enter/")[0] == received.partition("/enter/")[0]
        with urllib.request.build_opener(urllib.request.HTTPCookieProcessor()).open(received) as page:
            assert page.status == 200
            assert b"/events" not in page.read()
    finally:
        os.kill(place.running().pid, signal.SIGTERM)
        until(lambda: place.running() is None)
    assert list(home.runtime.glob("web-*.json")) == []
