"""The hosted job must not be green when macOS itself answered nothing."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

RAN = Path(__file__).parents[3] / "contrib" / "macos" / "ran"
SKIPPED = '<skipped type="pytest.skip" message="this process has not the permission Screen Recording"/>'


def ran(tmp_path, *cases):
    report = tmp_path / "report.xml"
    lines = "".join(f'<testcase classname="{name}" name="test_x">{inside}</testcase>' for name, inside in cases)
    report.write_text(f"<testsuites><testsuite>{lines}</testsuite></testsuites>", encoding="utf-8")
    return subprocess.run([sys.executable, str(RAN), str(report)], capture_output=True, text=True, check=False)


@pytest.mark.parametrize(
    ("cases", "code"),
    [
        ([("plugins.macos.tests.test_on_macos", ""), ("plugins.macos.tests.test_on_macos", SKIPPED)], 0),
        ([("plugins.macos.tests.test_on_macos", SKIPPED), ("plugins.macos.tests.test_macos", "")], 1),
        ([("plugins.macos.tests.test_macos", "")], 1),
    ],
    ids=["some of it ran", "only the fake ran", "it was not even collected"],
)
def test_it_fails_when_nothing_was_asked_of_macos_itself(tmp_path, cases, code):
    assert ran(tmp_path, *cases).returncode == code


def test_what_was_skipped_is_named_with_its_reason(tmp_path):
    found = ran(tmp_path, ("plugins.macos.tests.test_on_macos", SKIPPED)).stdout
    assert "::warning::test_x did not run: this process has not the permission Screen Recording" in found
