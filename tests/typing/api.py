"""How plugins use the public names. It is never run: mypy --strict has to accept it as it stands."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, BinaryIO, assert_type

import click

from workdiary.config import setting
from workdiary.context import PluginContext
from workdiary.diary.model import Segment, Statement
from workdiary.diary.rules import BillingRule, ProtectionRule
from workdiary.errors import ConfigError, RuleError, StorageError, UsageError, WorkdiaryError
from workdiary.exporter import Export, Exporter
from workdiary.hooks import HOOK_API, hookimpl
from workdiary.payloads import (
    Cause,
    Check,
    Decision,
    Event,
    EventKind,
    Frame,
    InputCounts,
    Lane,
    Monitor,
    Notice,
    NoticeKind,
    Occasion,
    Period,
    Presence,
    Rect,
    ScreenMap,
    Shown,
    Slot,
    Snapshot,
    Span,
    Tick,
    Unknown,
    Verdict,
    VisibleWindow,
    Window,
)
from workdiary.uploader import AuthorizationError, Image, Item, Rejected, Stored, TransientError, Uploader

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

WORKDIARY_HOOK_API: tuple[int, int] = HOOK_API
SCREEN = Rect(x=0, y=0, width=2, height=1)


@dataclass(frozen=True, kw_only=True)
class Config:
    """A plugin's table."""

    path: str = setting("", "Where to.")
    names: tuple[str, ...] = setting((), "Whose.")


@hookimpl
def workdiary_config_type() -> type | None:
    return Config


@hookimpl
def workdiary_start(context: PluginContext) -> None:
    config: Config = context.config
    context.log.info("%d names", len(config.names))
    (context.open_state() / "mark").touch()
    context.wake()


@hookimpl
def workdiary_stop() -> None:
    """Nothing is held."""


@hookimpl(trylast=True)
def workdiary_count_input(tick: Tick) -> InputCounts | Unknown | None:
    if tick.slot < 0:
        return None
    return InputCounts(since="one", keys=1, clicks=Unknown(reason="no mouse"), scrolls=0)


@hookimpl(tryfirst=True)
def workdiary_capture_window(tick: Tick) -> Window | Unknown | None:
    assert_type(tick.wall_ms, int)
    return Window(app="Editor", title="notes", handle="0x1")


@hookimpl
def workdiary_presence(tick: Tick) -> Presence | Unknown | None:
    return Presence(since="one", active_ms=tick.mono_ms, idle_ms=0, locked=Unknown(reason="no lock"))


@hookimpl
def workdiary_plan_moments(slot: Slot) -> Iterable[int] | None:
    return [slot.from_offset] if slot.derived_offset > slot.from_offset else None


@hookimpl
def workdiary_decide_snapshot(occasion: Occasion) -> Decision | None:
    if occasion.cause is Cause.POLICY:
        return Decision(verdict=Verdict.DENY, reason="not now")
    return None


@hookimpl
def workdiary_survey_screen(occasion: Occasion) -> ScreenMap | Unknown | None:
    assert_type(occasion.monitors, str)
    monitors = (Monitor(name="one", rect=SCREEN, primary=True),)
    return ScreenMap(monitors=monitors, windows=(VisibleWindow(app="Editor", title="notes", rect=SCREEN),))


@hookimpl
def workdiary_grab_screen(occasion: Occasion) -> tuple[Frame, ...] | Unknown | None:
    del occasion
    return (Frame(rect=SCREEN, width=2, height=1, pixels=bytes(8)),)


@hookimpl
def workdiary_redact(snapshot: Snapshot) -> Snapshot | None:
    if isinstance(snapshot.window, Unknown) or isinstance(snapshot.before, Unknown):
        return None
    assert_type(snapshot.before.windows, tuple[VisibleWindow, ...])
    return replace(snapshot, window=replace(snapshot.window, title="[hidden]"))


@hookimpl
def workdiary_notify(notice: Notice) -> Shown | Unknown | None:
    if notice.kind is not NoticeKind.SNAPSHOT or notice.preview is None:
        return None
    assert_type(notice.preview.pixels, bytes)
    for action in notice.actions:
        assert_type(action.arguments, dict[str, str | int])
    return Shown() if notice.stay_ms else Unknown(reason="no screen")


class Memory:
    """A backend."""

    name = "memory"

    def deliver(self, items: Sequence[Item]) -> Sequence[Stored | Rejected]:
        answers: list[Stored | Rejected] = []
        for item in items:
            if item.kind == "strange":
                answers.append(Rejected(number=item.number, reason="never seen"))
            elif any(not _fetch(image) for image in item.images):
                raise TransientError("not now", retry_after=5.0)
            else:
                answers.append(Stored(number=item.number, digest=bytes(32)))
        if not answers:
            raise AuthorizationError("who are you?")
        return answers

    def close(self) -> None:
        """Nothing is held."""


def _fetch(image: Image) -> bytes:
    return image.sealed() + image.open()


@hookimpl
def workdiary_register_uploaders(context: PluginContext) -> Iterable[Uploader]:
    return [Memory()] if context.config.path else []


def _seconds(segment: Segment) -> int:
    assert_type(segment.keys, int | None)
    return segment.credited_seconds


def _failures(segment: Segment) -> tuple[str, ...]:
    return () if segment.memo else ("no memo",)


@hookimpl
def workdiary_billing_rules() -> Iterable[BillingRule]:
    return (BillingRule(name="mine", version=1, seconds=_seconds),)


@hookimpl
def workdiary_protection_rules() -> Iterable[ProtectionRule]:
    return (ProtectionRule(name="mine", version=1, failures=_failures),)


def _write(export: Export, file: BinaryIO) -> None:
    assert_type(export.week.statement, Statement)
    file.write(export.week.statement.canonical())


@hookimpl
def workdiary_exporters() -> Iterable[Exporter]:
    return [Exporter(name="mine", suffix=".json", write=_write)]


@click.command("mine")
def mine() -> None:
    """Fail in every way that a command may."""
    errors: list[WorkdiaryError] = [
        UsageError("wrong", remedy="Write it so."),
        ConfigError("config.toml: wrong"),
        RuleError("locked"),
        StorageError("full"),
    ]
    assert_type(errors[0].exit_code, int)
    raise errors[0]


@hookimpl
def workdiary_commands() -> Iterable[click.Command]:
    return [mine]


@hookimpl
def workdiary_checks() -> Iterable[Check]:
    return [Check(name="mine", ok=False, detail="broken", remedy="Mend it.")]


@hookimpl
def workdiary_lanes(day: Period) -> Iterable[Lane]:
    span = Span(start_ms=day.start_ms, end_ms=day.end_ms, text="all day")
    assert_type(span.text, str)
    return [Lane(name="mine", spans=(span,))]


@hookimpl
def workdiary_observe(event: Event) -> None:
    if event.kind is EventKind.STARTED:
        assert_type(event.contract, str)
