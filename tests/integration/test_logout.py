"""What a logout and a crash leave behind, and what the next login says of it."""

from __future__ import annotations

import hashlib
import signal

import apsw
import msgspec

from workdiary.journal import schema
from workdiary.journal.store import read_state
from workdiary.record.state import State


def entries(cli, kind):
    connection = apsw.Connection(str(cli.home / "data" / "journal.sqlite"), flags=apsw.SQLITE_OPEN_READONLY)
    rows = connection.execute("SELECT body FROM entry WHERE kind = ? ORDER BY number", (kind,)).fetchall()
    connection.close()
    return [msgspec.json.decode(body) for (body,) in rows]


def test_the_signal_of_a_logout_ends_the_session_in_order(make_cli):
    cli = make_cli()
    cli("contract", "add", "acme", "--rate", "50", "--currency", "EUR")
    child = cli.run("acme", "--memo", "until the logout")
    cli.wait_for(lambda: cli.json("status")["today_seconds"] > 0)
    child.send_signal(signal.SIGTERM)
    assert child.wait(timeout=20) == 0
    assert [one["action"] for one in entries(cli, "session")] == ["start", "stop"]
    assert len(entries(cli, "segment")) == 1
    status = cli.json("status")
    assert (status["state"], status["interrupted"]) == ("stopped", None)
    assert "there is no session to go on with" in cli("run", code=2)
    cli("run", "--take-up")  # as autostart does: nothing to do is no error


def test_after_a_crash_the_status_and_the_next_start_say_which_session_ended_when(make_cli):
    cli = make_cli()
    cli("contract", "add", "acme", "--rate", "50", "--currency", "EUR")
    child = cli.run("acme")
    cli.wait_for(lambda: cli.json("status")["today_seconds"] > 0)
    child.kill()
    child.wait()
    lost = cli.json("status")["interrupted"]
    assert lost["contract"] == "acme"
    assert "The session on acme was cut short: its last tick was at 20" in cli("status")
    put_back(cli)
    said = cli("run", code=2)
    assert "there is no session to go on with: the session on acme ended at its last tick, 20" in said
    assert "workdiary start CONTRACT" in said
    assert cli.json("status")["interrupted"] is None
    assert entries(cli, "session")[-1]["reason"] == "the tracker was not running"


def put_back(cli):
    """Let the crash have been in an earlier run of the machine."""
    connection = schema.connect(cli.home / "data" / "journal.sqlite")
    state = msgspec.json.decode(read_state(connection), type=State)
    state.last = msgspec.structs.replace(state.last, boot_id="another")
    row = msgspec.json.encode(state)
    connection.execute("UPDATE open_state SET value = ?", (hashlib.sha256(row).digest() + row,))
    connection.close()
