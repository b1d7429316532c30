from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

from workdiary.journal.keeper import COMFORT_BYTES
from workdiary.plugins.contract import FIRST_REST, LONGEST_REST, TOLERANCE
from workdiary.record.account import TOLERANCE_MS
from workdiary.record.schedule import LONGEST_MS
from workdiary.snapshot.runner import DEADLINE_MS
from workdiary.tracker.saving import MEMORY_MS
from workdiary.tracker.tracker import RESUME_MS

HOUSE = Path(__file__).parents[2]
PAGE = (HOUSE / "docs" / "how-to" / "recover-from-trouble.md").read_text(encoding="utf-8")
MESSAGES = re.findall(r"^### `(.*)`$", PAGE, re.MULTILINE)


@pytest.fixture(scope="module")
def texts():
    """Return every text that the code may say, with … for what it fills in."""
    files = [*HOUSE.glob("core/workdiary/**/*.py"), *HOUSE.glob("plugins/*/src/**/*.py")]
    return {text for file in files for text in _texts(ast.parse(file.read_text(encoding="utf-8")))}


def _texts(tree):
    for node in ast.walk(tree):
        if isinstance(node, ast.JoinedStr):
            yield "".join(part.value if isinstance(part, ast.Constant) else "…" for part in node.values)
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.value


@pytest.mark.parametrize("message", MESSAGES)
def test_the_code_still_says_what_the_page_explains(texts, message):
    parts = [part.strip() for part in message.split("…") if part.strip()]
    pattern = re.compile(".*".join(map(re.escape, parts)), re.DOTALL)
    assert any(map(pattern.search, texts))


def test_every_heading_with_a_message_is_found_by_this_test():
    assert len(MESSAGES) == PAGE.count("\n### ") > 20


def test_figures_in_the_pages_are_those_of_the_code():
    time = (HOUSE / "docs" / "explanation" / "time.md").read_text(encoding="utf-8")
    isolation = (HOUSE / "docs" / "explanation" / "isolation.md").read_text(encoding="utf-8")
    assert f"agree within {TOLERANCE_MS // 1000} s" in time
    assert f"more than {LONGEST_MS // 1000} s passed" in time
    assert f"again within {RESUME_MS // 1000} s" in time
    assert f"rests for {FIRST_REST:g} s" in isolation
    assert f"up to {LONGEST_REST // 60:g} minutes" in isolation
    assert TOLERANCE == 3, "isolation.md says: three times in a row"
    assert f"a hang ({DEADLINE_MS // 1000} s in all)" in isolation
    assert MEMORY_MS == 600_000, "recover-from-trouble.md says: for ten minutes"
    assert COMFORT_BYTES == 64 * 2**20, "recover-from-trouble.md says: below 64 MB"
