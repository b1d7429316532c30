"""Every command as a user runs it, and one clear message for every mistake."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta

import pytest

from workdiary.testing.session import NotificationSession


def slot(minutes_ago: int) -> str:
    then = datetime.now(UTC) - timedelta(minutes=minutes_ago)
    return then.replace(minute=then.minute // 10 * 10, second=0, microsecond=0).strftime("%Y-%m-%dT%H:%MZ")


def first(cli):
    """Return the first segment of this week: just after midnight what was logged lies on yesterday."""
    return cli.json("week")["contracts"][0]["segments"][0]


def first_id(cli):
    return first(cli)["id"]


def test_a_session_from_start_to_verified_week(cli, desktop, tmp_path):
    assert cli.json("start", "acme", "--memo", "the first task")["state"] == "tracking"
    assert "switch" in cli("start", "acme", code=1)
    desktop.key("a", "b")
    time.sleep(1.2)
    assert cli.json("pause")["state"] == "paused"
    assert "resume" in cli("pause", code=1)
    assert cli.json("resume")["state"] == "tracking"
    assert cli.json("memo", "the second task")["memo"] == "the second task"
    cli("contract", "add", "other", "--rate", "10")
    assert cli.json("switch", "other", "--memo", "elsewhere")["contract"] == "other"
    time.sleep(1.1)
    assert cli.json("stop")["state"] == "stopped"
    assert "workdiary start" in cli("stop", code=1)
    day = cli.json("diary", "--contract", "acme")
    assert [one["memo"] for one in day["segments"]] == ["the second task"]
    assert day["segments"][0]["keys"] == 2
    assert day["segments"][0]["tracked_seconds"] >= 1
    bundle = tmp_path / "week.wdb"
    cli("export", "--contract", "acme", "--out", str(bundle))
    assert cli.json("verify", str(bundle))["verdict"] == "verified"
    assert "exists already" in cli("export", "--contract", "acme", "--out", str(bundle), code=1)


def test_two_trackers_are_refused_and_the_first_goes_on(cli):
    first = cli.run("acme")
    assert f"process {first.pid}" in cli("run", "acme", code=1)
    assert cli.json("status")["pid"] == first.pid


def test_a_deleted_segment_is_in_no_file_and_the_week_still_verifies(cli, tmp_path):
    cli("config", "set", "plugins.directory.path", str(tmp_path / "mirror"))
    cli.run("acme", "--memo", "erase-me-please")
    time.sleep(1.2)
    cli("stop")
    assert [p for p in tmp_path.rglob("*") if p.is_file() and b"erase-me-please" in p.read_bytes()]
    cli("delete", first_id(cli), "--yes")
    cli.run("acme")  # deliveries go on while a tracker runs
    cli.wait_for(lambda: all(one["pending"] == 0 for one in cli.json("queue")["queue"]))
    cli("stop")
    assert [p for p in tmp_path.rglob("*") if p.is_file() and b"erase-me-please" in p.read_bytes()] == []
    assert cli.json("diary")["segments"][0]["deleted"] is True
    cli("export", "--out", str(tmp_path / "week.wdb"))
    assert cli.json("verify", str(tmp_path / "week.wdb"))["verdict"] == "verified"


def test_a_deletion_is_refused_twice(cli):
    cli("manual", "add", "acme", "--from", slot(30), "--for", "10m", "--memo", "call")
    name = first_id(cli)
    cli("delete", name, "--yes")
    assert "deleted already" in cli("delete", name, "--yes", code=1)
    assert "no segment" in cli("delete", "0000-acme-999", "--yes", code=2)
    assert "is no segment" in cli("delete", "nonsense", "--yes", code=2)


@pytest.mark.parametrize(
    ("arguments", "code", "says"),
    [
        (("start", "nosuch"), 2, 'there is no contract "nosuch"'),
        (("manual", "add", "acme", "--from", "2099-01-01T00:00Z", "--for", "10m"), 1, "future"),
        (("manual", "add", "acme", "--from", "2026-01-05T10:00Z", "--for", "10m"), 1, "locked"),
        (("manual", "add", "acme", "--from", "2026-01-05T10:01Z", "--for", "10m"), 2, "whole slots"),
        (("manual", "add", "acme", "--from", "2026-01-05T10:00Z", "--for", "15m"), 2, "whole slots"),
        (("manual", "add", "acme", "--from", "yesterday", "--for", "10m"), 2, "is not a time"),
        (("config", "set", "snapshot.fromat", "webp"), 2, "format"),
        (("config", "set", "snapshot.quality", "900"), 2, "quality"),
        (("config", "get", "no.such"), 2, "no setting"),
        (("diary", "--date", "2026-13-01"), 2, "is not a day"),
        (("week", "2026-W99"), 2, "is not a week"),
        (("week", "9999-W52"), 2, "is not a week"),
        (("diary", "--date", "9999-12-31"), 2, "is not a day"),
        (("manual", "add", "acme", "--from", "0001-01-01T00:00Z", "--for", "10m"), 2, "is not a time"),
        (("contract", "edit", "acme", "--billing", "nosuch"), 1, "not installed"),
        (("contract", "edit", "acme", "--title", "a\x1b[2J"), 2, "control character"),
        (("contract", "add", "acme", "--rate", "5"), 2, "already"),
        (("contract", "add", "Big Name", "--rate", "5"), 2, "cannot name a contract"),
        (("contract", "add", "x", "--rate", "five"), 2, "is not a rate"),
        (("contract", "add", "x", "--rate", "1E999999"), 2, "is not a rate"),
        (("delete", "0000-acme-9", "--json"), 2, "--yes"),
        (("contract", "edit", "acme", "--currency", "USD"), 1, "currency"),
        (("switch", "acme"), 1, "no tracker is running"),
        (("image", "0000-acme-999", "--out", "x.jpg"), 2, "no segment"),
        (("nosuch",), 2, "No such command"),
        (("contrct",), 2, 'Did you mean "contract"'),
    ],
)  # fmt: skip
def test_a_mistake_gets_one_clear_message_and_changes_nothing(cli, arguments, code, says):
    before = cli("contract", "show", "acme"), cli("diary")
    assert says in cli(*arguments, code=code)
    assert (cli("contract", "show", "acme"), cli("diary")) == before


def test_a_contract_that_is_ended_or_fixed_cannot_be_tracked(cli):
    cli("contract", "add", "flat", "--fixed")
    assert "fixed-price" in cli("start", "flat", code=1)
    cli("contract", "end", "acme")
    assert "ended" in cli("start", "acme", code=1)


def test_manual_time_only_where_nothing_is_logged_and_where_it_is_allowed(cli):
    cli("manual", "add", "acme", "--from", slot(60), "--for", "20m")
    assert "logged already" in cli("manual", "add", "acme", "--from", slot(60), "--for", "10m", code=1)
    cli("contract", "edit", "acme", "--no-manual")
    assert "does not allow manual" in cli("manual", "add", "acme", "--from", slot(120), "--for", "10m", code=1)


def test_memos_of_sealed_segments_can_be_changed(cli):
    cli("manual", "add", "acme", "--from", slot(30), "--for", "10m")
    cli("memo", "what it was", first_id(cli))
    assert first(cli)["memo"] == "what it was"


def test_json_errors_name_the_remedy(cli):
    text = cli("start", "nosuch", "--json", code=2)
    assert '"remedy"' in text


def test_doctor_says_what_works_and_plugins_what_is_installed(cli):
    with NotificationSession(cli.env) as session:
        cli.env = session.env()
        checks = {one["name"]: one["ok"] for one in cli.json("doctor")["checks"]}
    assert checks["input counts"]
    assert checks["active window"]
    assert checks["notices"]
    assert {"x11", "mss", "redact"} <= {one["name"] for one in cli.json("plugins")["plugins"]}


def test_the_idle_question_is_agreed_on_and_answered_only_when_it_is_asked(cli):
    cli("contract", "edit", "acme", "--idle-minutes", "20", "--idle", "discard")
    terms = cli.json("contract", "show", "acme")
    assert (terms["idle_minutes"], terms["idle"]) == (20, "discard")
    assert "120" in cli("contract", "edit", "acme", "--idle-minutes", "121", code=2)
    assert cli.json("start", "acme")["idle"] is None
    assert "nothing is asked" in cli("idle", "keep", code=1)
    assert "no memo" in cli("idle", "discard", "--memo", "meeting", code=2)
    cli("stop")
    assert "no tracker is running" in cli("idle", "stop", code=1)


def test_without_a_screen_time_goes_on_and_everything_else_is_unknown(make_cli):
    cli = make_cli()
    cli("contract", "add", "acme", "--rate", "60")
    cli.run("acme")
    cli.wait_for(lambda: (cli.json("status")["open_segment"] or {}).get("tracked_seconds", 0) >= 1, 25)
    cli("stop")
    one = cli.json("diary")["segments"][0]
    assert one["tracked_seconds"] >= 1
    assert (one["keys"], one["clicks"], one["scrolls"], one["activity"]) == (None, None, None, None)
    assert "DISPLAY" in one["unknown"]["keys"]
    assert "DISPLAY" in cli("doctor", code=1) or "no desktop session" in cli("doctor", code=1)


def test_completion_is_printed_for_each_shell(make_cli):
    cli = make_cli()
    for shell in ("bash", "zsh", "fish"):
        assert "_WORKDIARY_COMPLETE" in cli("completion", shell)
