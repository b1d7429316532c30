"""One working day on one desktop, by a script: prints the diary that came of it, and what the script did, as JSON.

Windows, keys, lock and pictures are real; the clock is the script's, so that minutes without work take no time.
Usage: _workday.py DESKTOP MINUTES
"""

from __future__ import annotations

import json
import os
import random
import sys
import tempfile
import threading
import time
from dataclasses import replace
from pathlib import Path

from _hands import allow_pictures, on

from workdiary import config
from workdiary.builtin.rules import RULES
from workdiary.clock import Reading
from workdiary.desk import desk, proofs
from workdiary.desk.reader import Reader
from workdiary.diary.view import segment_json
from workdiary.journal.keeper import Keeper
from workdiary.journal.keys import from_secret, new_secret
from workdiary.paths import Home
from workdiary.plugins.manager import Plugins
from workdiary.proof.verify import verify
from workdiary.slots import MINUTE_MS, SLOT_MS, week_of
from workdiary.snapshot.runner import Runner
from workdiary.tracker.tracker import Tracker

NINE = 1_790_000_000_000 // SLOT_MS // 1008 * 1008 * SLOT_MS + (4 * 144 + 54) * SLOT_MS  # of a Monday
SEED = "22" * 32  #: one device for all desktops: its snapshot moments are the same on each
#: On Wayland nothing draws the titles, so that the picture stays the same for hours.
SETTINGS = '[snapshot]\nunchanged_hours = 24\n[plugins]\ndisabled = ["pynput", "pywinctl", "notify", "demo", "evdev"]\n'
QUIET_S = 1.15  #: after it an idle timer of a second has run off
LUNCH, NAP, COFFEE = (180, 210), (300, 320), (350, 360)  #: minutes of the day: locked, asleep, paused
TITLES = {0: "Chapter 1", 60: "Chapter 2", 230: "Chapter 3", 400: "Chapter 4"}
MAIL = (120, 150)  #: another window lies on top


class Late(Runner):
    """Takes real pictures, and says that they were taken at the script's time."""

    def __init__(self, clock) -> None:
        super().__init__()
        self._clock = clock

    def poll(self, _now_ms):
        result = super().poll(time.monotonic_ns() // 1_000_000)
        return result and replace(result, taken_at=self._clock().wall)


class Nobody:
    """No uploader."""

    names = ()

    def poke(self) -> None: ...

    def summary(self):
        return []


class Day:
    """The tracker, its clock, and what the script has done so far."""

    def __init__(self, folder: Path, hands) -> None:
        self.hands = hands
        self.now = Reading(wall=NINE, mono=5_000, boot=5_000, boot_id="one")
        home = Home.find({"WORKDIARY_HOME": str(folder)})
        home.prepare()
        home.config_file.write_text(SETTINGS)
        allow_pictures(home.plugin_state("portal"))
        settings = config.load(home.config_file)
        self.keeper = Keeper(home, from_secret(json.dumps({**json.loads(new_secret()), "seed": SEED})))
        self._woken = threading.Event()
        self.home, self.plugins = home, Plugins.load(settings, home, wake=self._woken.set)
        self.tracker = Tracker(home, settings, self.keeper, self.plugins, Nobody(), RULES, lambda: self.now)
        self.tracker.shots.runner = Late(lambda: self.now)
        terms = {"rate": 6000, "currency": "EUR"}
        desk.carry_out(self.keeper, RULES, "contract_add", {"contract": "acme", "terms": terms}, wall_ms=self.now.wall)
        self.keys: dict[int, int] = {}  #: minute: how many were pressed
        self.titles: dict[int, str] = {}  #: minute: the title that came to the front

    def work(self, minutes: int) -> None:
        """Follow the script until so many minutes have passed."""
        rng = random.Random("a working day")
        self.hands.open("Aside", "notes")
        self._main = self.hands.open(TITLES[0], "editor")
        self.titles[0] = TITLES[0]
        self.tracker.sampler.settle(self.now)
        time.sleep(QUIET_S)
        self.tracker.start("acme", "a working day")
        for minute in range(minutes):
            if not self._happens(minute):
                if rng.random() < 0.4:
                    self._type(minute, rng.randint(1, 9))
                self._pass(MINUTE_MS)
        self.tracker.stop()

    def _happens(self, minute: int) -> bool:
        """Do what the script has for this minute; true if there is no time to work in it."""
        if minute in TITLES and minute:
            self._main.set_title(TITLES[minute])
            self._in_front(minute, TITLES[minute])
        if minute == MAIL[0]:
            self._mail = self.hands.open("Inbox", "mail")
            self._in_front(minute, "Inbox")
        if minute == MAIL[1]:
            self._mail.close()
            self._in_front(minute, TITLES[max(at for at in TITLES if at <= minute)])
        if minute in LUNCH:
            self._lock(locked=minute == LUNCH[0])
        if minute in COFFEE:
            self.tracker.pause("coffee") if minute == COFFEE[0] else self.tracker.resume()
        if minute == NAP[0]:
            self._sleep((NAP[1] - NAP[0]) * MINUTE_MS)
        away = LUNCH[0] <= minute < LUNCH[1] or COFFEE[0] <= minute < COFFEE[1]
        if away:
            self._pass(MINUTE_MS)
        return away or NAP[0] <= minute < NAP[1]

    def _in_front(self, minute: int, title: str) -> None:
        self.titles[minute] = title
        time.sleep(0.5)

    def _lock(self, *, locked: bool) -> None:
        self.hands.logind.say("LockedHint", locked)
        time.sleep(0.3)
        self.tracker.tick()

    def _sleep(self, ms: int) -> None:
        self.hands.logind.go_to_sleep(begins=True)
        self._move(asleep=ms)
        self._woken.clear()
        self.hands.logind.go_to_sleep(begins=False)
        if self._woken.wait(5):
            self.tracker.hasten()  # as the tracker's loop does

    def _type(self, minute: int, times: int) -> None:
        self.hands.press(times)
        self.keys[minute] = times
        time.sleep(QUIET_S)

    def _move(self, awake: int = 0, asleep: int = 0) -> None:
        now = self.now
        self.now = Reading(
            wall=now.wall + awake + asleep, mono=now.mono + awake, boot=now.boot + awake + asleep, boot_id="one"
        )

    def _pass(self, ms: int) -> None:
        end = self.now.mono + ms
        while (due := self.tracker.next_ms) is not None and due <= end:
            self._move(max(0, due - self.now.mono))
            self.tracker.tick()
            while self.tracker.shots.runner.busy:
                time.sleep(0.01)
                self.tracker.poll_shots()
        self._move(end - self.now.mono)

    def told(self) -> dict:
        """Return the diary and the script's own account, after the export was verified."""
        reader, number = Reader(self.keeper.journal.connection, RULES), week_of(NINE // SLOT_MS)
        out = self.home.data / "week.wdb"
        proofs.write_bundle(
            reader,
            RULES,
            self.keeper.journal.keys,
            self.home.blobs,
            contract="acme",
            number=number,
            out=out,
            images=True,
        )
        week = reader.week("acme", number)
        gaps = [[gap.start_ms - NINE, gap.end_ms - NINE, gap.reason] for gap in week.gaps]
        return {
            "segments": [segment_json(one) for one in week.segments],
            "gaps": gaps,
            "verify": verify(out).exit_code,
            "keys": self.keys,
            "titles": self.titles,
        }


def main() -> None:
    """Live one day."""
    name, minutes = sys.argv[1], int(sys.argv[2])
    with on(name) as hands, tempfile.TemporaryDirectory() as folder:
        os.environ["WORKDIARY_HOME"] = folder  # the snapshot process reads its settings there
        day = Day(Path(folder), hands)
        try:
            day.work(minutes)
            json.dump(day.told(), sys.stdout)
        finally:
            day.plugins.stop()
            day.keeper.close()


if __name__ == "__main__":
    main()
