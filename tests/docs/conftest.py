from __future__ import annotations

import importlib.metadata
import importlib.util
from pathlib import Path

import pytest

from workdiary.builtin import BUILTIN

HOUSE = Path(__file__).parents[2]


@pytest.fixture(scope="session")
def docs() -> Path:
    return HOUSE / "docs"


@pytest.fixture(scope="session")
def generate(docs):
    """Give docs/generate.py as a module; the pages it writes speak of every plugin of this repository."""
    spec = importlib.util.spec_from_file_location("docs_generate", docs / "generate.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    installed = {entry.name for entry in importlib.metadata.entry_points(group="workdiary")}
    missing = module.own_plugins() - installed - {name.rpartition(".")[2] for name in BUILTIN}
    if missing:
        pytest.skip(f"install ./plugins/{min(missing)} first")
    return module
