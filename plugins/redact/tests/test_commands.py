from __future__ import annotations

import json
import tomllib

import pytest
from click.testing import CliRunner

import workdiary_redact
from workdiary.errors import ConfigError, UsageError


@pytest.fixture
def home(tmp_path, monkeypatch):
    monkeypatch.setenv("WORKDIARY_HOME", str(tmp_path))
    return tmp_path


@pytest.fixture
def run(home):
    (command,) = workdiary_redact.workdiary_commands()

    def run(*words):
        result = CliRunner().invoke(command, words)
        if result.exception and not isinstance(result.exception, SystemExit):
            raise result.exception
        assert result.exit_code == 0, result.output
        return result.output

    return run


def stored(home):
    return tomllib.loads((home / "config.toml").read_text())["plugins"]["redact"]


def test_rules_are_added_listed_and_removed(run, home):
    run("add", "--title", "bank")
    run("add", "--title", 'a "quoted" \\ Ünïcode 🦊 *')
    run("add", "--app", "KeePassXC")
    assert stored(home) == {"exclude_titles": ["bank", 'a "quoted" \\ Ünïcode 🦊 *'], "exclude_apps": ["KeePassXC"]}
    assert 'title excluded: "bank"' in run("list")
    run("remove", "--title", "bank")
    assert json.loads(run("list", "--json")) == {
        "exclude_apps": ["KeePassXC"],
        "exclude_titles": ['a "quoted" \\ Ünïcode 🦊 *'],
        "mask_apps": [],
        "mask_titles": [],
    }


def test_a_rule_that_is_there_is_not_added_again(run):
    run("add", "--app", "x")
    assert json.loads(run("add", "--app", "x", "--json"))["exclude_apps"] == ["x"]


def test_everything_else_in_the_file_stays_comments_included(run, home):
    before = '# mine\n[snapshot]\nquality = 60\n\n[plugins.redact]\nmask_apps = ["mail"] # chatty\n'
    (home / "config.toml").write_text(before)
    run("add", "--title", "bank")
    text = (home / "config.toml").read_text()
    assert all(line in text for line in before.splitlines())
    assert stored(home) == {"mask_apps": ["mail"], "exclude_titles": ["bank"]}
    assert 'application masked: "mail"' in run("list")


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["add"], "one of --title and --app"),
        (["add", "--title", "a", "--app", "b"], "one of --title and --app"),
        (["add", "--title", " "], "pattern is empty"),
        (["add", "--title", "a\x1bb"], "control character"),
        (["remove", "--app", "nobody"], 'no rule "nobody"'),
    ],
)
def test_a_wrong_request_is_one_clear_error_and_changes_nothing(run, home, words, message):
    with pytest.raises(UsageError, match=message) as caught:
        run(*words)
    assert caught.value.remedy
    assert not (home / "config.toml").exists()


def test_the_nearest_rule_is_named_when_one_is_misspelt(run):
    run("add", "--title", "My Bank")
    with pytest.raises(UsageError) as caught:
        run("remove", "--title", "My bank")
    assert 'Did you mean "My Bank"?' in caught.value.remedy


def test_a_broken_settings_file_is_named_and_left_alone(run, home):
    (home / "config.toml").write_text("[plugins.redact]\nexclude_titels = []\n")
    with pytest.raises(ConfigError, match="exclude_titles"):
        run("add", "--title", "bank")
    assert (home / "config.toml").read_text() == "[plugins.redact]\nexclude_titels = []\n"


def test_an_empty_pattern_in_the_file_is_refused_and_named(run, home):
    (home / "config.toml").write_text('[plugins.redact]\nexclude_titles = [""]\n')
    with pytest.raises(ConfigError, match="exclude_titles: a pattern is empty"):
        run("list")
