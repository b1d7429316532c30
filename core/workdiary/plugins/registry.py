"""Which plugins there are, and in which order each hook asks them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import pluggy

from workdiary import hooks
from workdiary.plugins.lane import ThreadLane
from workdiary.plugins.loading import LeftOut, Loaded, load_plugin, make_context
from workdiary.plugins.origin import Origin, find_plugins
from workdiary.plugins.runner import Runner

if TYPE_CHECKING:
    from collections.abc import Callable

    from workdiary.config import PluginSettings
    from workdiary.paths import Home
    from workdiary.plugins.lane import Lane


@dataclass(kw_only=True)
class Registry:
    """The loaded plugins with their runners, and those that are left out."""

    loaded: dict[str, Loaded] = field(default_factory=dict)
    runners: dict[str, Runner] = field(default_factory=dict)
    left_out: list[LeftOut] = field(default_factory=list)
    started: list[Runner] = field(default_factory=list)
    _asked: dict[str, tuple[Runner, ...]] = field(default_factory=dict)

    def asked(self, hook: str) -> tuple[Runner, ...]:
        """Return the plugins with this hook in the order in which they are asked."""
        return self._asked.get(hook, ())

    def missing(self, hook: str) -> str:
        """Return the name of a plugin that is left out and has, or may have, this hook; empty when there is none."""
        for plugin in self.left_out:
            if not plugin.disabled and (plugin.hooks is None or hook in plugin.hooks):
                return plugin.origin.name
        return ""

    def load(
        self,
        settings: PluginSettings,
        home: Home,
        *,
        wake: Callable[[], None],
        clock: Callable[[], float],
        safe_mode: bool,
    ) -> None:
        """Load every plugin on its own, so that a broken one costs only itself."""
        manager = pluggy.PluginManager("workdiary")
        manager.add_hookspecs(hooks)
        for origin in find_plugins(safe_mode=safe_mode):
            result = self._load_one(manager, origin, settings)
            if isinstance(result, LeftOut):
                self.left_out.append(result)
                continue
            self.loaded[origin.name] = result
            self.runners[origin.name] = Runner(
                origin, make_lane(result, home, wake), frozenset(result.hooks), clock=clock, started=self.started
            )
        self._note_absent(settings, safe_mode=safe_mode)
        for hook in vars(hooks):
            self._asked[hook] = self._in_order(hook, settings.order)

    def _load_one(self, manager: pluggy.PluginManager, origin: Origin, settings: PluginSettings) -> Loaded | LeftOut:
        if origin.name in settings.disabled:
            return LeftOut(origin=origin, reason="disabled in the settings", disabled=True)
        if origin.name in self.loaded:
            first = self.loaded[origin.name].origin
            return LeftOut(origin=origin, reason=f"{first.distribution} has a plugin of the same name")
        table = settings.tables.get(origin.name, {})
        return load_plugin(manager, origin, table, isolated=origin.name in settings.isolated)

    def _note_absent(self, settings: PluginSettings, *, safe_mode: bool) -> None:
        known = {*self.loaded, *(plugin.origin.name for plugin in self.left_out)}
        reason = "safe mode" if safe_mode else "named in the settings but not installed"
        named = {*settings.order, *settings.disabled, *settings.isolated, *settings.tables}
        for name in sorted(named - known):
            disabled = safe_mode or name in settings.disabled
            # Its hooks are not known: it may be the filter that the user relies on, so there are no images without it.
            self.left_out.append(
                LeftOut(origin=Origin(name=name, value=""), reason=reason, disabled=disabled, hooks=None)
            )

    def _in_order(self, hook: str, order: tuple[str, ...]) -> tuple[Runner, ...]:
        places = {name: place for place, name in reversed(list(enumerate(order)))}

        def key(name: str) -> tuple[int, bool, int, str]:
            plugin = self.loaded[name]
            return places.get(name, len(order)), plugin.origin.builtin, plugin.ranks[hook], name

        return tuple(
            self.runners[name] for name in sorted((n for n in self.loaded if hook in self.loaded[n].hooks), key=key)
        )


def make_lane(plugin: Loaded, home: Home, wake: Callable[[], None]) -> Lane:
    """Return the lane that the plugin or the user chose."""
    name = plugin.origin.name
    state = home.plugin_state(name)
    if plugin.own_process:
        from workdiary.plugins.process import ProcessLane

        lane: Lane = ProcessLane(
            plugin.origin, table=plugin.table, state_directory=state, socket=home.socket, wake=wake
        )
        return lane
    context = make_context(plugin.origin, plugin.config, state, wake, home.socket)
    return ThreadLane(name, plugin.hooks, context)
