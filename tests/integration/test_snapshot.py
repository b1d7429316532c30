from __future__ import annotations

import importlib.metadata
import io
import os
import shutil
import signal
import time
from pathlib import Path

import pyrage
import pytest
from PIL import Image

from workdiary.journal import blobs
from workdiary.payloads import Cause, Occasion, Unknown, Window
from workdiary.snapshot.messages import Request
from workdiary.snapshot.runner import DEADLINE_MS, Runner
from workdiary.testing.desktop import VirtualDesktop

TITLE = "canary-title-7f3a"
PIXEL = b"\x11\xc5\x9e\x42"  # B G R X
FAKE = Path(__file__).with_name("fake_screen.py")
REAL = sorted(one.name for one in importlib.metadata.entry_points(group="workdiary"))


@pytest.fixture
def identity():
    return pyrage.x25519.Identity.generate()


@pytest.fixture
def home(tmp_path, monkeypatch):
    """A home with one plugin installed that is source and filter at once."""
    site = tmp_path / "site"
    info = site / "fake-1.dist-info"
    info.mkdir(parents=True)
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: fake\nVersion: 1\n")
    (info / "entry_points.txt").write_text("[workdiary]\nfake = fake_screen\n")
    shutil.copy(FAKE, site)
    root = tmp_path / "home"
    (root / "data" / "tmp").mkdir(parents=True)
    (root / "config.toml").write_text(f"[plugins]\ndisabled = {REAL}\n")
    monkeypatch.setenv("WORKDIARY_HOME", str(root))
    monkeypatch.setenv("PYTHONPATH", str(site))
    monkeypatch.setenv("PYTHONDONTWRITEBYTECODE", "1")
    monkeypatch.setenv("TMPDIR", str(root / "data" / "tmp"))
    monkeypatch.chdir(root)
    return root


def request_for(home, identity, cause=Cause.DERIVED, **changes):
    occasion = Occasion(cause=cause, wall_ms=time.time_ns() // 1_000_000, contract="c")
    return Request(
        occasion=occasion, recipient=str(identity.to_public()), blobs=str(home / "data" / "blobs"), **changes
    )


def take(request, *, seconds=15.0, runner=None):
    import select

    runner = runner or Runner()
    runner.start(request)
    pid = runner._child.pid
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        select.select([runner], [], [], 0.1)
        if result := runner.poll(time.monotonic_ns() // 1_000_000):
            assert not runner.busy
            assert not Path(f"/proc/{pid}").exists()  # not even a zombie
            return result
    runner.stop()
    raise AssertionError("no result")


def leaks(home):
    """Return the files under the home that hold the title or a run of the picture's bytes."""
    canaries = (TITLE.encode(), PIXEL * 4, PIXEL[:3] * 4, PIXEL[2::-1] * 4)
    found = [path for path in home.rglob("*") if path.is_file()]
    return [path for path in found if any(canary in path.read_bytes() for canary in canaries)]


def images_in(home):
    return [path for path in home.rglob("*") if path.is_file() and path.name != "config.toml"]


def opened(home, identity, image):
    data = pyrage.decrypt(blobs.read(home / "data" / "blobs", image.sha256), [identity])
    return Image.open(io.BytesIO(data)).convert("RGB")


def is_near(pixel, colour):
    return all(abs(have - want) <= 8 for have, want in zip(pixel, colour, strict=True))


@pytest.mark.parametrize("image_format", ["jpeg", "webp"])
def test_the_sealed_image_opens_to_what_was_on_the_screen(home, identity, monkeypatch, image_format):
    monkeypatch.setenv("FAKE_FILTER", "passes")
    result = take(request_for(home, identity, format=image_format))
    assert not result.missing
    assert result.window == Window(app="Fake", title=TITLE, handle="1")
    (image,) = result.images
    assert (image.width, image.height, image.media_type, image.data) == (64, 48, f"image/{image_format}", b"")
    picture = opened(home, identity, image)
    assert is_near(picture.getpixel((10, 10)), (0x9E, 0xC5, 0x11))
    assert is_near(picture.getpixel((10, 40)), (0, 0, 0))
    assert [path.stat().st_size for path in images_in(home)] == [image.bytes]
    assert not leaks(home)  # encrypted
    assert abs(result.taken_at - time.time_ns() // 1_000_000) < 20_000


def test_the_notice_gets_a_small_copy_of_what_the_filters_left_and_of_nothing_else(home, identity, monkeypatch):
    monkeypatch.setenv("FAKE_FILTER", "passes")
    seen = take(request_for(home, identity)).preview
    assert (seen.width, seen.height, len(seen.pixels)) == (64, 48, 64 * 48 * 3)
    assert seen.pixels[:3] == PIXEL[2::-1]
    assert not leaks(home)
    monkeypatch.setenv("FAKE_FILTER", "raises")
    assert take(request_for(home, identity)).preview is None
    monkeypatch.setenv("FAKE_FILTER", "passes")
    assert take(request_for(home, identity, want_image=False)).preview is None
    assert take(request_for(home, identity, Cause.PREVIEW)).preview is None


@pytest.mark.parametrize(
    ("action", "reason"),
    [
        ("raises", "privacy filter fake failed: ValueError"),
        ("exits", "privacy filter fake failed: SystemExit"),
        ("hangs", "privacy filter fake failed: took longer than 5 s"),
        ("nonsense", "privacy filter fake failed: expected Snapshot, got str"),
        ("other number", "privacy filter fake failed: another number or size of frames"),
        ("other size", "privacy filter fake failed: another number or size of frames"),
        ("ends the process", "the snapshot process ended with status 3 and without a result"),
        ("is killed", "the snapshot process was killed by signal 9"),
    ],
)
def test_a_failed_filter_means_no_image_and_no_title_anywhere(home, identity, monkeypatch, action, reason):
    monkeypatch.setenv("FAKE_FILTER", action)
    result = take(request_for(home, identity))
    assert result.missing == reason
    assert result.window == Unknown(reason=reason)
    assert not result.images
    assert TITLE not in repr(result)
    assert not images_in(home)
    assert not leaks(home)


def test_the_search_for_leaks_finds_a_title_and_a_picture(home, identity, monkeypatch):
    monkeypatch.setenv("FAKE_FILTER", "passes")
    result = take(request_for(home, identity, cause=Cause.PREVIEW))
    (home / "data" / "note").write_text(f"... {result.window.title} ...")
    picture = Image.open(io.BytesIO(result.images[0].data)).convert("RGB")
    picture.putpixel((0, 0), (0x9E, 0xC5, 0x11))
    picture.paste((0x9E, 0xC5, 0x11), (0, 0, 64, 24))
    (home / "data" / "tmp" / "raw").write_bytes(picture.tobytes())
    assert {path.name for path in leaks(home)} == {"note", "raw"}


@pytest.mark.parametrize(
    ("action", "reason"),
    [
        ("grab raises", "fake: failed: OSError"),
        ("black", "the screen is black"),
        ("covers all", "nothing is left after redaction"),
        ("other monitors", "the picture does not fit the monitors"),
    ],
)
def test_without_a_useful_picture_the_reason_stands_and_the_title_too(home, identity, monkeypatch, action, reason):
    monkeypatch.setenv("FAKE_FILTER", action)
    result = take(request_for(home, identity))
    assert result.missing == reason
    assert result.window == Window(app="Fake", title=TITLE, handle="1")
    assert not images_in(home)


def test_where_no_image_is_wanted_the_title_still_passes_the_filters(home, identity, monkeypatch):
    monkeypatch.setenv("FAKE_FILTER", "hides title")
    result = take(request_for(home, identity, want_image=False, no_image_reason="the policy says no"))
    assert result.missing == "the policy says no"
    assert result.window == Window(app="Fake", title="[masked]")
    assert "grab" not in result.costs
    monkeypatch.setenv("FAKE_FILTER", "raises")
    result = take(request_for(home, identity, want_image=False, no_image_reason="the policy says no"))
    assert result.window == Unknown(reason="privacy filter fake failed: ValueError")


def test_a_preview_comes_back_and_is_written_nowhere(home, identity, monkeypatch):
    monkeypatch.setenv("FAKE_FILTER", "passes")
    result = take(request_for(home, identity, cause=Cause.PREVIEW, scale=2))
    (image,) = result.images
    assert Image.open(io.BytesIO(image.data)).size == (image.width, image.height) == (32, 24)
    assert (image.sha256, image.bytes) == ("", len(image.data))
    assert not images_in(home)


def test_a_full_disk_is_told_and_the_title_stays(home, identity, monkeypatch):
    monkeypatch.setenv("FAKE_FILTER", "passes")
    (home / "data" / "blobs").write_text("in the way")
    result = take(request_for(home, identity))
    assert result.missing.startswith("the image could not be stored: ")
    assert result.window == Window(app="Fake", title=TITLE, handle="1")


def test_after_the_deadline_the_process_and_its_children_are_killed(home, identity, monkeypatch, tmp_path):
    note = tmp_path / "note"
    monkeypatch.setenv("FAKE_FILTER", "starts a child and hangs")
    monkeypatch.setenv("FAKE_NOTE", str(note))
    runner = Runner()
    runner.start(request_for(home, identity))
    deadline = time.monotonic() + 10
    while not (note.exists() and len(note.read_text().split()) == 2) and time.monotonic() < deadline:
        time.sleep(0.02)
    now = time.monotonic_ns() // 1_000_000
    assert runner.poll(now) is None
    result = runner.poll(now + DEADLINE_MS)
    assert result.missing == "the snapshot process took longer than 20 s"
    assert result.window == Unknown(reason=result.missing)
    assert not runner.busy
    _, child = map(int, note.read_text().split())
    assert ends(child)


def ends(pid):
    for _ in range(100):
        try:
            state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
        except FileNotFoundError:
            return True
        if state == "Z":  # its parent is gone; whoever inherits it buries it
            return True
        time.sleep(0.02)
    os.kill(pid, signal.SIGKILL)
    return False


def test_on_a_real_desktop_the_window_is_in_the_image_and_an_excluded_one_is_not(home, identity, monkeypatch):
    for plugin in ("mss", "redact", "x11"):
        pytest.importorskip(f"workdiary_{plugin}")
    others = sorted({*REAL, "fake"} - {"mss", "redact", "x11"})
    (home / "config.toml").write_text(
        f'[plugins]\ndisabled = {others}\n[plugins.redact]\nexclude_titles = ["{TITLE}"]\n'
    )
    with VirtualDesktop(640, 400) as desktop:
        for name, value in desktop.env().items():
            monkeypatch.setenv(name, value)
        blue = coloured(desktop, "Blue", "#2040c0", "30x10+20+20")
        pink = coloured(desktop, TITLE, "#c020c0", "30x10+340+200")  # unlike anything in a window's frame
        whole = open_image(desktop, home, identity)  # the excluded window is active
        assert whole.window == Window(app="[excluded]", title="[excluded]", handle=whole.window.handle)
        desktop.xdotool("windowactivate", "--sync", blue)
        result = open_image(desktop, home, identity)
        assert result.window.title == "Blue"
        picture = opened(home, identity, result.images[0])
        assert picture.size == (640, 400)
        assert is_near(picture.getpixel(middle(desktop, blue)), (0x20, 0x40, 0xC0))
        assert not is_near(picture.getpixel(middle(desktop, pink)), (0xC0, 0x20, 0xC0))
        pinks = [one for _, one in picture.getcolors(640 * 400) if min(one[0], one[2]) > 150 and one[1] < 70]
        assert not pinks
    assert [path for path in leaks(home) if path.name != "config.toml"] == []


def open_image(desktop, home, identity):
    result = take(request_for(home, identity))
    assert not result.missing
    return result


def coloured(desktop, title, colour, place):
    process = desktop._spawn("xterm", "-T", title, "-bg", colour, "-fg", colour, "-geometry", place, "-e", "cat")
    deadline = time.monotonic() + 15
    while time.monotonic() < deadline:
        found = desktop._xdotool_output("search", "--onlyvisible", "--pid", str(process.pid)).partition("\n")[0]
        if found and desktop._xdotool_output("getactivewindow").strip() == found:
            time.sleep(0.2)  # until it is painted
            return found
        time.sleep(0.02)
    raise AssertionError(f"{title} did not open")


def middle(desktop, window):
    shell = desktop.xdotool("getwindowgeometry", "--shell", window)
    place = dict(line.split("=") for line in shell.split())
    return int(place["X"]) + int(place["WIDTH"]) // 2, int(place["Y"]) + int(place["HEIGHT"]) // 2
