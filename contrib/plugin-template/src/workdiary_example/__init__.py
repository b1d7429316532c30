"""Count bytes from a named pipe as key presses, and hide titles that contain certain words."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from workdiary import hookimpl
from workdiary.payloads import InputCounts, Snapshot, Unknown, Window

if TYPE_CHECKING:
    from workdiary.context import PluginContext
    from workdiary_example.meter import PipeMeter

#: The hook API this plugin was written for.
WORKDIARY_HOOK_API = (1, 0)


@dataclass(frozen=True, kw_only=True)
class Config:
    """The user's table ``[plugins.example]``."""

    pipe: str = field(default="", metadata={"meaning": "Named pipe whose bytes are counted as key presses."})
    words: tuple[str, ...] = field(default=(), metadata={"meaning": "Titles with one of these words are hidden."})


_config = Config()
_meter: PipeMeter | None = None


@hookimpl
def workdiary_config_type() -> type:
    """Name the dataclass against which the settings are checked."""
    return Config


@hookimpl
def workdiary_start(context: PluginContext) -> None:
    """Open the pipe. Everything that takes time or can fail belongs here, not into the import."""
    global _config, _meter  # noqa: PLW0603  # a plugin is a module; this is its state
    from workdiary_example.meter import PipeMeter

    workdiary_stop()
    _config = context.config
    if _config.pipe:
        _meter = PipeMeter(_config.pipe, context.wake)


@hookimpl
def workdiary_stop() -> None:
    """Close the pipe. May come without a start, and twice."""
    global _meter  # as above
    meter, _meter = _meter, None
    if meter is not None:
        meter.close()


@hookimpl
def workdiary_count_input() -> InputCounts | Unknown:
    """Return the counts from memory; what cannot be seen is Unknown, never zero."""
    if _meter is None:
        return Unknown(reason="no pipe is set; try: workdiary config set plugins.example.pipe <path>")
    return _meter.read()


@hookimpl
def workdiary_redact(snapshot: Snapshot) -> Snapshot | None:
    """Hide the title and the picture of a window with a secret name. None leaves the snapshot as it is."""
    window = snapshot.window
    if isinstance(window, Unknown) or not any(word in window.title for word in _config.words):
        return None
    black = tuple(replace(frame, pixels=bytes(len(frame.pixels))) for frame in snapshot.frames)
    return replace(snapshot, window=Window(app=window.app, title="hidden"), frames=black)
