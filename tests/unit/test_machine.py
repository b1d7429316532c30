"""What the faces may ask of this machine, without a tracker."""

import json

import pytest

from workdiary.builtin.rules import RULES
from workdiary.desk import desk
from workdiary.desk.machine import LocalMachine
from workdiary.errors import ConfigError, UsageError
from workdiary.journal import schema
from workdiary.link.client import NotRunningError
from workdiary.paths import Home


@pytest.fixture
def home(tmp_path, monkeypatch):
    for name in ("DISPLAY", "WAYLAND_DISPLAY"):
        monkeypatch.setenv(name, "")
    home = Home.find({"WORKDIARY_HOME": str(tmp_path)})
    desk.change(home, RULES, "contract_add", contract="acme", terms={"rate": 5000, "currency": "EUR"})
    return home


@pytest.fixture
def machine(home):
    return LocalMachine(home)


def shown(machine, key):
    return next(one for one in machine.settings() if one.setting.key == key)


def test_a_setting_shows_its_default_until_it_is_set(machine):
    assert (shown(machine, "snapshot.quality").value, shown(machine, "snapshot.quality").is_set) == (75, False)
    machine.set("snapshot.quality", "80")
    assert (shown(machine, "snapshot.quality").value, shown(machine, "snapshot.quality").is_set) == (80, True)
    machine.unset("snapshot.quality")
    assert not shown(machine, "snapshot.quality").is_set


@pytest.mark.parametrize(
    ("key", "text", "message"),
    [
        ("snapshot.quality", "900", "expected int <= 100"),
        ("snapshot.fromat", "webp", 'did you mean "format"'),
        ("plugins.directory.pth", "/x", 'did you mean "path"'),
        ("plugins.nobody.path", "/x", "there is no setting"),
        ("nonsense", "1", "no name of a setting"),
    ],
)
def test_a_wrong_setting_is_refused_and_nothing_is_written(machine, home, key, text, message):
    with pytest.raises((ConfigError, UsageError), match=message):
        machine.set(key, text)
    assert not home.config_file.exists()


def test_a_number_is_text_where_a_plugin_wants_text(machine):
    machine.set("plugins.directory.path", "80")
    assert shown(machine, "plugins.directory.path").value == "80"


def test_a_plugin_that_its_own_table_keeps_out_can_be_mended(machine, home):
    home.config_file.write_text("[plugins.directory]\npath = 3\n")
    assert next(one for one in machine.plugins() if one["name"] == "directory")["state"] == "left out"
    machine.set("plugins.directory.path", "/tmp/x")
    assert next(one for one in machine.plugins() if one["name"] == "directory")["state"] == "idle"


def test_the_queue_names_what_was_refused_and_why(machine, home, tmp_path):
    assert machine.queue() == []
    machine.set("plugins.directory.path", str(tmp_path / "mirror"))
    connection = schema.connect(home.journal)
    connection.execute("INSERT INTO cursor (uploader, number, acknowledged_at) VALUES ('directory', 1, 0)")
    connection.execute("INSERT INTO quarantine (uploader, number, at, reason) VALUES ('directory', 1, 0, 'too large')")
    connection.close()
    (view,) = machine.queue()
    assert (view["uploader"], view["quarantined"], view["state"]) == ("directory", 1, "not running")
    (one,) = machine.refused("directory")
    assert (one["number"], one["reason"], json.loads(one["body"])["contract"]) == (1, "too large", "acme")
    machine.retry("directory")
    assert machine.queue()[0]["quarantined"] == 0
    with pytest.raises(UsageError, match=r'no uploader "nobody" \(known: directory\)'):
        machine.retry("nobody")


def test_the_checks_are_those_of_the_doctor(machine):
    found = {one.name: one for one in machine.checks()}
    assert found["journal"].ok
    assert found["privacy of files"].ok
    assert not found["desktop"].ok
    assert found["desktop"].remedy


def test_without_a_tracker_it_can_only_be_started(machine):
    with pytest.raises(NotRunningError):
        machine.steer("pause")
    assert machine.start("acme", "On the parser")["memo"] == "On the parser"
    assert machine.steer("pause")["state"] == "paused"
    assert machine.steer("stop")["state"] == "stopped"
