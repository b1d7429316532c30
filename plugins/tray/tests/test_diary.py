"""What a helper process reads from the journal for the tray."""

from __future__ import annotations

from workdiary.clock import system_clock
from workdiary.paths import Home
from workdiary_tray.diary import summary


def test_without_a_journal_there_are_no_contracts_and_no_time(tmp_path):
    home = Home.find({"WORKDIARY_HOME": str(tmp_path)})
    assert summary(home, system_clock().wall) == {"contracts": {}, "today_seconds": 0, "week_seconds": 0}


def test_memos_come_newest_first_and_once(bare):
    for memo in ("one", "two", "one"):
        bare.cli("start", "acme", "--memo", memo)
        bare.ask("stop")
    found = summary(Home.find(bare.env), system_clock().wall)
    assert list(found["contracts"]) == ["acme"]
    assert found["contracts"]["acme"][0] == "one"
    assert sorted(found["contracts"]["acme"]) == ["one", "two"]
