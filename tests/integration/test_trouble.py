"""What goes wrong around the tracker: the record goes on, says unknown with the reason, and recovers by itself."""

from __future__ import annotations

import signal
import time

import pytest

BAD = {
    "raises": "raise RuntimeError('bad')",
    "hangs": "import time; time.sleep(3600)",
    "nonsense": "return 'seven'",
    "exits": "import sys; sys.exit(3)",
    "negative": "from workdiary.payloads import InputCounts as C; return C(since='x', keys=-1, clicks=0, scrolls=0)",
}
PLUGIN = """
from workdiary import hookimpl
{extra}
@hookimpl(tryfirst=True)
def workdiary_count_input(tick):
    {body}
@hookimpl(tryfirst=True)
def workdiary_observe(event):
    {body}
"""


@pytest.fixture
def install(cli, tmp_path):
    """Install throw-away plugins next to the real ones."""
    site = tmp_path / "site"
    cli.env["PYTHONPATH"] = str(site)

    def add(name: str, body: str, extra: str = "") -> None:
        info = site / f"{name}-1.dist-info"
        info.mkdir(parents=True)
        (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: 1\n")
        (info / "entry_points.txt").write_text(f"[workdiary]\n{name} = {name}\n")
        (site / f"{name}.py").write_text(PLUGIN.format(body=body, extra=extra))

    return add


def test_five_bad_plugins_at_once_cost_neither_time_nor_counts(cli, desktop, install):
    for name, body in BAD.items():
        install(name, body)
    cli.run("acme")
    cli.wait_for(lambda: cli.json("status")["open_segment"])
    desktop.key("a", "b", "c")
    cli.wait_for(lambda: cli.json("status")["open_segment"]["keys"] == 3)
    begun = time.monotonic(), cli.json("status")["open_segment"]["tracked_seconds"]
    time.sleep(3)
    passed = time.monotonic() - begun[0]
    assert cli.json("status")["open_segment"]["tracked_seconds"] - begun[1] >= passed - 17  # one quiet tick
    states = {one["name"]: one["failures"] for one in cli.json("plugins")["plugins"]}
    assert all(states[name] >= 1 for name in BAD)
    cli("stop")
    assert cli.json("diary")["segments"][-1]["keys"] == 3


def test_a_plugin_that_eats_memory_in_its_own_process_dies_alone(cli, desktop, install):
    install("eats", "block = bytearray(8 << 30)", extra="WORKDIARY_OWN_PROCESS = True")
    cli.run("acme")
    cli.wait_for(lambda: cli.json("status")["open_segment"])
    desktop.key("a")
    cli.wait_for(lambda: cli.json("status")["open_segment"]["keys"] == 1)


def test_when_the_x_server_goes_away_and_comes_back_counting_goes_on(cli, desktop):
    cli.run("acme")
    cli.wait_for(lambda: cli.json("status")["open_segment"])
    desktop.key("a")
    cli.wait_for(lambda: cli.json("status")["open_segment"]["keys"] == 1)
    desktop.kill_x()
    cli.wait_for(lambda: "keys" in cli.json("status")["open_segment"]["unknown"], 40)
    desktop.start_x()

    def counts_again() -> bool:
        desktop.key("b")
        now = cli.json("status")["open_segment"]["minutes"]
        return bool(now[int(time.time() // 60) % 10]["keys"])

    cli.wait_for(counts_again, 100)  # the minute of the failure stays unknown, the next one is known again
    assert cli.json("status")["state"] == "tracking"


def test_a_killed_tracker_is_taken_up_and_the_time_between_is_a_gap(cli, desktop):
    child = cli.run("acme", "--memo", "still here")
    cli.wait_for(lambda: cli.json("status")["open_segment"])
    desktop.key("a", "b")
    cli.wait_for(lambda: cli.json("status")["open_segment"]["keys"] == 2)
    time.sleep(1.1)
    child.send_signal(signal.SIGKILL)
    child.wait(10)
    assert cli.json("status")["state"] == "stopped"
    cli.run()
    status = cli.json("status")
    assert (status["contract"], status["memo"]) == ("acme", "still here")
    desktop.key("c")
    cli.wait_for(lambda: cli.json("status")["open_segment"]["keys"] == 3)
    cli("stop")
    diary = cli.json("diary")
    assert "the tracker was not running" in [gap["reason"] for gap in diary["gaps"]]
    assert sum(one["keys"] for one in diary["segments"]) == 3


def test_a_stalled_tracker_credits_nothing_of_the_stall(cli, desktop):
    child = cli.run("acme")
    cli.wait_for(lambda: (cli.json("status")["open_segment"] or {}).get("tracked_seconds", 0) >= 1)
    child.send_signal(signal.SIGSTOP)
    time.sleep(22)  # longer than a tick may be late
    child.send_signal(signal.SIGCONT)
    cli("stop")
    diary = cli.json("diary")
    assert [gap["reason"] for gap in diary["gaps"]] == ["the tracker was held up"]
    assert sum(one["tracked_seconds"] for one in diary["segments"]) <= 20


def test_a_damaged_journal_is_set_aside_and_work_goes_on(cli):
    for number in range(1, 4):
        cli("contract", "add", f"c{number}", "--rate", "5")
    journal = cli.home / "data/journal.sqlite"
    data = bytearray(journal.read_bytes())
    data[-6000:-3000] = bytes(3000)
    journal.write_bytes(data)
    assert "mends it" in cli("status", code=1)
    cli("contract", "add", "next", "--rate", "5")
    assert [one.stat().st_size for one in journal.parent.glob("journal.sqlite.bad-*[0-9]")] == [len(data)]
    cli.run("next")
    cli("stop")
    assert "next" in cli("contract", "list")


def test_a_contract_that_is_ended_while_it_is_tracked_ends_the_tracker_too(cli):
    child = cli.run("acme")
    cli("contract", "end", "acme")
    assert child.wait(10) == 0
    cli("contract", "add", "next", "--rate", "5")
    assert cli.json("start", "next")["contract"] == "next"
    cli("stop")
    assert cli.json("start", "next")["contract"] == "next"  # at once: the one that ends is waited for
    cli("stop")
