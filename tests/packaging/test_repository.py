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


@pytest.fixture(scope="module")
def wheels(tmp_path_factory):
    out = tmp_path_factory.mktemp("wheels")
    for source in (ROOT, *PLUGINS):
        command = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(out), str(source)]
        subprocess.run(command, check=True, capture_output=True)
    return {path.name.split("-")[0]: zipfile.ZipFile(path).namelist() for path in out.glob("*.whl")}


def test_each_wheel_holds_its_own_package_and_nothing_else(wheels):
    assert set(wheels) == {"workdiary", *(f"workdiary_{path.name}" for path in PLUGINS)}
    for name, files in wheels.items():
        assert {file.split("/")[0] for file in files if ".dist-info" not in file} == {name}
        assert f"{name}/py.typed" in files


def test_the_core_wheel_has_the_conformance_kit_and_no_plugin(wheels):
    assert "workdiary/testing/__init__.py" in wheels["workdiary"]
    assert not [file for file in wheels["workdiary"] if "x11" in file.lower()]


def test_the_plugins_table_lists_the_folders_and_their_hooks():
    text = (ROOT / "plugins/README.md").read_text()
    rows = dict(re.findall(r"^\| \[(\w+)\]\(\w+\) \| ([\w, ]+) \|", text, flags=re.MULTILINE))
    assert sorted(rows) == [path.name for path in PLUGINS]
    for path in PLUGINS:
        code = "".join(file.read_text() for file in (path / "src").rglob("*.py"))
        hooks = set(re.findall(r"def workdiary_(\w+)\(", code)) - {"start", "stop", "config_type"}
        assert set(rows[path.name].split(", ")) == hooks, path.name


def test_every_test_that_the_readme_names_exists():
    for name in re.findall(r"`((?:tests|contrib)/[^`]+)`", (ROOT / "README.md").read_text()):
        path, _, test = name.partition("::")
        assert (ROOT / path).exists(), name
        assert not test or f"def {test}(" in (ROOT / path).read_text(), name


def test_the_workspace_names_every_plugin():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    names = {f"workdiary-{path.name}" for path in PLUGINS}
    assert set(project["dependency-groups"]["plugins"]) == names
    assert set(project["tool"]["uv"]["sources"]) == names | {"workdiary"}


def test_no_tracked_file_holds_a_path_of_a_machine_or_a_key():
    files = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True).stdout.split()
    bad = re.compile(rb"/home/\w+/|/root/|AGE-SECRET-KEY-1[0-9A-Z]{20}|BEGIN [A-Z ]*PRIVATE KEY")
    assert [name for name in files if bad.search((ROOT / name).read_bytes())] == []
