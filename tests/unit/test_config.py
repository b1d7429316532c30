import contextlib
import os
import stat
import subprocess
import sys
from dataclasses import dataclass, field

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workdiary import ConfigError, StorageError
from workdiary.config import Settings, list_settings, load, parse, read_table, set_value, unset_value
from workdiary.paths import Home, make_private


@pytest.fixture
def file(tmp_path):
    return tmp_path / "config.toml"


def test_no_file_means_the_defaults(file):
    assert load(file) == Settings()


def test_every_setting_has_a_type_a_default_and_a_meaning():
    found = {setting.key: setting for setting in list_settings()}
    assert found["snapshot.quality"].default == 75
    assert found["snapshot.quality"].type == "int, at least 1 and at most 100"
    assert found["snapshot.format"].type == "jpeg or webp"
    assert found["plugins.order"].type == "list of names"
    assert all(setting.meaning and setting.default is not None for setting in found.values())


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('[snapshot]\nfromat = "jpeg"', '[snapshot] fromat: unknown setting; did you mean "format"?'),
        ("[snapshto]\n", 'snapshto: unknown setting; did you mean "snapshot"?'),
        ("[snapshot]\nquality = '75'", "[snapshot] quality: expected int, got str"),
        ("[snapshot]\nquality = 101", "[snapshot] quality: expected int <= 100"),
        ("[snapshot]\nscale = 3", "[snapshot] scale: invalid enum value 3"),
        ("[plugins]\nordre = []", '[plugins] ordre: unknown setting; did you mean "order"?'),
        ("[plugins]\norder = 'x11'", "[plugins] order: expected array, got str"),
        ("[plugins.order]\n", "[plugins] order: expected a list of plugin names"),
        ("snapshot = 1", "snapshot: expected a table [snapshot]"),
        ("[snapshot", "no valid TOML"),
    ],
)
def test_an_error_names_file_and_key(file, text, message):
    file.write_text(text)
    with pytest.raises(ConfigError) as caught:
        load(file)
    assert str(caught.value).startswith("config.toml: ")
    assert message in str(caught.value)


def test_a_file_that_cannot_be_read_is_one_clear_error(file):
    file.write_bytes(b"\xff")
    with pytest.raises(ConfigError, match="cannot be read"):
        load(file)


@dataclass(frozen=True, kw_only=True)
class Area:
    x: int


@dataclass(frozen=True, kw_only=True)
class Own:
    areas: tuple[Area, ...] = ()
    one: Area | None = None
    names: dict[str, int] = field(default_factory=dict)


def test_unknown_keys_are_errors_in_nested_tables_too():
    where = "config.toml: [plugins.own]"
    assert read_table(Own, {"areas": [{"x": 1}], "names": {"any": 1}}, where).areas == (Area(x=1),)
    with pytest.raises(ConfigError, match=r"\[plugins.own\] areas\[2\]: y: unknown setting"):
        read_table(Own, {"areas": [{"x": 1}, {"x": 1, "y": 2}]}, where)
    with pytest.raises(ConfigError, match=r"\[plugins.own\] one: y: unknown setting"):
        read_table(Own, {"one": {"y": 2}}, where)


def test_setting_a_value_keeps_comments_and_everything_else(file):
    file.write_text('# mine\n[snapshot]\nquality = 60 # small\n\n[plugins.redact]\napps = ["signal"]\n')
    set_value(file, "snapshot.quality", "80")
    set_value(file, "plugins.disabled", '["mss"]')
    set_value(file, "plugins.http.url", "https://example.org/a?b=1")
    text = file.read_text()
    assert "# mine\n[snapshot]\nquality = 80 # small\n" in text
    settings = load(file)
    assert settings.plugins.disabled == ("mss",)
    assert settings.plugins.tables == {"redact": {"apps": ["signal"]}, "http": {"url": "https://example.org/a?b=1"}}
    unset_value(file, "snapshot.quality")
    unset_value(file, "snapshot.scale")
    unset_value(file, "nothing.here")
    assert load(file).snapshot.quality == 75


def test_a_written_file_is_private_and_nothing_else_is_left(file):
    set_value(file, "snapshot.format", "webp")
    assert load(file).snapshot.format == "webp"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert list(file.parent.iterdir()) == [file]


@pytest.mark.parametrize(
    ("key", "text"), [("snapshot.quality", "high"), ("snapshot.fromat", "x"), ("quality", "1"), ("a.b", "1")]
)
def test_a_wrong_value_is_refused_before_anything_is_written(file, key, text):
    file.write_text("[snapshot]\nquality = 60\n")
    with pytest.raises(ConfigError):
        set_value(file, key, text)
    assert file.read_text() == "[snapshot]\nquality = 60\n"
    assert list(file.parent.iterdir()) == [file]


@given(st.text(st.characters(exclude_categories=["Cs", "Cc"])))
def test_any_text_can_be_set_and_read_back(tmp_path_factory, text):
    file = tmp_path_factory.mktemp("any") / "config.toml"
    set_value(file, "plugins.p.note", f'"""{text}"""' if '"' not in text and "\\" not in text else text)
    assert load(file).plugins.tables["p"].keys() == {"note"}


@given(st.text(max_size=200))
def test_nonsense_is_refused_with_one_kind_of_error(text):
    with contextlib.suppress(ConfigError):
        parse(text)


def test_reading_settings_does_not_load_the_writer():
    code = "import sys, workdiary.config; assert 'tomlkit' not in sys.modules and 'tempfile' not in sys.modules"
    subprocess.run([sys.executable, "-c", code], check=True)


def test_everything_lies_under_the_home_that_is_named(tmp_path):
    home = Home.find({"WORKDIARY_HOME": str(tmp_path)})
    paths = (home.config_file, home.data, home.journal, home.blobs, home.lock, home.socket, home.plugin_state("x"))
    assert all(path.is_relative_to(tmp_path) for path in paths)


def test_the_socket_always_fits_into_an_address(tmp_path):
    deep = tmp_path / ("d" * 100)
    home = Home.find({"WORKDIARY_HOME": str(deep)})
    assert len(os.fsencode(home.socket)) <= 107
    assert home.socket == Home.find({"WORKDIARY_HOME": str(deep)}).socket
    assert home.socket != Home.find({"WORKDIARY_HOME": str(tmp_path / ("e" * 100))}).socket


def test_directories_are_private_and_open_ones_are_tightened(tmp_path):
    home = Home.find({"WORKDIARY_HOME": str(tmp_path / "h")})
    home.data.mkdir(parents=True)
    home.data.chmod(0o755)
    home.prepare()
    for directory in (home.data, home.runtime, home.config_file.parent):
        assert stat.S_IMODE(directory.stat().st_mode) == 0o700


def test_a_directory_of_somebody_else_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(os, "getuid", lambda: tmp_path.stat().st_uid + 1)
    with pytest.raises(StorageError, match="belongs to the user with id"):
        make_private(tmp_path)


def test_a_file_in_the_way_is_one_clear_error(tmp_path):
    (tmp_path / "x").write_text("")
    with pytest.raises(StorageError, match="cannot be made private"):
        make_private(tmp_path / "x")
