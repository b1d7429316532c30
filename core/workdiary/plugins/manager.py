"""The typed door to the plugins: one method for each hook. Nothing outside this package touches pluggy."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

from workdiary.payloads import Check, Decision, Unknown, Verdict
from workdiary.plugins import checking
from workdiary.plugins.answer import Answer, Heard, merge, why_nobody
from workdiary.plugins.lane import Failure
from workdiary.plugins.offers import offered_on_main, refuse, unique
from workdiary.plugins.registry import Registry
from workdiary.plugins.status import PluginStatus

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    import click

    from workdiary.config import Settings
    from workdiary.diary.rules import BillingRule, ProtectionRule
    from workdiary.exporter import Exporter
    from workdiary.paths import Home
    from workdiary.payloads import (
        Event,
        Frame,
        InputCounts,
        Lane,
        Notice,
        Occasion,
        Period,
        ScreenMap,
        Shown,
        Slot,
        Snapshot,
        Tick,
        Window,
    )
    from workdiary.plugins.answer import Present
    from workdiary.plugins.runner import Runner
    from workdiary.uploader import Uploader

SLOT_SECONDS = 600
SETTLE_SECONDS = 1.5


class Plugins:
    """All plugins of this process. No method raises what a plugin raises."""

    def __init__(self, registry: Registry) -> None:
        self._registry = registry

    @classmethod
    def load(
        cls,
        settings: Settings,
        home: Home,
        *,
        wake: Callable[[], None] = lambda: None,
        clock: Callable[[], float] = time.monotonic,
        safe_mode: bool = False,
    ) -> Plugins:
        """Import and register what is installed; nothing is started before it is asked.

        :param wake: what a plugin calls, from any thread, when something happened after quiet.
        :param clock: seconds; decides when a plugin that rests is tried again.
        :param safe_mode: only what is built in.
        """
        registry = Registry()
        registry.load(settings.plugins, home, wake=wake, clock=clock, safe_mode=safe_mode)
        return cls(registry)

    def count_input(self, tick: Tick) -> Answer[InputCounts]:
        """Return the odometers of the first input meter that has a reading."""
        return self._first("workdiary_count_input", tick, checking.counts)

    def capture_window(self, tick: Tick) -> Answer[Window]:
        """Return the active window from the first probe that has a reading."""
        return self._first("workdiary_capture_window", tick, checking.window)

    def presence(self, tick: Tick) -> Present:
        """Return active time, idle time and lock, each from a source that knows it."""
        return merge(list(self._hear("workdiary_presence", tick, checking.presence)))

    def settle(self, tick: Tick) -> None:
        """Begin the source of presence, and wait while it runs and knows nothing yet: a timer may need a second."""
        end = time.monotonic() + SETTLE_SECONDS
        while isinstance(self.presence(tick).active_ms.value, Unknown) and self._runs("workdiary_presence"):
            if time.monotonic() > end:
                return
            time.sleep(0.05)

    def plan_moments(self, slot: Slot) -> tuple[int, ...]:
        """Return the moments that policies add, sorted, each within what is left of the slot."""
        moments: set[int] = set()
        for runner in self._registry.asked("workdiary_plan_moments"):
            answer = runner.call("workdiary_plan_moments", slot)
            if type(answer) is Failure:
                continue
            good = [m for m in answer if type(m) is int and slot.from_offset <= m < SLOT_SECONDS]
            moments.update(good)
            wrong = "" if len(good) == len(answer) else "a moment outside the slot"
            self._judge(runner, "workdiary_plan_moments", wrong)
        return tuple(sorted(moments))

    def decide_snapshot(self, occasion: Occasion) -> Decision:
        """Hear every policy; one DENY, or one that failed, beats every TAKE."""
        hook = "workdiary_decide_snapshot"
        denied = self._registry.missing(hook)
        verdict = _deny(f"policy {denied} failed: it could not be loaded") if denied else Decision(verdict=Verdict.TAKE)
        for runner in self._registry.asked(hook):
            answer = runner.call(hook, occasion)
            if answer is None:
                runner.praise(hook, reading=False)
                continue
            if type(answer) is Failure and answer.not_here:  # a policy for another desktop has no opinion on this one
                continue
            if type(answer) is not Failure:
                answer = self._judge(runner, hook, checking.decision(answer)) or answer
            if type(answer) is Failure:
                answer = _deny(f"policy {runner.name} failed: {answer.what}")
            if verdict.verdict is Verdict.TAKE:
                verdict = answer
        return verdict

    def survey_screen(self, occasion: Occasion) -> Answer[ScreenMap]:
        """Return monitors and visible windows from the first plugin that can see them."""
        return self._first("workdiary_survey_screen", occasion, checking.screen_map)

    def grab_screen(self, occasion: Occasion) -> Answer[tuple[Frame, ...]]:
        """Return the pixels from the first grabber that has them."""
        return self._first("workdiary_grab_screen", occasion, checking.frames)

    def redact(self, snapshot: Snapshot) -> Snapshot | Unknown:
        """Pass the snapshot through every privacy filter; fail closed when one of them fails or may be missing."""
        hook = "workdiary_redact"
        missing = self._registry.missing(hook)
        if missing:
            return Unknown(reason=f"privacy filter {missing} failed: it could not be loaded")
        for runner in self._registry.asked(hook):
            answer = runner.call(hook, snapshot)
            if answer is None:
                answer = snapshot
            if type(answer) is not Failure:
                answer = self._judge(runner, hook, checking.redacted(snapshot, answer)) or answer
            if type(answer) is Failure:
                return Unknown(reason=f"privacy filter {runner.name} failed: {answer.what}")
            snapshot = answer
        return snapshot

    def notify(self, notice: Notice) -> Answer[Shown]:
        """Show a notice by the first notifier that can; ``plugin`` is empty when nobody could."""
        return self._first("workdiary_notify", notice, checking.shown)

    def uploaders(self) -> list[Uploader]:
        """Return all backends; two of one name are refused, and the status names both distributions."""
        found: list[tuple[Runner, Any]] = []
        for runner in self._registry.asked("workdiary_register_uploaders"):
            answer = runner.call("workdiary_register_uploaders")
            if type(answer) is Failure:
                refuse(runner, f"its uploaders are left out: {answer.message or answer.what}")
            else:
                found += ((runner, uploader) for uploader in answer)
        return unique(found, "uploader")

    def billing_rules(self) -> list[BillingRule]:
        """Return all billing rules, no two of one name and version."""
        return unique(offered_on_main(self._registry, "workdiary_billing_rules"), "billing rule")

    def protection_rules(self) -> list[ProtectionRule]:
        """Return all protection rules, no two of one name and version."""
        return unique(offered_on_main(self._registry, "workdiary_protection_rules"), "protection rule")

    def exporters(self) -> list[Exporter]:
        """Return all export formats, no two of one name."""
        return unique(offered_on_main(self._registry, "workdiary_exporters"), "exporter")

    def commands(self) -> list[click.Command]:
        """Return all commands that plugins add, no two of one name."""
        return unique(offered_on_main(self._registry, "workdiary_commands"), "command")

    def checks(self) -> list[Check]:
        """Return the plugins' lines for ``workdiary doctor``; a failure is a failed check."""
        found: list[Check] = []
        for runner in self._registry.asked("workdiary_checks"):
            answer = runner.call("workdiary_checks")
            if type(answer) is not Failure:
                wrong = "" if all(type(item) is Check for item in answer) else "something that is no Check"
                answer = self._judge(runner, "workdiary_checks", wrong) or answer
            if type(answer) is Failure and answer.not_here:
                answer = (Check(name=runner.name, ok=True, detail=f"not used here: {answer.what}"),)
            if type(answer) is Failure:
                answer = (Check(name=runner.name, ok=False, detail=f"its checks failed: {answer.what}"),)
            found += answer
        return found

    def lanes(self, day: Period) -> list[Lane]:
        """Return what plugins add to the timeline of a day, no two of one name."""
        hook = "workdiary_lanes"
        found: list[tuple[Runner, Any]] = []
        for runner in self._registry.asked(hook):
            answer = runner.call(hook, day)
            if type(answer) is not Failure and not self._judge(runner, hook, checking.lanes(answer)):
                found += ((runner, lane) for lane in answer)
        return unique(found, "lane")

    def observe(self, event: Event) -> None:
        """Tell every observer; none is waited for longer than its budget."""
        for runner in self._registry.asked("workdiary_observe"):
            if type(runner.call("workdiary_observe", event)) is not Failure:
                runner.praise("workdiary_observe", reading=False)

    def config_types(self) -> dict[str, type]:
        """Return the dataclass of each plugin's own table."""
        return {name: plugin.config_type for name, plugin in self._registry.loaded.items() if plugin.config_type}

    def status(self) -> list[PluginStatus]:
        """Return how every plugin is doing, those that are left out included."""
        running = [runner.status() for runner in self._registry.runners.values()]
        out = [
            PluginStatus(
                name=plugin.origin.name,
                distribution=plugin.origin.distribution if plugin.origin.value else "",
                version=plugin.origin.version if plugin.origin.value else "",
                hooks=tuple(sorted(plugin.hooks or ())),
                state="disabled" if plugin.disabled else "left out",
                reason=plugin.reason,
            )
            for plugin in self._registry.left_out
        ]
        return sorted(running + out, key=lambda status: status.name)

    def stop(self) -> None:
        """Stop what was started, last first, each within its budget. May come twice."""
        started = self._registry.started
        while started:
            started.pop().stop()
        for runner in self._registry.runners.values():
            runner.stop()

    def _runs(self, hook: str) -> bool:
        asked = self._registry.asked(hook)
        return any(one.status().state == "running" for one in asked if not one.origin.builtin)

    def _first(self, hook: str, argument: Any, check: Callable[[Any], str]) -> Answer[Any]:
        why = []
        for heard in self._hear(hook, argument, check):
            if not heard.reason:
                return Answer(plugin=heard.plugin, value=heard.value)
            why.append((heard, heard.reason))
        return Answer(plugin="", value=Unknown(reason=why_nobody(why)))

    def _hear(self, hook: str, argument: Any, check: Callable[[Any], str]) -> Iterator[Heard]:
        """Ask one plugin after the other, as long as somebody wants to hear."""
        for runner in self._registry.asked(hook):
            answer = runner.call(hook, argument)
            if answer is None:
                runner.praise(hook, reading=False)
                continue
            reason = self._why_not(runner, hook, answer, check)
            yield Heard(plugin=runner.name, value=answer, reason=reason, builtin=runner.origin.builtin)

    def _why_not(self, runner: Runner, hook: str, answer: Any, check: Callable[[Any], str]) -> str:
        """Return why the answer is no reading, or an empty string when it is one."""
        failure = answer if type(answer) is Failure else None
        if not failure:
            reason = checking.why_empty(answer)
            if reason:
                runner.praise(hook, reading=False)
                return reason
            failure = self._judge(runner, hook, check(answer), reading=True)
        if not failure:
            return ""
        return failure.what if failure.sat_out else f"failed: {failure.what}"

    def _judge(self, runner: Runner, hook: str, wrong: str, *, reading: bool = False) -> Failure | None:
        if not wrong:
            runner.praise(hook, reading=reading)
            return None
        failure = Failure(wrong)
        runner.blame(hook, failure)
        return failure


def _deny(reason: str) -> Decision:
    return Decision(verdict=Verdict.DENY, reason=reason)
