"""An image says what came of its notice, in one way only; both readers of the format agree."""

from __future__ import annotations

import sys
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path

import pytest

from workdiary.diary import openings
from workdiary.diary.model import Record
from workdiary.errors import StorageError
from workdiary.journal.entry import Segment, canonical

FOLDER = Path(__file__).parents[2] / "contrib" / "second-reader"
TAKEN = {"taken_at": 5, "cause": "derived"}
IMAGE = {"sha256": "0" * 64, "width": 1, "height": 1, "bytes": 1, "media_type": "image/jpeg", **TAKEN}
TOLD = {"noticed_at": 6, "noticed_by": "notify"}
REASON = {"not_noticed": "no notifier"}


@pytest.fixture(scope="module")
def second():
    spec = spec_from_file_location("_format_of_the_second_reader", FOLDER / "_format.py")
    module = module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


def read(opening):
    entry = Segment(
        device="0" * 16, contract="c", seq=1, prev="0" * 64, at=0, session="s", slot=0, intervals=[(0, 1)], moments=[],
        commits={},
    )  # fmt: skip
    return openings.snapshot(Record(entry=entry, openings={"snapshot": canonical(opening)}))[0]


def both_take(second, *images) -> bool:
    opening = {**TAKEN, "images": list(images)}
    try:
        ours = read(opening) is not None
    except StorageError:
        ours = False
    assert ours == second.fits(opening, second.VALUES["snapshot"])
    return ours


@pytest.mark.parametrize("notice", [TOLD, REASON])
def test_a_notice_that_was_shown_or_was_not_is_taken(second, notice):
    assert both_take(second, {**IMAGE, **notice})
    shot = read({**TAKEN, "images": [{**IMAGE, **notice}]})
    assert (shot.noticed_at, shot.noticed_by, shot.not_noticed) == (
        notice.get("noticed_at"), notice.get("noticed_by", ""), notice.get("not_noticed", ""),
    )  # fmt: skip


@pytest.mark.parametrize(
    "notice",
    [
        {},
        {**TOLD, **REASON},
        {"noticed_at": 6},
        {"noticed_by": "notify"},
        {**TOLD, "noticed_by": ""},
        {"not_noticed": ""},
        {"noticed_at": None, "not_noticed": "no notifier"},
        {**TOLD, "noticed_at": "6"},
        {**REASON, "seen_by": "me"},
    ],
)
def test_anything_else_is_refused_by_both(second, notice):
    assert not both_take(second, {**IMAGE, **notice})
    assert not both_take(second, {**IMAGE, **TOLD}, {**IMAGE, **notice})


@pytest.mark.parametrize("key", ["taken_at", "cause"])
def test_an_image_without_its_own_time_or_cause_is_refused_by_both(second, key):
    assert not both_take(second, {name: value for name, value in {**IMAGE, **TOLD}.items() if name != key})
