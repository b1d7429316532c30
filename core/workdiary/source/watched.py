"""The watching of a plugin: begun at its first reading, ended with the plugin."""

from __future__ import annotations

from typing import TYPE_CHECKING, Generic, TypeVar

from workdiary.errors import WorkdiaryError
from workdiary.payloads import Check, Unknown
from workdiary.source.watcher import Session, Watcher

if TYPE_CHECKING:
    from collections.abc import Callable

    from workdiary.context import PluginContext

S = TypeVar("S", bound=Session)


class Watched(Generic[S]):
    """A watcher that begins when it is wanted: the snapshot process asks for no reading, and so pays for none.

    :param name: of the desktop, for people.
    :param connect: returns a session, given what the plugin was started with.
    """

    def __init__(self, name: str, connect: Callable[[PluginContext], S]) -> None:
        self._name = name
        self._connect = connect
        self._context: PluginContext | None = None
        self._watcher: Watcher[S] | None = None

    def start(self, context: PluginContext) -> None:
        """Note what the plugin was started with."""
        self._context = context

    def stop(self) -> None:
        """End the watching. May come without a start and twice."""
        if self._watcher is not None:
            self._watcher.stop()
        self._watcher = self._context = None

    @property
    def context(self) -> PluginContext:
        """What the plugin was started with.

        :raises WorkdiaryError: it was not.
        """
        if self._context is None:
            raise WorkdiaryError(f"{self._name} was asked for before the plugin was started")
        return self._context

    def watcher(self) -> Watcher[S]:
        """Return the watcher, begun on first use.

        :raises WorkdiaryError: the plugin was not started.
        """
        if self._watcher is None:
            context = self.context
            self._watcher = Watcher(self._name, lambda: self._connect(context), context.wake, context.log)
        return self._watcher


def check(name: str, value: object, remedy: str, *, not_offered: Unknown | None = None) -> Check:
    """Return the doctor's line about one real reading.

    :param not_offered: said where the desktop does not offer it. That is no fault: another plugin may know it, and core
        says if none does.
    """
    if isinstance(value, Unknown):
        return Check(name=name, ok=value == not_offered, detail=value.reason, remedy=remedy)
    return Check(name=name, ok=True, detail="readings come")
