"""Carries a change out: the running tracker does it, or we do it under its lock."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec

from workdiary import config
from workdiary.clock import system_clock
from workdiary.delivery.delivery import Delivery
from workdiary.desk.changes import CHANGES
from workdiary.desk.reader import Reader
from workdiary.errors import UsageError
from workdiary.journal import recover
from workdiary.journal.entry import Tombstone
from workdiary.journal.keeper import Keeper
from workdiary.journal.keys import KeyStore
from workdiary.link import client
from workdiary.link.lock import AlreadyRunningError, Lock
from workdiary.record.state import State

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from workdiary.diary.rules import Rules
    from workdiary.journal.keys import Keys
    from workdiary.paths import Home
    from workdiary.uploader import Uploader

#: How long a change without a tracker tries to reach the backends.
DELIVERY_S = 3.0


def change(
    home: Home, rules: Rules, name: str, *, uploaders: Callable[[], Sequence[Uploader]] = tuple, **arguments: Any
) -> dict[str, Any]:
    """Carry out a change of ``changes.CHANGES`` and return what was done.

    ``waiting`` in it names the *uploaders* that it has not reached yet; None: a tracker delivers it.
    """
    try:
        return _by_tracker(home, name, arguments)
    except (client.NotRunningError, client.EndedError):  # one that was killed may have done it: no change counts twice
        home.prepare()
    try:
        return _under_lock(home, rules, name, arguments, uploaders)
    except AlreadyRunningError:  # it began just now
        return _by_tracker(home, name, arguments)


def _by_tracker(home: Home, name: str, arguments: dict[str, Any]) -> dict[str, Any]:
    answer: dict[str, Any] = client.call(home.socket, "change", name=name, arguments=arguments)
    return {**answer, "waiting": None}


def _under_lock(
    home: Home, rules: Rules, name: str, arguments: dict[str, Any], uploaders: Callable[[], Sequence[Uploader]]
) -> dict[str, Any]:
    with Lock(home):
        keys = open_keys(home)
        recover.mend(home, keys)
        keeper = Keeper(home, keys)
        try:
            done = carry_out(keeper, rules, name, arguments, wall_ms=system_clock().wall)
        finally:
            keeper.close()
        return {**done, "waiting": _deliver(home, keys, uploaders())}


def carry_out(keeper: Keeper, rules: Rules, name: str, arguments: dict[str, Any], *, wall_ms: int) -> dict[str, Any]:
    """Plan a change by the rules and append it; erased values are gone from every file when this returns."""
    if name not in CHANGES:
        raise UsageError(f'there is no change "{name}"', remedy="Is the command line as new as the tracker?")
    connection = keeper.journal.connection
    if name == "manual_add":
        arguments = {**arguments, "busy": _being_tracked(keeper)}
    drafts = CHANGES[name](Reader(connection, rules), wall_ms, **arguments)
    sealed = keeper.write(drafts, at_ms=wall_ms)
    clean = True
    if any(draft.type is Tombstone for draft in drafts):
        clean = keeper.erase_leftovers()
    return {"entries": [one.seq for one in sealed], "clean": clean}


def _deliver(home: Home, keys: Keys, uploaders: Sequence[Uploader]) -> list[dict[str, Any]]:
    """Send the change while we hold the lock: without a tracker what was erased would stay with the backends."""
    review_seconds = config.load(home.config_file).snapshot.review_seconds
    delivery = Delivery(home.journal, keys, home.blobs, uploaders, review_seconds=review_seconds)
    return delivery.drain(DELIVERY_S)


def open_keys(home: Home) -> Keys:
    """Return the device's keys; a home of its own (WORKDIARY_HOME) keeps them in its own file."""
    return KeyStore(home.data, keyring=not home.portable).load()


def own_keys(home: Home) -> Keys:
    """Return the keys of whoever uses this home, made together with it at the first use."""
    home.prepare()
    return open_keys(home)


def _being_tracked(keeper: Keeper) -> list[int]:
    saved = keeper.journal.saved_state()
    return [one.slot for one in msgspec.json.decode(saved, type=State).segments] if saved else []
