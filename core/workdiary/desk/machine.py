"""What a face may ask of this machine, beyond the diary: its tracker, its backends, its plugins and settings."""

from __future__ import annotations

import contextlib
import threading
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any, Protocol

from workdiary import config
from workdiary.desk import health
from workdiary.desk.settings import SettingsFile
from workdiary.errors import UsageError
from workdiary.journal import schema
from workdiary.link import client, launch
from workdiary.plugins.manager import Plugins

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from workdiary.paths import Home
    from workdiary.payloads import Check


@dataclass(frozen=True, kw_only=True)
class Shown:
    """A setting and its present value."""

    setting: config.Setting
    value: Any
    is_set: bool  #: the file names it


class Machine(Protocol):
    """The machine on which time is tracked. Methods may be called from any thread."""

    def start(self, contract: str, memo: str) -> dict[str, Any]:
        """Start tracking and return the status then; RuleError or the tracker's refusal."""

    def steer(self, command: str, **arguments: str) -> dict[str, Any]:
        """Have the tracker ``pause``, ``resume``, ``stop``, ``switch``, take a ``memo`` or an answer to ``idle``.

        Returns the status then.
        """

    def queue(self) -> list[dict[str, Any]]:
        """Return what ``workdiary queue --json`` prints, for each backend."""

    def refused(self, uploader: str, most: int = -1) -> list[dict[str, Any]]:
        """Return the entries that a backend refused, each with its reason."""

    def retry(self, uploader: str) -> None:
        """Offer again what a backend refused; UsageError if there is no such backend."""

    def plugins(self) -> list[dict[str, Any]]:
        """Return what ``workdiary plugins --json`` prints, for each plugin."""

    def checks(self) -> Sequence[Check]:
        """Carry out the checks of ``workdiary doctor``; this takes seconds."""

    def settings(self) -> list[Shown]:
        """Return every setting with its present value."""

    def set(self, key: str, text: str) -> None:
        """Change a setting; ConfigError or UsageError says why not, and then nothing was changed."""

    def unset(self, key: str) -> None:
        """Go back to a setting's default."""


class LocalMachine:
    """This one. Plugins are loaded anew for each question, so that changed settings are seen."""

    def __init__(self, home: Home) -> None:
        self._home = home
        self._checking = threading.Lock()

    def start(self, contract: str, memo: str) -> dict[str, Any]:
        """Start tracking and return the status then; RuleError or the tracker's refusal."""
        return launch.start(self._home, contract, memo)

    def steer(self, command: str, **arguments: str) -> dict[str, Any]:
        """Have the tracker do something and return the status then; NotRunningError if there is none."""
        status: dict[str, Any] = client.call(self._home.socket, command, **arguments)
        return status

    def queue(self) -> list[dict[str, Any]]:
        """Return the running tracker's view, else what the journal says."""
        from workdiary.delivery import queue

        try:
            found: list[dict[str, Any]] = client.ask(self._home.socket, "queue")
        except client.NotRunningError:
            if not self._home.journal.exists():
                return []
            with self._plugins() as plugins:
                names = [one.name for one in plugins.uploaders()]
                failed = queue.left_out(plugins.status())
            with contextlib.closing(schema.connect_readonly(self._home.journal)) as connection:
                found = queue.queue(connection, names) + failed
        return found

    def refused(self, uploader: str, most: int = -1) -> list[dict[str, Any]]:
        """Return the entries that a backend refused, each with its reason."""
        from workdiary.delivery import queue

        with contextlib.closing(schema.connect_readonly(self._home.journal)) as connection:
            return queue.refused(connection, uploader, most)

    def retry(self, uploader: str) -> None:
        """Offer again what a backend refused; without a tracker, when it runs the next time."""
        from workdiary.delivery import queue

        try:
            client.call(self._home.socket, "retry", uploader=uploader)
        except client.NotRunningError:
            with self._plugins() as plugins:
                names = [one.name for one in plugins.uploaders()]
            if uploader not in names:
                known = ", ".join(names) or "none is set up"
                raise UsageError(
                    f'there is no uploader "{uploader}" (known: {known})', remedy="workdiary queue"
                ) from None
            schema.connect_readonly(self._home.journal).close()  # a diary is not made by asking
            with contextlib.closing(schema.connect(self._home.journal)) as connection:
                queue.retry(connection, uploader)

    def plugins(self) -> list[dict[str, Any]]:
        """Return the running tracker's view, else that of this process."""
        try:
            found: list[dict[str, Any]] = client.ask(self._home.socket, "plugins")
        except client.NotRunningError:
            with self._plugins() as plugins:
                found = [asdict(one) for one in plugins.status()]
        return found

    def checks(self) -> list[Check]:
        """Carry out the checks of ``workdiary doctor``, one caller at a time."""
        with self._checking, self._plugins() as plugins:
            return health.checks(self._home, plugins)

    def settings(self) -> list[Shown]:
        """Return every setting with its present value."""
        file = self._file()
        return [Shown(setting=one, value=file.value(one.key), is_set=file.is_set(one.key)) for one in file.known()]

    def set(self, key: str, text: str) -> None:
        """Change a setting; ConfigError or UsageError says why not, and then nothing was changed."""
        self._home.prepare()
        self._file().set(key, text)

    def unset(self, key: str) -> None:
        """Go back to a setting's default."""
        self._file().unset(key)

    def _file(self) -> SettingsFile:
        with self._plugins() as plugins:
            return SettingsFile(self._home.config_file, plugins.config_types())

    @contextlib.contextmanager
    def _plugins(self) -> Iterator[Plugins]:
        plugins = Plugins.load(config.load(self._home.config_file), self._home)
        try:
            yield plugins
        finally:
            plugins.stop()


__all__ = ["LocalMachine", "Machine", "Shown"]
