from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

from workdiary import hooks

HERE = Path(__file__).parent


def test_the_file_of_public_use_passes_mypy_strict(tmp_path):
    pytest.importorskip("mypy")
    command = [sys.executable, "-m", "mypy", "--strict", "--cache-dir", str(tmp_path), str(HERE / "api.py")]
    done = subprocess.run(command, cwd=HERE.parents[1], capture_output=True, text=True, timeout=110, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_file_of_public_use_has_every_hook():
    tree = ast.parse((HERE / "api.py").read_text(encoding="utf-8"))
    used = {node.name for node in tree.body if isinstance(node, ast.FunctionDef) and node.name.startswith("workdiary_")}
    assert used == {name for name in vars(hooks) if name.startswith("workdiary_")}
