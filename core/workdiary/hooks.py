"""The plugin contract: every hook, in the order in which core calls them.

One implementation is called at a time, on its plugin's own lane: always the same thread (or process), never two calls
at once. A call that overruns its budget counts as a failure and the plugin sits out until it returns; after three
failures in a row the hook that failed rests, visibly, and is tried again with back-off. Wrappers are refused.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pluggy

if TYPE_CHECKING:
    from collections.abc import Iterable

    import click

    from workdiary.context import PluginContext
    from workdiary.diary.rules import BillingRule, ProtectionRule
    from workdiary.exporter import Exporter
    from workdiary.payloads import (
        Check,
        Decision,
        Event,
        Frame,
        InputCounts,
        Lane,
        Notice,
        Occasion,
        Period,
        Presence,
        ScreenMap,
        Shown,
        Slot,
        Snapshot,
        Tick,
        Unknown,
        Window,
    )
    from workdiary.uploader import Uploader

#: (major, minor). Major: an implementation must change. Minor: only additions.
HOOK_API = (1, 0)

hookspec = pluggy.HookspecMarker("workdiary")
hookimpl = pluggy.HookimplMarker("workdiary")


@hookspec
def workdiary_config_type() -> type | None:
    """Return the frozen dataclass that describes the plugin's own table ``[plugins.<name>]``.

    Called once, when the plugin is loaded, on the main thread, before anything else. ``None``: the plugin has no
    settings, and any setting is an error. A failure leaves the plugin out, with its reason. Since 1.0.
    """


@hookspec
def workdiary_start(context: PluginContext) -> None:
    """Connect, and return when readings can be had.

    Called once on the plugin's lane, just before the first other call on it, so a fallback that is never asked
    never starts; called again, with back-off, after a failure. Raise to say why not: the plugin is left out and the
    next is asked. Raise ``workdiary.errors.NotHereError`` where the plugin is for another desktop or machine: that is
    found out by connecting, not from a variable, and is no fault to anybody. Budget 5 s. Since 1.0.

    :param context: the plugin's settings, logger, state directory and ``wake``.
    """


@hookspec
def workdiary_stop() -> None:
    """Let go of everything that ``workdiary_start`` took.

    Called on the plugin's lane in reverse order of starting. It may come without a start and may come twice. A failure
    is logged. Budget 2 s. Since 1.0.
    """


@hookspec
def workdiary_count_input(tick: Tick) -> InputCounts | Unknown | None:
    """Return the odometers of keystrokes, clicks and scroll steps, at once and from memory.

    Called at each tick (once a second while there is input, every fifteen seconds without), in order, until one answers
    with counts. ``None``: not mine to say; ``Unknown``: the next is asked, and the reason is kept. A failure or overrun
    means the same as ``Unknown``. Never return zero for what cannot be seen. Budget 0.25 s. Since 1.0.

    :param tick: when it is asked.
    """


@hookspec
def workdiary_capture_window(tick: Tick) -> Window | Unknown | None:
    """Return the active window, at once and from memory.

    Called at each tick and at each snapshot, in order, until one answers. ``None``: not mine to say; ``Unknown``: the
    next is asked. A title goes nowhere before it passed ``workdiary_redact``. Budget 0.25 s. Since 1.0.

    :param tick: when it is asked.
    """


@hookspec
def workdiary_presence(tick: Tick) -> Presence | Unknown | None:
    """Return active and idle time and whether the session is locked.

    Called at each tick, every plugin in order. Each field is taken from the first that knows it; a screen is locked as
    soon as one says so. ``None``: not mine to say; ``Unknown``: nothing of it. Budget 0.25 s. Since 1.0.

    :param tick: when it is asked.
    """


@hookspec
def workdiary_plan_moments(slot: Slot) -> Iterable[int] | None:
    """Return more snapshot moments for the slot, as seconds into it.

    Called when tracking begins in a slot. All answers are merged with the derived moment, which always stays. ``None``:
    none. A failure: the derived moment alone. Budget 0.25 s. Since 1.0.

    :param slot: its number, and what is left of it.
    """


@hookspec
def workdiary_decide_snapshot(occasion: Occasion) -> Decision | None:
    """Say whether a snapshot may be taken now.

    Called at each moment. Every policy is heard: one DENY beats every TAKE; ``None`` has no opinion, nor has a plugin
    that is not here; without any opinion it is taken. A failure counts as DENY, with the reason in the diary.
    Budget 0.25 s. Since 1.0.

    :param occasion: why the snapshot is due.
    """


@hookspec
def workdiary_survey_screen(occasion: Occasion) -> ScreenMap | Unknown | None:
    """Return the monitors and the visible windows with their rectangles, top first, read now.

    Called in the snapshot process just before and just after the grab, in order, until one answers. ``None``: not mine
    to say. A filter that needs the map and has none fails closed. Budget 1 s. Since 1.0.

    :param occasion: why the snapshot is due.
    """


@hookspec
def workdiary_grab_screen(occasion: Occasion) -> tuple[Frame, ...] | Unknown | None:
    """Return the pixels of every monitor.

    Called once per snapshot, in the snapshot process, in order, until one answers with frames. ``None``: not mine to
    say; ``Unknown`` or a failure: the next is asked, and in the end the segment stands without image, with the reason.
    Core keeps the frames that the contract wants. Budget 5 s. Since 1.0.

    :param occasion: why the snapshot is due.
    """


@hookspec
def workdiary_redact(snapshot: Snapshot) -> Snapshot | None:
    """Return a safer copy of the snapshot.

    Called in the snapshot process as a chain in configured order, images and titles together, before anything is
    encoded or written; ``frames`` may be empty. ``None`` leaves it as it is. It fails closed: an exception, an overrun,
    another number or size of frames means no image and no title; the time stays. Budget 5 s. Since 1.0.

    :param snapshot: as the previous filter left it.
    """


@hookspec
def workdiary_notify(notice: Notice) -> Shown | Unknown | None:
    """Show the user a notice, and return when it is on the screen.

    Called right after a snapshot has come in, and for reminders, in order, until one answers ``Shown``. ``None``: not
    mine to show; ``Unknown``, a failure or an overrun: the next is asked, and in the end the diary says beside the
    picture why nobody was told of it. Carry out a button's ``ask`` on a thread of the plugin's own. Budget 0.5 s.
    Since 1.0.

    :param notice: what to say, and the buttons.
    """


@hookspec
def workdiary_register_uploaders(context: PluginContext) -> Iterable[Uploader]:
    """Return the backends this plugin offers.

    Called once, when tracking starts. Two of one name are refused, naming both distributions. A failure leaves the
    plugin's uploaders out, with the reason. Budget 5 s. Since 1.0.

    :param context: the plugin's settings, logger and state directory.
    """
    return ()


@hookspec
def workdiary_billing_rules() -> Iterable[BillingRule]:
    """Return named, versioned pure functions from a segment to billable seconds.

    Called once in every process that shows or proves a bill, on the main thread. A failure leaves them out. Since 1.0.
    """
    return ()


@hookspec
def workdiary_protection_rules() -> Iterable[ProtectionRule]:
    """Return named, versioned pure functions from a segment to what it fails.

    Called once in every process that shows a segment, on the main thread. A failure leaves them out. Since 1.0.
    """
    return ()


@hookspec
def workdiary_exporters() -> Iterable[Exporter]:
    """Return formats for ``workdiary export --format``.

    Called once, when exporting, on the main thread. Two of one name are refused. A failure leaves them out. Since 1.0.
    """
    return ()


@hookspec
def workdiary_commands() -> Iterable[click.Command]:
    """Return commands to be added to ``workdiary``.

    Called once per command line, on the main thread. A name that is taken is refused. A failure leaves them out.
    Since 1.0.
    """
    return ()


@hookspec
def workdiary_checks() -> Iterable[Check]:
    """Return lines for ``workdiary doctor``.

    Called once per ``doctor``, on the plugin's lane. A failure is a failed check. Budget 5 s. Since 1.0.
    """
    return ()


@hookspec
def workdiary_lanes(day: Period) -> Iterable[Lane]:
    """Return rows for the timeline of a day: what else happened then, such as meetings or commits.

    Called once per timeline that is shown, in the process of the web diary, on the plugin's lane. What lies outside
    the day is cut. Nothing of it is stored or sent. Two of one name are refused. A failure leaves them out, with the
    reason. Budget 2 s. Since 1.0.

    :param day: a day on the viewer's clock: of 23, 24 or 25 hours.
    """
    return ()


@hookspec
def workdiary_observe(event: Event) -> None:
    """See what happened.

    Called after the fact, for every event. An observer changes nothing; a failure is logged. Budget 0.25 s. Since 1.0.

    :param event: what happened.
    """
