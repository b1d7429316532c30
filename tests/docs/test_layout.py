from __future__ import annotations

import ast
import subprocess
from pathlib import Path

import pytest

HOUSE = Path(__file__).parents[2]
TOP = {"LICENSE", "README.md", "contrib", "core", "docs", "plugins", "pyproject.toml", "tests"}
ALSO = {"CHANGELOG.md", "CONTRIBUTING.md", "SECURITY.md", "PRIVACY.md", "CODE_OF_CONDUCT.md", "uv.lock"}
#: What touches a screen, a keyboard or a network, or opens pixels.
OUTSIDE = {
    "PIL",
    "mss",
    "Xlib",
    "pynput",
    "pywinctl",
    "http",
    "socketserver",
    "urllib",
    "requests",
    "httpx",
    "ssl",
    "smtplib",
}
MOST_LINES = 300
TESTING = HOUSE / "core/workdiary/testing"


def tracked(*patterns: str) -> list[Path]:
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--", *patterns], cwd=HOUSE, capture_output=True, text=True, check=False
    )
    if listed.returncode:
        pytest.skip("this is no checkout")
    return [path for name in listed.stdout.split("\0") if name and (path := HOUSE / name).exists()]


def imports(path: Path, *, top_level: bool) -> set[str]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    nodes = _at_import(tree) if top_level else ast.walk(tree)
    found = set()
    for node in nodes:
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found.add(node.module)
    return found


def _at_import(tree: ast.AST):
    """Yield what runs when the module is imported; what stands under TYPE_CHECKING does not."""
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
            continue
        if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING":
            continue
        yield node
        yield from _at_import(node)


def test_the_top_of_the_house_is_as_it_is_drawn():
    top = {path.relative_to(HOUSE).parts[0] for path in tracked(".")}
    visible = {name for name in top if not name.startswith(".")}
    assert visible >= TOP
    assert visible <= TOP | ALSO


def test_nobody_imports_the_folder_core():
    for path in tracked("*.py"):
        assert not {name for name in imports(path, top_level=False) if name.split(".")[0] == "core"}, path


def test_no_file_is_longer_than_three_hundred_lines():
    paths = [path for path in tracked("core", "plugins", "contrib") if path.suffix in {".py", ".sh", ".js", ".css", ""}]
    lengths = {str(path.relative_to(HOUSE)): len(path.read_bytes().splitlines()) for path in paths if path.is_file()}
    lengths.pop("LICENSE", None)
    assert {name: lines for name, lines in lengths.items() if lines > MOST_LINES and "/LICENSE" not in name} == {}


def test_core_imports_nothing_that_touches_a_screen_a_keyboard_or_a_network():
    for path in tracked("core/*.py"):
        if path.is_relative_to(TESTING / "peer") or path == TESTING / "network.py":  # servers, which core never imports
            continue
        found = {name.split(".")[0] for name in imports(path, top_level=True)} & OUTSIDE
        assert not found, f"{path.relative_to(HOUSE)} imports {sorted(found)}"


def test_pixels_are_opened_in_the_snapshot_package_and_the_kit_only():
    for path in tracked("core/*.py"):
        if "PIL" in {name.split(".")[0] for name in imports(path, top_level=False)}:
            assert path.relative_to(HOUSE / "core" / "workdiary").parts[0] in {"snapshot", "testing"}, path


def test_sockets_are_opened_by_the_control_socket_and_plugin_processes_only():
    named = {
        "link/address.py",
        "tracker/control.py",
        "tracker/loop.py",  # a pair that wakes it
        "snapshot/runner.py",
        "system/child.py",
        "plugins/process.py",
        "plugins/child.py",
        "plugins/wire.py",
        "testing/proxy.py",  # stands before a server in tests
    }
    core = HOUSE / "core" / "workdiary"
    found = {path.relative_to(core).as_posix() for path in tracked("core/*.py") if "socket" in _all(path)}
    assert found <= named


def test_one_package_touches_the_plugin_manager():
    core = HOUSE / "core" / "workdiary"
    found = {path.relative_to(core).as_posix() for path in tracked("core/*.py") if "pluggy" in _all(path)}
    assert {name for name in found if not name.startswith("plugins/")} <= {"hooks.py"}


def _all(path: Path) -> set[str]:
    return {name.split(".")[0] for name in imports(path, top_level=False)}
