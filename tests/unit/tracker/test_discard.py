"""Deleting what is still being recorded: at once, for good, and the slot goes on."""

from __future__ import annotations

import pytest

from workdiary.errors import RuleError, StorageError
from workdiary.journal import blobs
from workdiary.journal.entry import Segment, Tombstone
from workdiary.payloads import EventKind
from workdiary.slots import SLOT_MS

TITLE = "title-canary-3b1d"


def track_until_noticed(bench):
    """Track until the user has been told of a snapshot; return what its Delete button asks."""
    bench.tracker.start("acme", "memo")
    while not bench.sources.notices:
        bench.pass_time(1000)
    return bench.sources.notices[-1].actions[0].arguments


def files_with(bench, text: str):
    found = [path for path in bench.home.data.rglob("*") if path.is_file()]
    return [path.name for path in found if text.encode() in path.read_bytes()]


def written_blob(bench) -> str:
    """Put a blob where the open segment's image has its name."""
    name = blobs.write(bench.home.blobs, b"sealed")
    shot = bench.tracker.recorder.open.shot
    shot.images[0]["sha256"], shot.window = name, {"app": "editor", "title": TITLE}
    bench.tracker.set_memo("memo")  # which saves it
    return name


def test_the_open_segment_is_gone_from_every_file_and_the_slot_goes_on_anew(bench):
    track_until_noticed(bench)
    name = written_blob(bench)
    assert files_with(bench, TITLE)  # or the search below proves nothing
    done = bench.discard()
    assert (done["images"], done["clean"]) == (1, True)
    assert not files_with(bench, name)
    assert not (bench.home.blobs / name[:2] / name).exists()
    [stone] = bench.entries(Tombstone)
    [gone] = bench.entries(Segment)
    assert stone.of == [gone.seq]
    assert not files_with(bench, TITLE)
    bench.pass_time(SLOT_MS)
    bench.tracker.stop()
    kept = [one for one in bench.week().segments if not one.deleted]
    assert kept[0].slot == gone.slot
    assert kept[0].tracked_seconds + gone.intervals[0][1] // 1000 == 600
    assert bench.week().statement.deleted_seconds == done["tracked_seconds"]
    assert bench.verified() == ""


def test_what_is_left_of_the_slot_gets_a_moment_of_its_own(bench):
    track_until_noticed(bench)
    bench.discard()
    bench.pass_time(16_000)
    again = bench.tracker.recorder.open
    assert again.moments[0].start * 1000 >= again.intervals[0][0]
    assert again.moments[0].at >= again.moments[0].start
    bench.pass_time(SLOT_MS)
    bench.tracker.stop()
    second = next(one for one in bench.week().segments if not one.deleted)
    assert second.snapshot is not None
    assert bench.verified() == ""


def test_a_second_press_does_not_delete_what_came_after(bench):
    which = track_until_noticed(bench)
    bench.discard(**which)
    with pytest.raises(RuleError, match="not in the diary any more"):
        bench.discard(**which)
    bench.pass_time(SLOT_MS)
    with pytest.raises(RuleError, match="not in the diary any more"):
        bench.discard(**which)
    assert len(bench.entries(Tombstone)) == 1


def test_the_button_still_works_when_the_segment_was_sealed_meanwhile(bench):
    which = track_until_noticed(bench)
    bench.pass_time(SLOT_MS)
    done = bench.discard(**which)
    assert done["images"] == 1
    assert [one.deleted for one in bench.week().segments] == [True]
    bench.tracker.stop()
    assert bench.verified() == ""


def test_the_button_still_works_after_a_kill(bench):
    which = track_until_noticed(bench)
    bench.kill()
    bench.tracker.take_up()
    assert bench.discard(**which)["images"] == 1
    bench.tracker.stop()
    assert bench.verified() == ""


def test_a_locked_week_is_deleted_from_no_more(bench):
    which = track_until_noticed(bench)
    bench.tracker.stop()
    bench.move(0, asleep=8 * 86_400_000)
    with pytest.raises(RuleError, match="locked"):
        bench.discard(**which)


def test_a_snapshot_that_is_under_way_is_given_up_and_leaves_no_file(bench):
    bench.tracker.start("acme", "")
    while not bench.pictures.busy:
        bench.pass_time(1000, pictures=False)
    unnamed = blobs.write(bench.home.blobs, b"sealed, but nobody knows of it yet")
    bench.discard()
    assert not bench.pictures.busy
    assert not (bench.home.blobs / unnamed[:2] / unnamed).exists()
    bench.tracker.poll_shots()
    assert not bench.sources.notices
    bench.tracker.stop()
    assert bench.verified() == ""


def test_while_paused_too(bench):
    which = track_until_noticed(bench)
    bench.tracker.pause()
    bench.move(60_000)
    bench.discard(**which)
    bench.tracker.resume()
    bench.pass_time(60_000)
    bench.tracker.stop()
    assert [one.deleted for one in bench.week().segments] == [True, False]
    assert bench.verified() == ""


def test_nothing_recorded_is_nothing_to_delete(bench):
    track_until_noticed(bench)
    bench.discard()
    with pytest.raises(RuleError, match="yet"):
        bench.discard()


def test_deleting_is_no_news_of_ten_minutes(bench):
    track_until_noticed(bench)
    bench.discard()
    told = [event.kind for event in bench.sources.events]
    assert EventKind.SEGMENT_SEALED not in told
    assert told[-1] is EventKind.DIARY_CHANGED


def test_a_crash_in_between_leaves_the_segment_or_its_deletion(bench, monkeypatch):
    track_until_noticed(bench)
    insert = bench.keeper.journal.insert

    def dies(draft, *rest):
        if draft.type is Tombstone:
            raise KeyboardInterrupt
        return insert(draft, *rest)

    monkeypatch.setattr(bench.keeper.journal, "insert", dies)
    with pytest.raises(KeyboardInterrupt):
        bench.discard()
    bench.kill()
    assert bench.entries(Segment) == bench.entries(Tombstone) == []
    bench.tracker.take_up()
    assert bench.tracker.recorder.open.shot.images  # nothing was lost, and the button may be pressed again
    bench.discard()
    bench.kill()
    assert [len(bench.entries(kind)) for kind in (Segment, Tombstone)] == [1, 1]


def test_a_disk_in_trouble_is_said_and_the_deletion_follows_when_it_is_over(bench, monkeypatch):
    track_until_noticed(bench)
    written_blob(bench)

    def fails(*_arguments, **_named):
        bench.keeper.trouble = "the disk fails"
        raise StorageError("the disk fails")

    with monkeypatch.context() as broken:
        broken.setattr(bench.keeper, "write", fails)
        with pytest.raises(StorageError, match="as soon as"):
            bench.discard()
    assert bench.entries(Segment) == []
    bench.pass_time(16_000)
    assert [len(bench.entries(kind)) for kind in (Segment, Tombstone)] == [1, 1]
    assert not files_with(bench, TITLE)
