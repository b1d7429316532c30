"""Who told what, and of which time: in a segment, and in what the tracker says of itself."""

from __future__ import annotations

from workdiary.clock import Reading
from workdiary.journal.entry import Segment
from workdiary.payloads import Unknown
from workdiary.plugins.answer import Answer
from workdiary.record.days import Days
from workdiary.record.recorder import Recorder, Sample
from workdiary.record.schedule import LONGEST_MS
from workdiary.record.segment import FIELDS, Shot
from workdiary.record.state import State
from workdiary.slots import SLOT_MS
from workdiary.tracker.told import Told

START = 1_790_000_000_000 // SLOT_MS * SLOT_MS
BLIND = Unknown(reason="no right to read input devices")


class Worked:
    """A session whose meters are named by hand."""

    def __init__(self) -> None:
        self.now = Reading(wall=START, mono=0, boot=0, boot_id="one")
        state = State(session="s", contract="acme", memo="", paused=False, last=self.now, position=START)
        self.recorder = Recorder(state, Days(b"seed", "acme", (), ()))
        self.recorder.start()

    def tick(self, seconds: int, **meters: str) -> None:
        """Let time pass, of which each field's meter tells; the others see nothing."""
        ms = seconds * 1000
        self.now = Reading(wall=self.now.wall + ms, mono=self.now.mono + ms, boot=self.now.boot + ms, boot_id="one")
        fields = {name: ((meters[name], "run"), 7) if name in meters else (("", ""), BLIND) for name in FIELDS}
        self.recorder.tick(self.now, Sample(fields=fields), LONGEST_MS)

    def sources(self) -> list[dict[str, list[tuple[str, int, int]]]]:
        sealed = [draft.openings for draft in self.recorder.outbox if draft.type is Segment]
        return [one["counts"]["sources"] for one in sealed] + [
            one.counts()["sources"] for one in self.recorder.state.segments
        ]


def test_a_field_names_its_plugin_from_its_first_to_its_newest_reading():
    work = Worked()
    work.tick(0, keys="x11")
    work.tick(10, keys="x11", clicks="evdev")
    work.tick(10, keys="x11")
    assert work.sources() == [{"keys": [("x11", 0, 20_000)], "clicks": [("evdev", 0, 10_000)]}]


def test_plugins_that_took_turns_are_named_one_after_another():
    work = Worked()
    for plugin in ("x11", "x11", "pynput", "x11"):
        work.tick(10, keys=plugin)
    assert work.sources()[0]["keys"] == [("x11", 0, 20_000), ("pynput", 20_000, 30_000), ("x11", 30_000, 40_000)]


def test_each_slot_names_the_sources_of_its_own_time():
    work = Worked()
    for _ in range(39):
        work.tick(15, keys="x11")
    work.tick(15)
    work.tick(15)
    assert [one.get("keys") for one in work.sources()] == [[("x11", 0, 585_000)], None]


def test_what_nobody_told_is_not_there():
    work = Worked()
    work.tick(10)
    assert work.sources() == [{}]


def test_time_that_was_taken_out_has_no_source():
    work = Worked()
    for _ in range(4):
        work.tick(15, keys="x11")
    open_segment = work.recorder.open
    open_segment.cut([(START + 30_000, START + 60_000)])
    assert work.sources()[0]["keys"] == [("x11", 0, 30_000)]
    open_segment.cut([(START, START + 30_000)])
    assert work.sources() == [{}]


def test_window_and_image_name_theirs_only_if_there_is_one():
    work = Worked()
    work.tick(10)
    segment, both = work.recorder.open, {"window": "wayland", "image": "portal"}
    segment.shot = Shot(window={"app": "a", "title": "b"}, missing="black", taken_at=START + 9_000, sources=both)
    assert work.sources() == [{"window": [("wayland", 9_000, 9_000)]}]
    segment.shot.window = {"unknown": "nobody knows"}
    assert work.sources() == [{}]


def test_the_age_of_the_last_reading_grows_while_there_is_none():
    told = Told()
    told.note("keys", Answer(plugin="evdev", value=3), 1_000)
    assert told.view(1_500)["keys"] == {"source": "evdev", "age_seconds": 0, "unknown": None}
    told.note("keys", Answer(plugin="", value=BLIND), 61_000)
    assert told.view(61_000)["keys"] == {"source": "evdev", "age_seconds": 60, "unknown": BLIND.reason}
    told.note("lock", Answer(plugin="", value=BLIND), 61_000)
    assert told.view(61_000)["lock"] == {"source": None, "age_seconds": None, "unknown": BLIND.reason}
