"""What must never be written is in no file after a run that used it."""

from __future__ import annotations

import os
import resource
import secrets
import signal
import stat
import subprocess
import sys
import time
from pathlib import Path

import pytest

TYPED = f"typed{secrets.token_hex(4)}"  # random, so that no other file of the machine can hold it
SECRET = f"hidden{secrets.token_hex(6)}"
TITLE = f"zq8 plans {SECRET}"
PATTERN = "zq8 plans*"  # the rule itself is in the settings
SHOWN = "an ordinary title"
MEMO = "memo that may be kept"


def files_with(needle: bytes, *places: Path, since: float = 0) -> list[Path]:
    """Search what is written to disk; other tests' directories may vanish meanwhile, and other mounts are no disk."""
    found = []
    for place in places:
        device = place.stat().st_dev
        for path in (Path(folder, name) for folder, _, names in os.walk(place) for name in names):
            try:
                status = path.stat()
                regular = stat.S_ISREG(status.st_mode) and status.st_dev == device
                if regular and status.st_mtime >= since and needle in path.read_bytes():
                    found.append(path)
            except OSError:
                continue
    return found


def spellings(text: str) -> list[bytes]:
    return [text.encode(), text.upper().encode(), text.encode("utf-16-le"), text.encode("utf-32-le")]


@pytest.fixture
def two_moments(cli, soon):
    """A short run has a snapshot."""
    cli.env["PYTHONPATH"] = soon
    return cli


def test_typed_text_and_excluded_titles_and_pixels_are_in_no_file(desktop, two_moments, tmp_path):
    cli = two_moments
    begun = time.time() - 1
    cli("exclude", "add", "--title", PATTERN)
    cli("config", "set", "plugins.directory.path", str(tmp_path / "mirror"))
    cli("config", "set", "snapshot.review_seconds", "0")
    resource.setrlimit(resource.RLIMIT_CORE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
    cli.env["TMPDIR"] = str(tmp_path)
    tracker = cli.run("acme", "--memo", MEMO)
    desktop.open_window(SHOWN, "Shown")
    desktop.open_window(TITLE, "Hidden")
    desktop.type(TYPED)
    desktop.move(1117, 613)
    cli.wait_for(lambda: "images" in (cli.json("status")["open_segment"] or {"snapshot": {}})["snapshot"])
    tracker.send_signal(signal.SIGSEGV)  # the worst moment for a core file
    tracker.wait(10)
    cli.run("acme")
    cli("stop")
    segments = cli.json("diary")["segments"]
    picture = tmp_path / "picture.jpg"
    cli("image", next(one["id"] for one in segments if "images" in one["snapshot"]), "--out", str(picture))
    for canary in (TYPED, SECRET):
        for needle in spellings(canary):
            assert files_with(needle, tmp_path) == []
            assert files_with(needle, Path("/tmp"), Path("/var/log"), since=begun) == []  # where leaks go
    for position in (b"1117,613", b"1117, 613", b'"x":1117', b"1117x613"):
        assert files_with(position, tmp_path) == []
    assert not [path for path in tmp_path.rglob("core*") if path.is_file()]
    assert files_with(MEMO.encode(), tmp_path), "the search itself must find what is there"


def test_the_search_finds_a_canary_that_a_bad_plugin_writes(desktop, cli, tmp_path):
    """Positive control: the same search on a run in which the title does leak."""
    (tmp_path / "leak.py").write_text(f"open({str(tmp_path / 'leaked')!r}, 'w').write({TITLE!r})")
    subprocess.run([sys.executable, str(tmp_path / "leak.py")], check=True)
    assert files_with(TITLE.encode(), tmp_path) != []


def test_an_excluded_window_is_one_flat_colour_in_the_picture(desktop, cli, tmp_path):
    from PIL import Image

    desktop.open_window(TITLE, "Hidden")
    seen, covered = tmp_path / "seen.jpg", tmp_path / "covered.jpg"
    cli("preview", "--out", str(seen))
    assert TITLE in cli("preview", "--out", str(tmp_path / "again.jpg"))
    cli("exclude", "add", "--app", "Hidden")
    assert TITLE not in cli("preview", "--out", str(covered))
    before, after = Image.open(seen).convert("L"), Image.open(covered).convert("L")
    changed = [
        (x, y) for x in range(0, before.width, 8) for y in range(0, before.height, 8)
        if abs(before.getpixel((x, y)) - after.getpixel((x, y))) > 24
    ]  # fmt: skip
    assert changed, "the window was in the first picture"
    left, right = min(x for x, _ in changed), max(x for x, _ in changed)
    top, bottom = min(y for _, y in changed), max(y for _, y in changed)
    inside = after.crop((left + 16, top + 16, right - 16, bottom - 16))
    low, high = inside.getextrema()
    assert high - low <= 4, "JPEG noise apart it is one colour"
    assert covered.stat().st_mode & 0o077 == 0


def test_deleting_the_open_segment_leaves_nothing_of_it_and_a_kill_brings_nothing_back(desktop, two_moments, tmp_path):
    cli = two_moments
    cli("config", "set", "plugins.directory.path", str(tmp_path / "mirror"))
    tracker = cli.run("acme", "--memo", MEMO)
    window = desktop.open_window(SECRET, "Shown")
    cli.wait_for(lambda: "images" in (cli.json("status")["open_segment"] or {"snapshot": {}})["snapshot"])
    assert cli.json("status")["offers_discard"]
    assert files_with(SECRET.encode(), cli.home)  # or the search below proves nothing
    window.close()
    assert "image(s) erased" in cli("delete", "open", "--yes")
    tracker.kill()
    tracker.wait()
    assert not files_with(SECRET.encode(), tmp_path)
    assert not [path for path in (cli.home / "data" / "blobs").rglob("*") if path.is_file()]
    cli.run("acme")
    cli("stop")
    segments = cli.json("diary")["segments"]
    assert segments[0]["deleted"] is True
    cli("export", "--contract", "acme", "--out", str(tmp_path / "week.zip"))
    cli("verify", str(tmp_path / "week.zip"))
    assert "by itself" in cli("delete", "open", segments[0]["id"], "--yes", code=2)
    assert "no tracker is running" in cli("delete", "open", "--yes", code=1)
