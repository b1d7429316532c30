"""A stranger follows docs/how-to/write-a-plugin.md to the letter, in an environment of their own."""

import os
import re
import subprocess
import sys
import sysconfig
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
GUIDE = ROOT / "docs" / "how-to" / "write-a-plugin.md"


class Stranger:
    """Somebody with a fresh environment that sees the packages of this one, so that nothing is downloaded."""

    def __init__(self, directory):
        self.directory = directory
        self.environment = directory / "venv"
        subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(self.environment)], check=True)
        (site,) = self.environment.glob("lib/python*/site-packages")
        (site / "house.pth").write_text(f"import site; site.addsitedir({sysconfig.get_path('purelib')!r})\n")
        self.project = directory / "workdiary-tally"

    def run(self, script, *, cwd):
        environ = {
            **{name: value for name, value in os.environ.items() if not name.startswith(("PYTEST", "COV"))},
            "PATH": f"{self.environment / 'bin'}:{os.environ['PATH']}",
            "TARGET": str(self.directory),
            "WORKDIARY_HOME": str(self.directory / "home"),
            "PIP_NO_INDEX": "1",
            "PIP_DISABLE_PIP_VERSION_CHECK": "1",
        }
        result = subprocess.run(
            ["bash", "-euc", script], cwd=cwd, env=environ, capture_output=True, text=True, check=False, timeout=100
        )
        return result.returncode, result.stdout + result.stderr

    def follow(self, script, *, cwd):
        code, output = self.run(script, cwd=cwd)
        assert code == 0, f"{script}\n{output}"
        return output


@pytest.fixture(scope="module")
def stranger(tmp_path_factory):
    return Stranger(tmp_path_factory.mktemp("stranger"))


@pytest.fixture(scope="module")
def steps(stranger):
    """The guide's commands: copy and rename (done), install and find, run the kit."""
    rename, install, test = re.findall(r"```sh\n(.*?)```", GUIDE.read_text(), re.DOTALL)
    stranger.follow(rename, cwd=ROOT)
    return {"found": stranger.follow(install, cwd=stranger.project), "test": test}


def test_the_host_finds_the_strangers_plugin(steps):
    (line,) = [line for line in steps["found"].splitlines() if "tally" in line]
    assert "idle" in line
    assert "workdiary-tally" in line


def test_nothing_of_the_template_is_left_in_the_renamed_copy(stranger, steps):
    texts = [path.read_text() for path in stranger.project.rglob("*") if path.suffix in {".py", ".toml", ".md"}]
    assert not [text for text in texts if "workdiary_example" in text or "plugins.example" in text]


def test_the_strangers_plugin_passes_the_kit(stranger, steps):
    output = stranger.follow(steps["test"], cwd=stranger.project)
    assert re.search(r"\d\d passed", output), output
    assert "skipped" not in output


def test_it_fails_the_kit_when_it_is_broken_on_purpose(stranger, steps):
    meter = stranger.project / "src" / "workdiary_tally" / "meter.py"
    good = meter.read_text()
    broken = good.replace("self._keys += len", "self._keys += 2 * len")
    assert broken != good
    try:
        meter.write_text(broken)
        code, output = stranger.run(steps["test"], cwd=stranger.project)
    finally:
        meter.write_text(good)
    assert code == 1
    assert "broken promise: 5 keys are counted as 5\n  found: 10" in output


def test_its_wheel_holds_the_package_and_the_entry_point(stranger, steps):
    build = "python -m pip wheel --quiet --no-deps --no-build-isolation --wheel-dir dist ."
    stranger.follow(build, cwd=stranger.project)
    (wheel,) = (stranger.project / "dist").glob("workdiary_tally-*.whl")
    with zipfile.ZipFile(wheel) as archive:
        names = archive.namelist()
        (entry,) = [name for name in names if name.endswith("entry_points.txt")]
        assert "tally = workdiary_tally" in archive.read(entry).decode()
    assert "workdiary_tally/py.typed" in names
