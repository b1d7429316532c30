"""Contract of notifiers."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from workdiary.payloads import Action, Notice, NoticeKind, Preview, Shown, Unknown
from workdiary.testing.hosted import Hosted, has_sentence, no_failures, promise

if TYPE_CHECKING:
    from collections.abc import Callable

    from workdiary.plugins.manager import Plugins

TITLE = "Conformance: a notice"
ARGUMENTS: dict[str, str | int] = {"contract": "conformance", "session": "s", "slot": 3_000_000, "taken_at": 1}


def make_notice(kind: NoticeKind = NoticeKind.SNAPSHOT) -> Notice:
    """Return a notice as core makes it: with picture and buttons where it tells of a snapshot."""
    if kind is not NoticeKind.SNAPSHOT:
        return Notice(kind=kind, wall_ms=1_800_000_000_000, title=TITLE, text="<b>as it is</b> & so on")
    return Notice(
        kind=kind,
        wall_ms=1_800_000_000_000,
        title=TITLE,
        contract="conformance",
        text="It stays on this machine.",
        actions=(Action(label="Delete", command="discard", arguments=ARGUMENTS), Action(label="Keep")),
        preview=Preview(width=256, height=144, pixels=bytes(range(256)) * 432),
        stay_ms=60_000,
    )


class NotifierContract(Hosted):
    """``workdiary_notify``. Override ``shown`` where notices can be looked at."""

    @pytest.fixture
    def shown(self) -> Callable[[], str] | None:
        """Return what gives all that is on the screen as text; None: it cannot be seen here."""
        return None

    @pytest.mark.parametrize("kind", list(NoticeKind))
    def test_each_kind_is_shown_or_it_is_said_why_not(
        self, host: Plugins, entry_point: str, kind: NoticeKind, shown: Callable[[], str] | None
    ) -> None:
        """The answer is Shown or Unknown with one sentence, within the budget; kinds that are new to it included."""
        answer = host.notify(make_notice(kind))
        reason = answer.value.reason if isinstance(answer.value, Unknown) else ""
        no_failures(host, entry_point, "workdiary_notify", reason)
        if isinstance(answer.value, Unknown):
            has_sentence(answer.value.reason, "workdiary_notify")
        elif shown is not None:
            promise(TITLE in shown(), "what is answered with Shown is on the screen", shown())

    def test_it_shows_what_it_can_be_seen_to_show(self, host: Plugins, shown: Callable[[], str] | None) -> None:
        """Where a test can look at the screen, the notice is there."""
        answer = host.notify(make_notice())
        if shown is None:
            pytest.skip("override the fixture `shown` to have it looked at")
        promise(answer.value == Shown(), "the notice is shown", answer.value)
