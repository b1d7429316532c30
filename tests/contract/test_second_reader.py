"""contrib/second-reader, written from the specification alone, and `workdiary verify` judge alike."""

from __future__ import annotations

import ast
import hashlib
import json
import random
import subprocess
import sys
from functools import cache
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from workdiary.proof.verify import verify as first
from workdiary.testing.weeks import make_week

ROOT = Path(__file__).resolve().parents[2]
READER = ROOT / "contrib/second-reader"
VECTORS = ROOT / "docs/reference/vectors"
INDEX = json.loads((VECTORS / "index.json").read_text("utf-8"))


@cache
def load(name: str) -> ModuleType:
    spec = spec_from_file_location(f"second_reader_{name}", READER / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@cache
def faults() -> ModuleType:
    module: ModuleType = load("make_vectors").mutations()
    return module


@cache
def samples() -> list[Any]:
    return [faults().Sample(seed) for seed in range(6)]


def second(bundle: bytes) -> int:
    code: int = load("verify").verify(bundle).code
    return code


@pytest.mark.parametrize("seed", range(12))
def test_an_honest_week_is_verified_by_both(seed: int) -> None:
    bundle = make_week(7000 + seed, slots_per_device=8).bundle()
    assert (first(bundle).exit_code, second(bundle)) == (0, 0)


@pytest.mark.parametrize("kind", faults().KINDS)
def test_a_changed_week_is_judged_alike(kind: str) -> None:
    rng = random.Random(kind)
    tries = [faults().mutate(rng.choice(samples()), kind, rng) for _ in range(6)]
    codes = [(first(bundle).exit_code, second(bundle)) for bundle in tries if bundle is not None]
    assert codes
    assert all(mine == other != 0 for mine, other in codes), codes


@pytest.mark.parametrize("vector", INDEX, ids=lambda vector: vector["file"])
def test_both_agree_with_the_published_vectors(vector: dict[str, Any]) -> None:
    bundle = (VECTORS / vector["file"]).read_bytes()
    assert hashlib.sha256(bundle).hexdigest() == vector["sha256"]
    assert (first(bundle).exit_code, second(bundle)) == (vector["exit_code"], vector["exit_code"])


def test_the_vectors_are_what_the_script_writes() -> None:
    written = {f"{name}.zip": data for name, (data, _) in load("make_vectors").vectors().items()}
    held = {path.name: path.read_bytes() for path in VECTORS.glob("*.zip")}
    assert written == held
    assert sorted(held) == sorted(vector["file"] for vector in INDEX)


def test_the_second_reader_prints_its_verdict_as_json() -> None:
    vector = next(one for one in INDEX if one["exit_code"] == 2)
    command = [sys.executable, str(READER / "verify.py"), "--json", str(VECTORS / vector["file"])]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    printed = json.loads(done.stdout)
    assert (done.returncode, printed["verdict"]) == (2, "incomplete")
    assert printed["findings"]


def test_the_second_reader_needs_nothing_of_workdiary() -> None:
    own = {path.stem for path in READER.glob("_*.py")}
    for path in (READER / "verify.py", READER / "receipt.py", READER / "server.py", *READER.glob("_*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            names = [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            names += [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            allowed = {*sys.stdlib_module_names, "cryptography", *own}
            assert {name.split(".")[0] for name in names} <= allowed, path.name
