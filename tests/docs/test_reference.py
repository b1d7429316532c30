from __future__ import annotations

import ast
import inspect
import re
from pathlib import Path

import pytest

from workdiary import errors, hooks
from workdiary.autostart import files, launchd, systemd, windows, xdg
from workdiary.autostart.launch import Launch
from workdiary.cli import INTERRUPTED
from workdiary.payloads import EventKind
from workdiary.plugins.contract import BUDGETS, ON_MAIN
from workdiary.record.schedule import BUSY_MS, QUIET_MS

HOOKS = [name for name in vars(hooks) if name.startswith("workdiary_")]
SPECIFICATIONS = {
    node.name: node for node in ast.parse(inspect.getsource(hooks)).body if isinstance(node, ast.FunctionDef)
}


@pytest.mark.parametrize("name", ["commands.md", "settings.md", "payloads.md"])
def test_a_generated_page_says_what_the_code_says(docs, generate, name):
    assert (docs / "reference" / name).read_text(encoding="utf-8") == generate.PAGE[name](), "run docs/generate.py"


@pytest.fixture(scope="module")
def sections(docs):
    """Return the page of hooks as {signature: text}, in its order."""
    text = (docs / "reference" / "hooks.md").read_text(encoding="utf-8")
    parts = re.split(r"^### `(.*)`$", text, flags=re.MULTILINE)[1:]
    return dict(zip(parts[::2], parts[1::2], strict=True))


def signature(name: str) -> str:
    node = SPECIFICATIONS[name]
    return f"{name}({ast.unparse(node.args)}) -> {ast.unparse(node.returns)}"


def test_every_hook_has_a_heading_with_its_exact_signature_in_the_order_of_the_file(sections):
    assert list(sections) == [signature(name) for name in HOOKS]


@pytest.mark.parametrize("name", HOOKS)
def test_a_hook_says_when_where_how_long_and_what_nothing_and_failure_mean(sections, name):
    text = sections[signature(name)]
    place = "main" if name in ON_MAIN else "lane"
    assert re.search(rf"^- Where: {place}\b", text, re.MULTILINE)
    budget = re.findall(r"Budget: ([0-9.]+) s\.", text)
    assert [float(one) for one in budget] == ([BUDGETS[name]] if name in BUDGETS else [])
    answers = ast.unparse(SPECIFICATIONS[name].returns)
    expected = ["When", "Where", *(["None"] if "| None" in answers else []), "Failure"]
    assert [word for word in re.findall(r"^- (\w+):", text, re.MULTILINE) if word != "Answer"] == expected


def test_the_page_of_hooks_names_the_version_and_the_ticks(docs):
    text = (docs / "reference" / "hooks.md").read_text(encoding="utf-8")
    assert f"`HOOK_API` {'.'.join(map(str, hooks.HOOK_API))}." in text
    assert (BUSY_MS, QUIET_MS) == (1000, 15_000), "hooks.md, add-a-source.md and adr/0006 say how often a tick comes"
    assert "once a second while there is input and every fifteen seconds without" in text


def test_every_exit_code_is_explained_and_no_other(docs):
    page = (docs / "reference" / "exit-codes.md").read_text(encoding="utf-8")
    listed = {int(code) for code in re.findall(r"^\| (\d+) \|", page, re.MULTILINE)}
    kinds = [kind for kind in vars(errors).values() if isinstance(kind, type) and issubclass(kind, Exception)]
    assert listed == {0, INTERRUPTED} | {kind.exit_code for kind in kinds}


def test_the_guide_to_events_lists_exactly_those_that_core_sends(docs):
    page = (docs / "how-to" / "observe-events.md").read_text(encoding="utf-8")
    sources = [path.read_text(encoding="utf-8") for path in (docs.parent / "core").rglob("*.py")]
    sent = {kind.name for kind in EventKind if any(f"EventKind.{kind.name}" in source for source in sources)}
    assert set(re.findall(r"^\| `(\w+)`", page, re.MULTILINE)) == sent


def test_the_unit_for_systemd_runs_a_command_that_exists(docs, generate):
    unit = (docs.parent / "contrib" / "systemd" / "workdiary@.service").read_text(encoding="utf-8")
    (command,) = re.findall(r"^ExecStart=\S*/workdiary (\w+) %i$", unit, re.MULTILINE)
    assert command in dict(generate.own_commands())
    assert f"RestartPreventExitStatus={errors.UsageError.exit_code}" in unit


def test_both_units_begin_and_end_with_the_desktop_session_and_do_not_repeat_what_is_wrong(docs):
    by_hand = (docs.parent / "contrib" / "systemd" / "workdiary@.service").read_text(encoding="utf-8")
    written = systemd.text(Launch(command=("python", "-m", "workdiary", "run", "--take-up")))
    shared = (
        "PartOf",
        "After",
        "Restart",
        "RestartSec",
        "RestartPreventExitStatus",
        "KillMode",
        "TimeoutStopSec",
        "UMask",
        "LimitCORE",
        "WantedBy",
    )
    for key in shared:
        (line,) = re.findall(rf"^{key}=.*$", written, re.MULTILINE)
        assert line in by_hand.splitlines()


def test_the_page_about_login_names_every_method_and_its_file(docs):
    page = (docs / "how-to" / "run-at-login.md").read_text(encoding="utf-8")
    assert set(re.findall(r"^\| `(\w+)` \|", page, re.MULTILINE)) == set(files.METHODS) - {"auto"}
    environ = {"HOME": "~"}
    for module in (systemd, xdg, launchd):
        assert f"`~/{module.path(environ).relative_to(Path('~').expanduser())}`" in page
    assert f"HKCU\\{windows.KEY}" in page
