"""Import one plugin, fence it and register it, or say why not."""

from __future__ import annotations

import functools
import logging
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING, Any

from workdiary import hooks
from workdiary.config import read_table, refuse_unknown
from workdiary.context import PluginContext
from workdiary.errors import ConfigError
from workdiary.plugins.contract import MANY, REMOTE
from workdiary.plugins.lane import text_of

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    import pluggy

    from workdiary.plugins.origin import Origin

PREFIX = "workdiary_"
MOST = 1000  #: items that are read from one plugin's iterable


@dataclass(frozen=True, kw_only=True)
class Loaded:
    """A plugin that keeps the contract as far as loading can tell."""

    origin: Origin
    hooks: dict[str, Callable[[Any], Any]]  #: each takes the hook's one argument, or ignores it
    ranks: dict[str, int]  #: -1 for tryfirst, 1 for trylast
    config_type: type | None
    config: Any
    table: dict[str, Any]
    own_process: bool


@dataclass(frozen=True, kw_only=True)
class LeftOut:
    """A plugin that cannot be used, and why. ``hooks`` is None where nobody knows what it would have done."""

    origin: Origin
    reason: str
    disabled: bool = False
    hooks: frozenset[str] | None = None


class ContractError(Exception):
    """The plugin breaks the contract; the message says how."""


def load_plugin(
    manager: pluggy.PluginManager, origin: Origin, table: dict[str, Any], *, isolated: bool
) -> Loaded | LeftOut:
    """Import, fence, register and configure one plugin."""
    try:
        plugin = origin.resolve()
    except KeyboardInterrupt:
        raise
    except BaseException as error:  # whatever its import does, the others go on
        return LeftOut(origin=origin, reason=f"cannot be imported: {describe(error)}")
    try:
        check_api(plugin)
        check_marks(plugin)
        implementations = register(manager, plugin, origin.name)
        return _configured(origin, plugin, implementations, table, isolated=isolated)
    except KeyboardInterrupt:
        raise
    except BaseException as error:  # as above
        if manager.has_plugin(origin.name):
            manager.unregister(name=origin.name)
        reason = str(error).split("\n")[0] if isinstance(error, (ContractError, ConfigError)) else describe(error)
        return LeftOut(origin=origin, reason=reason, hooks=_hooks_or_none(plugin))


def describe(error: BaseException) -> str:
    """Return an error's type and the beginning of its message, for a plugin that does not load."""
    text = text_of(error)
    return f"{type(error).__name__}: {text}" if text else type(error).__name__


def check_api(plugin: Any) -> None:
    """Refuse a plugin that was written for another hook API."""
    wanted = getattr(plugin, "WORKDIARY_HOOK_API", (1, 0))
    if not (isinstance(wanted, tuple) and len(wanted) == 2 and all(type(part) is int for part in wanted)):  # noqa: PLR2004  # major, minor
        raise ContractError("WORKDIARY_HOOK_API must be a pair of numbers such as (1, 0)")
    major, minor = hooks.HOOK_API
    if wanted[0] != major or wanted[1] > minor:
        raise ContractError(f"needs hook API {wanted[0]}.{wanted[1]}, this workdiary has {major}.{minor}")


def check_marks(plugin: Any) -> None:
    """Refuse a function that looks like a hook and would never be called."""
    for name in dir(plugin):
        value = getattr(plugin, name, None)
        if name.startswith(PREFIX) and callable(value) and not hasattr(value, "workdiary_impl"):
            raise ContractError(f"{name} is not marked with @hookimpl and would never be called")


def register(manager: pluggy.PluginManager, plugin: Any, name: str) -> dict[str, pluggy.HookImpl]:
    """Register the plugin and return its implementations by hook."""
    manager.register(plugin, name=name)
    own: dict[str, pluggy.HookImpl] = {}
    for caller in manager.get_hookcallers(plugin) or ():
        if not caller.has_spec():
            raise ContractError(_misspelt(caller.name))
        for implementation in caller.get_hookimpls():
            if implementation.plugin is plugin:
                own[caller.name] = implementation
    for hook, implementation in own.items():
        if implementation.wrapper or implementation.hookwrapper:
            raise ContractError(f"{hook} is a wrapper; wrappers are not called by workdiary")
    return own


def make_context(
    origin: Origin, config: Any, state_directory: Any, wake: Callable[[], None], socket: Path
) -> PluginContext:
    """Return what the plugin is handed at its start; *socket* is the tracker's."""
    return PluginContext(
        name=origin.name,
        config=config,
        log=logging.getLogger(f"workdiary.plugin.{origin.name}"),
        state_directory=state_directory,
        wake=wake,
        ask=functools.partial(_ask, socket),
    )


def _ask(socket: Path, command: str, **arguments: Any) -> Any:
    from workdiary.link import client

    return client.call(socket, command, **arguments)


def read_config(config_type: type | None, table: dict[str, Any], name: str) -> Any:
    """Return the plugin's table as its own dataclass, or None when it has none."""
    where = f"config.toml: [plugins.{name}]"
    if config_type is None:
        refuse_unknown(table, (), where)
        return None
    if not getattr(getattr(config_type, "__dataclass_params__", None), "frozen", False):
        raise ContractError("workdiary_config_type must return a frozen dataclass")
    return read_table(config_type, table, where)


def callable_of(hook: str, implementation: pluggy.HookImpl) -> Callable[[Any], Any]:
    """Return the implementation as a function of one argument; every hook has at most one."""
    function: Callable[..., Any] = implementation.function

    def plain(_argument: Any) -> Any:
        return function()

    def many(argument: Any) -> Any:
        return tuple(islice(one(argument) or (), MOST))

    one = function if implementation.argnames else plain
    return many if hook in MANY else one


def _configured(
    origin: Origin, plugin: Any, found: dict[str, pluggy.HookImpl], table: dict[str, Any], *, isolated: bool
) -> Loaded:
    own_process = isolated or getattr(plugin, "WORKDIARY_OWN_PROCESS", False) is True
    local = sorted(set(found) - REMOTE - {"workdiary_config_type"})
    if own_process and local:
        raise ContractError(f"cannot run in a process of its own, because it offers {local[0]}")
    chosen = found.pop("workdiary_config_type", None)
    config_type: Any = chosen.function() if chosen else None
    return Loaded(
        origin=origin,
        hooks={hook: callable_of(hook, implementation) for hook, implementation in found.items()},
        ranks={hook: implementation.trylast - implementation.tryfirst for hook, implementation in found.items()},
        config_type=config_type,
        config=read_config(config_type, table, origin.name),
        table=table,
        own_process=own_process,
    )


def _hooks_or_none(plugin: Any) -> frozenset[str] | None:
    """Return the hooks that a plugin seems to have, or None when even that cannot be said."""
    found: set[str] = set()
    try:
        for name in dir(plugin):
            value = getattr(plugin, name, None)
            marks = getattr(value, "workdiary_impl", None)
            if isinstance(marks, dict):
                found.add(marks.get("specname") or name)
            elif name.startswith(PREFIX) and callable(value):
                found.add(name)
    except Exception:  # a property of a stranger's object
        return None
    return frozenset(found)


def _misspelt(name: str) -> str:
    from difflib import get_close_matches

    near = get_close_matches(name, [hook for hook in vars(hooks) if hook.startswith(PREFIX)], n=1)
    return f"{name} is no hook of workdiary" + (f"; did you mean {near[0]}?" if near else "")
