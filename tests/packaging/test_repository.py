"""The repository's frame: what ships, and what the tables say."""

from __future__ import annotations

import re
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PLUGINS = sorted(path.parent for path in ROOT.glob("plugins/*/pyproject.toml"))
UNLISTED = {"start", "stop", "config_type"}  # nearly all have them


@pytest.fixture(scope="module")
def wheels(tmp_path_factory):
    out = tmp_path_factory.mktemp("wheels")
    for source in (ROOT, *PLUGINS):
        command = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(out), str(source)]
        subprocess.run(command, check=True, capture_output=True)
    found = {}
    for path in out.glob("*.whl"):
        with zipfile.ZipFile(path) as archive:
            found[path.name.split("-")[0]] = {name: archive.read(name) for name in archive.namelist()}
    return found


def metadata(wheel) -> str:
    (name,) = [name for name in wheel if name.endswith(".dist-info/METADATA")]
    return wheel[name].decode()


def table_rows() -> dict[str, list[str]]:
    text = (ROOT / "plugins" / "README.md").read_text(encoding="utf-8")
    rows = [[cell.strip() for cell in line.strip("| \n").split("|")] for line in text.splitlines() if line[:3] == "| ["]
    return {re.match(r"\[(\w+)\]\(\1\)", row[0])[1]: row[1:] for row in rows}


def source_of(path: Path) -> str:
    return "".join(file.read_text(encoding="utf-8") for file in (path / "src").rglob("*.py"))


def test_each_wheel_holds_its_own_package_and_nothing_else(wheels):
    assert set(wheels) == {"workdiary", *(f"workdiary_{path.name}" for path in PLUGINS)}
    for name, files in wheels.items():
        assert {file.split("/")[0] for file in files if ".dist-info/" not in file} == {name}
        assert f"{name}/py.typed" in files


def test_the_core_wheel_has_the_conformance_kit_and_no_plugin(wheels):
    assert "workdiary/testing/__init__.py" in wheels["workdiary"]
    assert not [file for file in wheels["workdiary"] if any(f"_{path.name}/" in file for path in PLUGINS)]


def test_no_desktops_plugin_requires_another_desktops(wheels):
    ours = {f"workdiary_{path.name}" for path in PLUGINS}
    for name in ours - {"workdiary_demo"}:
        required = set(re.findall(r"^Requires-Dist: ([\w-]+)(?!.*extra ==)", metadata(wheels[name]), re.MULTILINE))
        assert {one.replace("-", "_") for one in required} & ours <= {"workdiary_dbus", "workdiary_wayland"}, name


def test_each_wheel_names_the_licence_and_core_holds_its_text(wheels):
    for wheel in wheels.values():
        assert "License-Expression: Apache-2.0" in metadata(wheel)
    (name,) = [name for name in wheels["workdiary"] if name.endswith("/licenses/LICENSE")]
    assert wheels["workdiary"][name] == (ROOT / "LICENSE").read_bytes()


def test_the_plugins_table_lists_each_plugin_with_exactly_its_hooks():
    rows = table_rows()
    assert sorted(rows) == [path.name for path in PLUGINS]
    for path in PLUGINS:
        hooks = set(re.findall(r"^def workdiary_(\w+)\(", source_of(path), re.MULTILINE)) - UNLISTED
        assert set(filter(None, rows[path.name][0].split(", "))) == hooks, path.name


def test_the_plugins_table_calls_portable_what_is_asked_last():
    for path in PLUGINS:
        assert ("trylast=True" in source_of(path)) == (table_rows()[path.name][2] == "portable"), path.name


def test_every_promise_of_the_readme_names_a_test_that_exists():
    found = re.findall(r"\[`(test_\w+)`\]\(([^)]+)\)", (ROOT / "README.md").read_text(encoding="utf-8"))
    assert len(found) > 9
    for name, path in found:
        assert f"def {name}(" in (ROOT / path).read_text(encoding="utf-8"), name


def test_the_readme_is_short_enough_to_be_read():
    assert len((ROOT / "README.md").read_text(encoding="utf-8").splitlines()) < 120


def test_the_workspace_names_every_plugin():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    names = {f"workdiary-{path.name}" for path in PLUGINS}
    assert set(project["dependency-groups"]["plugins"]) == names
    assert set(project["tool"]["uv"]["sources"]) == names | {"workdiary"}


def test_the_commands_of_the_readme_can_be_started():
    for name in ("contrib/track", "contrib/test", ".ci/run"):
        path = ROOT / name
        assert path.stat().st_mode & 0o111, name
        subprocess.run(["bash", "-n", str(path)], check=True)


def test_no_tracked_file_holds_a_path_of_a_machine_or_a_key():
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=False)
    if listed.returncode:
        pytest.skip("this is no checkout")
    bad = re.compile(rb"/home/\w+/|/roo[t]/|AGE-SECRET-KEY-1[0-9A-Z]{20}|BEGIN [A-Z ]*PRIVATE KEY")
    files = [path for name in listed.stdout.split("\0") if name and (path := ROOT / name).is_file()]
    assert [path.name for path in files if bad.search(path.read_bytes())] == []
