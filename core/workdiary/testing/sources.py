"""Contracts of the sources that are asked at each tick."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

import pytest

from workdiary.payloads import InputCounts, Unknown, Window
from workdiary.testing.hosted import TICK, Hosted, has_sentence, no_failures, promise, status_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from workdiary.plugins.answer import Answer
    from workdiary.plugins.manager import Plugins

T = TypeVar("T")
FROM_MEMORY = 0.02  #: seconds; a reading that asks the desktop each time takes longer
SETTLE = 2.0  #: seconds that an input may take from the device to the odometer


class Typist(Protocol):
    """Injects input that the plugin has to see."""

    def __call__(self, *, keys: int, clicks: int, scrolls: int) -> None:
        """Make so many key presses, clicks and wheel steps."""


class SourceContract(Hosted):
    """What all three sources promise."""

    @pytest.fixture
    def readable(self) -> bool:
        """Can there be a reading on this machine? False: the plugin has to say why not."""
        return True

    @pytest.fixture
    def can_type(self) -> Typist | None:
        """Return a way to inject input, or None where there is none."""
        return None


def reading(host: Plugins, answer: Answer[T], hook: str, entry_point: str, *, readable: bool) -> T | Unknown:
    """Return the answer after the checks that every source has to pass."""
    value = answer.value
    reason = value.reason if isinstance(value, Unknown) else ""
    if readable:
        no_failures(host, entry_point, hook, reason)
        promise(answer.plugin == entry_point, f"{hook} has a reading on this machine (fixture `readable`)", reason)
    else:
        promise(answer.plugin == "", f"{hook} says Unknown where nothing can be read, never zero", value)
        has_sentence(reason, hook)
    return value


def quick(host: Plugins, entry_point: str, ask: Callable[[], object], hook: str) -> None:
    """Check that the plugin answers from memory."""
    ask()  # the first call starts the plugin
    began = time.monotonic()
    for _ in range(20):
        ask()
    each = (time.monotonic() - began) / 20
    no_failures(host, entry_point, hook, "")
    promise(each < FROM_MEMORY, f"{hook} answers at once and from memory", f"{each * 1000:.0f} ms a call")


class InputMeterContract(SourceContract):
    """``workdiary_count_input``. Declare ``can_type`` to have the counts themselves tested."""

    def test_the_meter_gives_counts_or_says_why_not(self, host: Plugins, entry_point: str, readable: bool) -> None:  # noqa: FBT001  # a fixture
        """A meter answers with InputCounts, or with Unknown and a reason."""
        reading(host, host.count_input(TICK), "workdiary_count_input", entry_point, readable=readable)

    def test_the_meter_answers_from_memory(self, host: Plugins, entry_point: str) -> None:
        """A tick is not held up."""
        quick(host, entry_point, lambda: host.count_input(TICK), "workdiary_count_input")

    def test_odometers_never_fall_within_one_run(self, host: Plugins) -> None:
        """Totals only grow while ``since`` stays."""
        last = host.count_input(TICK).value
        for _ in range(5):
            now = host.count_input(TICK).value
            if isinstance(last, InputCounts) and isinstance(now, InputCounts) and now.since == last.since:
                for part in ("keys", "clicks", "scrolls"):
                    before, after = getattr(last, part), getattr(now, part)
                    if isinstance(before, int) and isinstance(after, int):
                        promise(
                            after >= before, "odometers never fall within one `since`", f"{part}: {before} then {after}"
                        )
            last = now

    def test_a_counting_run_has_a_name(self, host: Plugins) -> None:
        """Core tells a restart from a fall by ``since``."""
        value = host.count_input(TICK).value
        promise(
            not isinstance(value, InputCounts) or bool(value.since), "`since` names the counting run", "an empty text"
        )

    def test_what_is_typed_is_counted_once(self, host: Plugins, can_type: Typist | None) -> None:
        """Every press, click and wheel step is counted, and nothing else."""
        if can_type is None:
            pytest.skip("declare the fixture `can_type` to have the counts tested")
        before = host.count_input(TICK).value
        can_type(keys=5, clicks=3, scrolls=2)
        end = time.monotonic() + SETTLE
        wanted = (5, 3, 2)
        seen: tuple[int | None, ...] = (0, 0, 0)
        while time.monotonic() < end and seen != wanted:
            time.sleep(0.02)
            seen = _difference(before, host.count_input(TICK).value)
        time.sleep(0.1)
        seen = _difference(before, host.count_input(TICK).value)
        for name, made, counted in zip(("keys", "clicks", "scrolls"), wanted, seen, strict=True):
            promise(counted in {made, None}, f"{made} {name} are counted as {made}", counted)


class WindowProbeContract(SourceContract):
    """``workdiary_capture_window``. Declare ``can_focus`` to have the title tested."""

    @pytest.fixture
    def can_focus(self) -> Callable[[], str] | None:
        """Return a way to make a window active that returns its title, or None."""
        return None

    def test_the_probe_gives_a_window_or_says_why_not(self, host: Plugins, entry_point: str, readable: bool) -> None:  # noqa: FBT001  # a fixture
        """A probe answers with Window, or with Unknown and a reason."""
        reading(host, host.capture_window(TICK), "workdiary_capture_window", entry_point, readable=readable)

    def test_the_probe_answers_from_memory(self, host: Plugins, entry_point: str) -> None:
        """A tick is not held up."""
        quick(host, entry_point, lambda: host.capture_window(TICK), "workdiary_capture_window")

    def test_the_active_window_is_named(self, host: Plugins, can_focus: Callable[[], str] | None) -> None:
        """The title is that of the window that has the focus."""
        if can_focus is None:
            pytest.skip("declare the fixture `can_focus` to have the title tested")
        host.capture_window(TICK)
        title = can_focus()
        end = time.monotonic() + SETTLE
        value = host.capture_window(TICK).value
        while time.monotonic() < end and not (isinstance(value, Window) and value.title == title):
            time.sleep(0.02)
            value = host.capture_window(TICK).value
        found = value.title if isinstance(value, Window) else value
        promise(found == title, f"the active window's title is {title!r}", repr(found))


class PresenceContract(SourceContract):
    """``workdiary_presence``. Declare ``can_type`` to have the idle time tested."""

    def test_presence_is_given_or_the_reason_why_not(self, host: Plugins, entry_point: str, readable: bool) -> None:  # noqa: FBT001  # a fixture
        """A source answers with Presence, or with Unknown and a reason. A timer that was just set may need a moment."""
        end = time.monotonic() + SETTLE
        while readable and isinstance(_known(host).value, Unknown) and time.monotonic() < end:
            time.sleep(0.05)
        reading(host, _known(host), "workdiary_presence", entry_point, readable=readable)

    def test_presence_comes_from_memory(self, host: Plugins, entry_point: str) -> None:
        """A tick is not held up."""
        quick(host, entry_point, lambda: host.presence(TICK), "workdiary_presence")

    def test_active_time_never_falls_and_never_outruns_the_clock(self, host: Plugins) -> None:
        """The odometer of active milliseconds grows by no more than the time that passed."""
        first, began = host.presence(TICK), time.monotonic()
        time.sleep(0.2)
        second = host.presence(TICK)
        passed = (time.monotonic() - began) * 1000 + 100
        before, after = first.active_ms.value, second.active_ms.value
        if first.since == second.since and isinstance(before, int) and isinstance(after, int):
            found = f"{before} then {after} ms in {passed:.0f} ms"
            promise(before <= after <= before + passed, "active time grows, and not faster than time", found)

    def test_input_ends_the_idle_time(self, host: Plugins, entry_point: str, can_type: Typist | None) -> None:
        """Just after a key press the idle time is short."""
        if can_type is None:
            pytest.skip("declare the fixture `can_type` to have the idle time tested")
        host.presence(TICK)
        can_type(keys=1, clicks=0, scrolls=0)
        time.sleep(0.1)
        idle_ms = host.presence(TICK).idle_ms.value
        if isinstance(idle_ms, int):
            promise(idle_ms < SETTLE * 1000, "a key press ends the idle time", f"{idle_ms} ms")
        no_failures(host, entry_point, "workdiary_presence", status_of(host, entry_point).reason)


def _known(host: Plugins) -> Answer[Any]:
    """Return a field of presence that is known, else why the first is not."""
    found = host.presence(TICK)
    fields = (found.active_ms, found.idle_ms, found.locked)
    return next((one for one in fields if not isinstance(one.value, Unknown)), found.active_ms)


def _difference(before: InputCounts | Unknown, after: InputCounts | Unknown) -> tuple[int | None, ...]:
    """Return what was counted in between; None where it cannot be seen."""
    if not isinstance(before, InputCounts) or not isinstance(after, InputCounts):
        return (0, 0, 0)
    pairs = [(getattr(before, name), getattr(after, name)) for name in ("keys", "clicks", "scrolls")]
    return tuple(new - old if isinstance(old, int) and isinstance(new, int) else None for old, new in pairs)
