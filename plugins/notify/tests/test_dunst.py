"""With a real tracker, a real notification daemon and a real mouse."""

from __future__ import annotations

import os
import secrets
import stat
import time

import pytest

TITLE = f"zq7 private {secrets.token_hex(6)}"


@pytest.fixture(autouse=True)
def _plugins():
    for name in ("mss", "x11"):
        pytest.importorskip(f"workdiary_{name}")


def files_with(needle: str, place) -> list[str]:
    found = []
    for folder, _, names in os.walk(place):
        for name in names:
            path = os.path.join(folder, name)
            if stat.S_ISREG(os.stat(path).st_mode):
                with open(path, "rb") as file:
                    if needle.encode() in file.read():
                        found.append(path)
    return found


def blobs(cli) -> list[str]:
    return [path.name for path in (cli.home / "data" / "blobs").rglob("*") if path.is_file()]


def test_the_notice_is_there_within_a_second_and_names_no_window(cli, desktop, dunst, until):
    desktop.open_window(TITLE, "Editor")
    cli("config", "set", "plugins.directory.path", str(cli.home.parent / "mirror"))
    cli.track()
    until(lambda: dunst.displayed(), pause=0.005)
    seen = time.time() * 1000
    shot = until(lambda: cli.json("status")["notice"] and cli.json("status"))
    assert shot["notice"]["noticed_by"] == "notify"
    image = shot["open_segment"]["snapshot"]
    taken = time.mktime(time.strptime(image["taken_at"][:19], "%Y-%m-%dT%H:%M:%S")) - time.timezone
    print(f"noticed {shot['notice']['noticed_at'] - taken * 1000:.0f} ms, seen {seen - taken * 1000:.0f} ms after")
    assert seen - (taken + 1) * 1000 < 1000  # taken_at is shown in whole seconds
    [text] = dunst.history()
    assert text == "Screenshot taken: acme: It leaves this machine in 60 s at the earliest."


def test_delete_by_mouse_takes_image_title_and_time_from_every_file_before_anything_is_sent(cli, desktop, dunst, until):
    mirror = cli.home.parent / "mirror"
    cli("config", "set", "plugins.directory.path", str(mirror))
    desktop.open_window(TITLE, "Editor")
    cli.track()
    until(lambda: dunst.displayed())
    until(lambda: blobs(cli) and cli.shot().get("images"))
    assert files_with(TITLE, cli.home)  # or the search below proves nothing
    [name] = blobs(cli)
    desktop.close_windows() if hasattr(desktop, "close_windows") else None
    desktop.xdotool("search", "--name", TITLE, "windowkill")
    desktop.move(200, 60)
    desktop.click(1)
    until(lambda: not blobs(cli))
    until(lambda: dunst.displayed())
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
    cli.track()
    until(lambda: dunst.displayed())
    until(lambda: cli.shot().get("images"))
    dunst.kill()
    dunst.start()
    until(lambda: dunst.displayed())
    desktop.move(200, 60)
    desktop.click(1)
    until(lambda: not blobs(cli))


def test_without_a_bus_the_fact_is_in_the_status_the_segment_and_the_doctor(cli, until):
    cli.env["DBUS_SESSION_BUS_ADDRESS"] = "unix:path=/nowhere"
    cli.track()
    until(lambda: cli.shot().get("images"))
    said = "notify: no session bus"
    assert cli.json("status")["notice"] == {"not_noticed": said}
    assert f"The last image was not announced: {said}" in cli("status")
    assert cli.shot()["not_noticed"] == said
    cli("stop")
    [one] = cli.json("diary")["segments"]
    assert (one["snapshot"]["noticed_at"], one["snapshot"]["not_noticed"]) == (None, said)
    assert said in cli("diary")
    checks = {check["name"]: check for check in cli.json("doctor", code=1)["checks"]}
    assert (checks["notification service"]["ok"], checks["notification service"]["detail"]) == (False, "no session bus")
