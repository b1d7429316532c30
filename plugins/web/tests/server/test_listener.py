"""What the server itself promises, below the gate."""

from __future__ import annotations

import json
import os
import subprocess
import time
from pathlib import Path

import pytest
from webclient import SECRET, until

from workdiary_web.server import peer
from workdiary_web.server.listener import THREADS

NOBODY = 65534


def as_user(uid, process, raw):
    """Send a request by a process of another user, as bash does it; return what came."""
    script = 'exec 3<>"/dev/tcp/127.0.0.1/$1" && cat >&3 && timeout 3 cat <&3'
    done = subprocess.run(
        ["bash", "-c", script, "bash", str(process.port)],
        input=raw,
        user=uid,
        capture_output=True,
        check=False,
        cwd="/",
    )
    return done.stdout


@pytest.mark.skipif(os.getuid() != 0, reason="only root can be somebody else")
def test_another_user_gets_not_a_byte_even_with_the_cookie(web, diary):
    process = web()
    process.enter()
    raw = process.request(path=f"{process.base}/day")
    assert as_user(NOBODY, process, raw) == b""
    assert as_user(0, process, raw).startswith(b"HTTP/1.1 200 OK")


@pytest.mark.skipif(os.getuid() != 0, reason="only root can be somebody else")
def test_another_user_cannot_take_a_link_from_the_list_of_processes(web, diary):
    process = web()
    ticket = process.ticket()
    raw = process.request(path=f"{process.base}/enter/{ticket}", Cookie=None)
    assert as_user(NOBODY, process, raw) == b""
    assert process.enter(ticket).status == 303


def test_the_kernel_and_its_table_name_the_same_owner(web):
    process = web()
    with process.connect() as link:
        ours, theirs = link.getsockname(), link.getpeername()
        assert peer._ask_kernel(ours, theirs) == peer._look_up(ours, theirs) == os.getuid()
    stranger = ("127.0.0.1", 9), theirs
    assert peer._ask_kernel(*stranger) is None
    assert peer._look_up(*stranger) is None
    assert not peer.is_mine(*stranger)


def test_slow_clients_hold_nobody_up(web, diary):
    process = web()
    process.enter()
    links = [process.connect() for _ in range(THREADS * 4)]
    for number, link in enumerate(links):
        link.sendall(process.request("POST", f"{process.base}/undo", body=b"a" * 100)[: 20 + 10 * (number % 40)])
    began = time.monotonic()
    assert process.ask(path="/day").status == 200
    assert time.monotonic() - began < 5
    for link in links:
        link.close()


@pytest.mark.parametrize(("site", "spilled"), [("bare-large", False), ("bare-large-spilled", True)])
def test_a_large_answer_that_nobody_takes_is_not_put_on_disk(web, site, spilled):
    """Waitress by itself moves it into a temporary file, and it may be a picture."""
    process = web(site=site)
    process.enter()
    with process.connect() as link:
        link.sendall(process.request(path=f"{process.base}/"))
        assert link.recv(64)
        time.sleep(0.2)
        files = [str(one.readlink()) for one in Path(f"/proc/{process.process.pid}/fd").iterdir()]
    assert bool([one for one in files if "(deleted)" in one]) == spilled


def test_every_answer_has_the_safe_headers_and_none_tells_of_the_server(web):
    process = web(site="bare")
    process.enter()
    for answer in (process.ask(), process.ask(path="/x"), process.ask(Cookie=None), process.send(b"\0\r\n\r\n")):
        assert "default-src 'none'" in answer.header("Content-Security-Policy")
        assert answer.header("X-Content-Type-Options") == "nosniff"
        assert answer.header("Referrer-Policy") == "same-origin"
        assert answer.header("Cross-Origin-Resource-Policy") == "same-origin"
        assert answer.header("Cross-Origin-Opener-Policy") == "same-origin"
        assert answer.header("Permissions-Policy")
        assert answer.header("Cache-Control") == "no-store"
        assert answer.header("Server") is None


def test_only_files_whose_address_changes_with_their_bytes_may_be_kept(web, diary):
    process = web()
    process.enter()
    page = process.ask(path="/day")
    assert page.header("Cache-Control") == "no-store"
    asset = page.body.decode().partition(f'href="{process.base}/static/')[2].partition('"')[0]
    assert "immutable" in process.ask(path=f"/static/{asset}").header("Cache-Control")


def test_an_accident_tells_nothing(web):
    process = web(site="bare-broken")
    process.enter()
    answer = process.ask()
    assert answer.status == 500
    assert SECRET not in answer.body.decode()
    assert "Traceback" not in answer.body.decode()


def test_it_listens_on_one_address_of_this_machine_only(web):
    process = web()
    rows = [line.split() for line in Path("/proc/net/tcp").read_text().splitlines()[1:]]
    port = f":{process.port:04X}"
    assert {row[1] for row in rows if row[1].endswith(port) and row[3] == "0A"} == {f"0100007F{port}"}
    rows = [line.split() for line in Path("/proc/net/tcp6").read_text().splitlines()[1:]]
    assert not [row for row in rows if row[1].endswith(port)]


def test_the_files_are_private(web, home):
    process = web()
    files = [process.place.address, process.place.secret, process.place.lock]
    assert {oct(one.stat().st_mode & 0o777) for one in files} == {"0o600"}
    assert oct(home.runtime.stat().st_mode & 0o777) == "0o700"
    assert len(process.place.secret.read_bytes()) == 32
    assert set(json.loads(process.place.address.read_bytes())) == {"pid", "port", "base"}
    until(lambda: process.place.running() is not None)


def test_pages_that_cannot_be_made_say_so_in_the_browser(web):
    process = web(site="bare-missing")
    assert process.ask().status == 404
    process.enter()
    answer = process.ask()
    assert answer.status == 500
    assert "no module named django" in answer.body.decode()
