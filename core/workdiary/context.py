"""What a plugin is handed when it starts: its own table, and nothing else of the house."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import logging
    from collections.abc import Callable
    from pathlib import Path


def _nobody(_command: str, **_arguments: object) -> Any:
    from workdiary.link.client import NotRunningError

    raise NotRunningError


@dataclass(frozen=True, kw_only=True)
class PluginContext:
    """One plugin's view of core."""

    name: str
    config: Any  #: an instance of the plugin's ``workdiary_config_type``, or None
    log: logging.Logger  #: never write a title, a key or a path into it
    state_directory: Path  #: private to the user and the plugin; made on first use by ``open_state``
    wake: Callable[[], None]  #: from any thread: something happened after quiet, please tick soon
    ask: Callable[..., Any] = _nobody  #: ``ask(command, **arguments)`` of the running tracker; never within a hook

    def open_state(self) -> Path:
        """Return the state directory, made with mode 0700."""
        self.state_directory.mkdir(mode=0o700, parents=True, exist_ok=True)
        return self.state_directory
