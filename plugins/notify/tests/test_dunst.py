"""With a real tracker, a real notification daemon and a real mouse."""

from __future__ import annotations

import os
import secrets
import time
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pathlib import Path

TITLE = f"zq7 private {secrets.token_hex(6)}"


@pytest.fixture(autouse=True)
def _plugins():
    for name in ("mss", "x11"):
        pytest.importorskip(f"workdiary_{name}")


def files_with(needle: str, place: Path) -> list[Path]:
    found = [path for path in place.rglob("*") if path.is_file()]
    return [path for path in found if needle.encode() in path.read_bytes()]


def blobs(cli) -> list[str]:
    return [path.name for path in (cli.home / "data" / "blobs").rglob("*") if path.is_file()]


def test_the_notice_is_there_within_a_second_and_names_no_window(cli, desktop, dunst, until):
    desktop.open_window(TITLE, "Editor")
    cli("config", "set", "plugins.directory.path", str(cli.home.parent / "mirror"))
    cli.track()
    until(dunst.displayed, pause=0.005)
    seen = time.time() * 1000
    notice = until(lambda: cli.status()["notice"])
    taken = cli.taken_at()
    [blob] = (cli.home / "data" / "blobs").glob("*/*")
    sealed = blob.stat().st_ctime * 1000  # the end of the capture
    print(
        f"ms from begin of capture: sealed {sealed - taken:.0f}, noticed {notice['noticed_at'] - taken}, "
        f"seen {seen - taken:.0f}"
    )
    assert notice["noticed_by"] == "notify"
    assert seen - sealed < 1000
    if os.getloadavg()[0] < (os.cpu_count() or 1):
        assert seen - taken < 1000
    [text] = dunst.history()
    assert text == "Screenshot taken: acme: It leaves this machine in 60 s at the earliest."


def test_delete_by_mouse_takes_image_title_and_time_from_every_file_before_anything_is_sent(cli, desktop, dunst, until):
    mirror = cli.home.parent / "mirror"
    cli("config", "set", "plugins.directory.path", str(mirror))
    window = desktop.open_window(TITLE, "Editor")
    cli.track()
    until(dunst.displayed)
    until(lambda: blobs(cli) and cli.shot().get("images"))
    assert files_with(TITLE, cli.home)  # or the search below proves nothing
    [name] = blobs(cli)
    window.close()
    desktop.move(200, 60)
    desktop.click(1)
    until(lambda: not blobs(cli))
    until(dunst.displayed)
    assert any(one.startswith("Deleted: ") for one in dunst.history())
    assert not files_with(TITLE, cli.home)
    assert not files_with(name, cli.home)
    cli("stop")
    segments = cli.json("diary")["segments"]
    assert [one["deleted"] for one in segments if one.get("deleted")] == [True]
    assert not files_with(TITLE, mirror)
    assert not [path for path in mirror.rglob("*") if path.suffix in {".jpg", ".webp"}]
    cli("export", "--out", str(cli.home.parent / "week.zip"), "--contract", "acme")
    cli("verify", str(cli.home.parent / "week.zip"))


def test_a_daemon_that_is_killed_and_comes_back_shows_the_notice_again(cli, desktop, dunst, until):
    desktop.open_window(TITLE, "Editor")
    cli.track()
    until(dunst.displayed)
    until(lambda: cli.shot().get("images"))
    dunst.kill()
    dunst.start()
    until(dunst.displayed)
    desktop.move(200, 60)
    desktop.click(1)
    until(lambda: not blobs(cli))


def test_without_a_bus_the_fact_is_in_the_status_the_segment_and_the_doctor(cli, desktop, until):
    desktop.open_window(TITLE, "Editor")
    cli.env["DBUS_SESSION_BUS_ADDRESS"] = "unix:path=/nowhere"
    cli.track()
    until(lambda: cli.shot().get("images"))
    said = "notify: no session bus"
    assert cli.status()["notice"] == {"not_noticed": said}
    assert f"The last image was not announced: {said}" in cli("status")
    assert cli.shot()["not_noticed"] == said
    cli("stop")
    [one] = cli.json("diary")["segments"]
    assert (one["snapshot"]["noticed_at"], one["snapshot"]["not_noticed"]) == (None, said)
    assert said in cli("diary")
    checks = {check["name"]: check for check in cli.json("doctor", code=1)["checks"]}
    assert (checks["notification service"]["ok"], checks["notification service"]["detail"]) == (False, "no session bus")
