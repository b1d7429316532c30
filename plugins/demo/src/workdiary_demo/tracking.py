"""Drives the real recorder through one planned session, tick by tick."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from workdiary.record.account import PAUSED, RESTARTED
from workdiary.record.recorder import Recorder
from workdiary.record.state import State
from workdiary.slots import SLOT_MS, slot_of

if TYPE_CHECKING:
    import random

    from workdiary.record.days import Days
    from workdiary_demo.camera import Camera
    from workdiary_demo.hands import Hands
    from workdiary_demo.ledger import Ledger
    from workdiary_demo.machine import Machine
    from workdiary_demo.planning import Happening, Stretch

MINUTE = 60_000
LOCKED = "the screen was locked"
#: As late as a tick may be here. The tracker ticks more often; what it writes down is the same.
LONGEST_MS = 61_000


class Tracking:
    """The made-up tracker: one session after the other on one machine."""

    def __init__(self, machine: Machine, hands: Hands, camera: Camera, ledger: Ledger, rng: random.Random) -> None:
        self._machine = machine
        self._hands = hands
        self._camera = camera
        self._ledger = ledger
        self._rng = rng
        self._slot = -1

    def run(self, stretch: Stretch, days: Days) -> None:
        """Track the stretch from start to stop, or to the loss of power and what is found of it later."""
        machine, hands = self._machine, self._hands
        machine.go_to(stretch.start)
        hands.laziness, hands.blind = stretch.laziness, stretch.wayland
        now = machine.now()
        name = stretch.client.name
        session = f"{self._rng.getrandbits(64):016x}"
        state = State(session=session, contract=name, memo=stretch.memo, paused=False, last=now, position=now.wall)
        recorder = Recorder(state, days, recorded=self._ledger.recorded)
        recorder.start()
        self._enter(stretch)
        recorder.tick(now, hands.sample(), LONGEST_MS)
        for happening in stretch.happenings:
            self._work(recorder, stretch, happening.at)
            recorder = self._meet(recorder, days, happening)
        self._work(recorder, stretch, stretch.end)
        if stretch.power_cut_until:
            machine.restart(stretch.power_cut_until)
            recorder = Recorder(msgspec.json.decode(recorder.saved(), type=State), days, recorded=self._ledger.recorded)
            recorder.abandon(RESTARTED, machine.now())
        else:
            recorder.stop("", machine.now())
        self._put_down(recorder)

    def _work(self, recorder: Recorder, stretch: Stretch, until: int) -> None:
        """Tick at every minute and at every moment."""
        machine, hands = self._machine, self._hands
        while machine.wall < until:
            following = min((machine.wall // MINUTE + 1) * MINUTE, until)
            due = recorder.next_due_ms()
            if due is not None:
                following = min(following, max(due, machine.wall + 1))
            elapsed = following - machine.wall
            machine.go_on(elapsed)
            hands.pass_time(machine.wall, elapsed)
            recorder.tick(machine.now(), hands.sample(), LONGEST_MS)
            for one in recorder.take_due():
                recorder.attach(one.slot, self._camera.take(one.slot, machine.wall, stretch))
            if slot_of(machine.wall) != self._slot:
                self._put_down(recorder)
                self._enter(stretch)

    def _enter(self, stretch: Stretch) -> None:
        """Turn to what the hands do in this slot."""
        self._slot = slot_of(self._machine.wall)
        self._hands.mood = self._camera.enter(stretch).mood

    def _meet(self, recorder: Recorder, days: Days, happening: Happening) -> Recorder:
        machine, hands = self._machine, self._hands
        match happening.kind:
            case "memo":
                recorder.set_memo(happening.memo)
                return recorder
            case "pause" | "lock":
                reason = PAUSED if happening.kind == "pause" else LOCKED
                recorder.pause(reason)
                machine.go_on(happening.ms)
                recorder.resume(machine.now(), reason)
            case "sleep":
                machine.sleep(happening.ms)
            case "step":
                machine.step(happening.ms)
            case "stall":
                machine.go_on(happening.ms + LONGEST_MS)
            case "restart":
                self._put_down(recorder)
                state = msgspec.json.decode(recorder.saved(), type=State)
                machine.go_on(happening.ms)
                hands.restart()
                recorder = Recorder(state, days, recorded=self._ledger.recorded)
                recorder.restart(machine.now())
        recorder.tick(machine.now(), hands.sample(), LONGEST_MS)
        self._put_down(recorder)
        return recorder

    def _put_down(self, recorder: Recorder) -> None:
        self._ledger.add(self._machine.wall, recorder.outbox)
        recorder.outbox.clear()


__all__ = ["SLOT_MS", "Tracking"]
