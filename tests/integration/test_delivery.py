"""A mirror that cannot be written is said in ``queue``; tracking goes on, and it recovers by itself."""

from __future__ import annotations

import os
import subprocess
import time

import pytest

HANGING = """
import time
from workdiary import hookimpl

class Hanging:
    name = "hanging"
    def deliver(self, items):
        time.sleep(3600)
    def close(self):
        pass

@hookimpl
def workdiary_register_uploaders(context):
    return [Hanging()]
"""


def queue(cli):
    return {one["uploader"]: one for one in cli.json("queue")["queue"]}


def retrying(cli):
    def look():
        one = queue(cli)["directory"]
        return one["state"] == "retrying" and one

    return cli.wait_for(look)


def delivered(cli):
    return cli.wait_for(lambda: queue(cli)["directory"]["pending"] == 0, 40)


def tracks(cli, desktop):
    before = cli.wait_for(lambda: cli.json("status")["open_segment"])

    def counts_on():
        desktop.key("a")
        now = cli.json("status")["open_segment"] or before
        known = before["keys"] or 0 if now["slot"] == before["slot"] else 0  # or a slot has ended meanwhile
        return (now["keys"] or 0) > known

    return cli.wait_for(counts_on)


def holding(root, word):
    return [path for path in root.rglob("*") if path.is_file() and word in path.read_bytes()]


def first_id(cli, *options):
    return cli.json("diary", *options)["segments"][0]["id"]


@pytest.fixture
def disk(tmp_path):
    """Return a disk of 64 KiB; its options can be changed."""
    place = tmp_path / "disk"
    place.mkdir()

    def mount(options: str) -> None:
        subprocess.run(["mount", "-t", "tmpfs", "-o", options, "none", str(place)], check=True, capture_output=True)

    try:
        mount("size=64k,mode=700")
    except (OSError, subprocess.CalledProcessError):
        pytest.skip("only root may mount")
    mount.place = place
    yield mount
    subprocess.run(["umount", "-l", str(place)], check=True)


def test_a_mirror_on_a_disk_that_is_not_mounted_waits_for_it(cli, desktop, tmp_path):
    away = tmp_path / "media"
    cli("config", "set", "plugins.directory.path", str(away / "diary"))
    cli.run("acme")
    assert "it is not there" in retrying(cli)["reason"]
    assert not away.exists()
    assert tracks(cli, desktop)
    away.mkdir()
    delivered(cli)
    assert list(away.rglob("*.json"))


def test_a_mirror_that_may_only_be_read_waits_until_it_may_be_written(cli, desktop, disk):
    disk("remount,ro")
    cli("config", "set", "plugins.directory.path", str(disk.place / "diary"))
    cli.run("acme")
    assert "Read-only file system" in retrying(cli)["reason"]
    assert tracks(cli, desktop)
    disk("remount,rw")
    delivered(cli)
    assert list(disk.place.rglob("*.json"))


def test_a_mirror_on_a_full_disk_waits_for_room_and_leaves_nothing_half_written(cli, desktop, disk):
    filler = disk.place / "filler"
    with pytest.raises(OSError, match="No space"):
        filler.write_bytes(bytes(1 << 20))
    cli("config", "set", "plugins.directory.path", str(disk.place / "diary"))
    cli.run("acme")
    assert "its disk is full" in retrying(cli)["reason"]
    assert tracks(cli, desktop)
    filler.unlink()
    delivered(cli)
    assert list(disk.place.rglob("*.json"))
    assert not list(disk.place.rglob("*.part"))


def test_a_deletion_without_a_tracker_is_gone_from_the_mirror_when_the_command_returns(cli, tmp_path):
    mirror = tmp_path / "mirror"
    cli("config", "set", "plugins.directory.path", str(mirror))
    now = int(time.time())
    slot = time.strftime("%Y-%m-%dT%H:%MZ", time.gmtime(now - now % 600 - 1200))
    assert cli.json("manual", "add", "acme", "--from", slot, "--for", "10m", "--memo", "erase-me")["waiting"] == []
    assert len(holding(mirror, b"erase-me")) == 1
    cli("delete", first_id(cli, "--date", slot[:10]), "--yes")
    assert holding(mirror, b"erase-me") == []


def test_a_deletion_that_cannot_reach_the_mirror_says_so_and_gets_there_later(cli, tmp_path):
    mirror = tmp_path / "mirror"
    cli("config", "set", "plugins.directory.path", str(mirror))
    cli.run("acme", "--memo", "erase-me")
    cli.wait_for(lambda: cli.json("status")["open_segment"])
    cli("stop")
    assert cli.json("memo", "erase-me", first_id(cli))["waiting"] == []
    assert holding(mirror, b"erase-me")
    mirror.rename(tmp_path / "away")
    said = cli("delete", first_id(cli), "--yes")
    assert "directory does not know it yet" in said
    assert "mount its disk" in said
    (tmp_path / "away").rename(mirror)
    cli.run("acme")
    delivered(cli)
    assert holding(mirror, b"erase-me") == []


def test_the_queue_is_plain_and_a_wrong_name_is_refused_with_and_without_a_tracker(cli, tmp_path):
    cli("config", "set", "plugins.directory.path", str(tmp_path / "away" / "mirror"))
    assert 'no uploader "nosuch" (known: directory)' in cli("queue", "retry", "nosuch", code=2)
    assert "not running" in cli("queue")
    cli.run("acme")
    retrying(cli)
    assert 'no uploader "nosuch" (known: directory)' in cli("queue", "retry", "nosuch", code=2)
    said = cli.wait_for(lambda: "next look at" in (text := cli("queue")) and text)
    assert "make it again; next look at 20" in said
    (tmp_path / "away").mkdir()
    cli("queue", "retry", "directory")
    delivered(cli)
    cli("config", "set", "plugins.directory.path", "")
    cli("stop")
    assert "directory does not know it yet: it is not set up, and keeps" in cli("delete", first_id(cli), "--yes")


def test_a_backend_that_hangs_holds_up_neither_a_command_nor_the_end(cli, tmp_path):
    site = tmp_path / "site"
    info = site / "hanging-1.dist-info"
    info.mkdir(parents=True)
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: hanging\nVersion: 1\n")
    (info / "entry_points.txt").write_text("[workdiary]\nhanging = hanging_uploader\n")
    (site / "hanging_uploader.py").write_text(HANGING)
    cli.env["PYTHONPATH"] = os.pathsep.join(path for path in (str(site), cli.env.get("PYTHONPATH", "")) if path)
    mirror = tmp_path / "mirror"
    cli("config", "set", "plugins.directory.path", str(mirror))
    child = cli.run("acme")
    cli.wait_for(lambda: queue(cli)["hanging"]["state"] == "sending")
    delivered(cli)
    begun = time.monotonic()
    cli("stop")
    assert child.wait(timeout=10) == 0
    assert time.monotonic() - begun < 15  # not the hour that the backend takes
    begun = time.monotonic()
    said = cli("delete", first_id(cli), "--yes")
    assert "hanging does not know it yet: sending." in said
    assert "directory does not" not in said
    assert time.monotonic() - begun < 15
