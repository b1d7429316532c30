"""What plugins offer once: uploaders, rules, exporters, commands. Nothing is offered twice under one name."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any

from workdiary.plugins.loading import MOST, describe

if TYPE_CHECKING:
    from collections.abc import Iterable

    from workdiary.plugins.registry import Registry
    from workdiary.plugins.runner import Runner

log = logging.getLogger("workdiary.plugins")


def offered_on_main(registry: Registry, hook: str) -> list[tuple[Runner, Any]]:
    """Return what plugins offer by a hook that is called directly, each with its plugin."""
    found: list[tuple[Runner, Any]] = []
    for runner in registry.asked(hook):
        try:
            offers = list(registry.loaded[runner.name].hooks[hook](None) or ())[:MOST]
        except KeyboardInterrupt:
            raise
        except BaseException as error:  # one plugin's failure costs only its own offers
            refuse(runner, f"{hook.removeprefix('workdiary_')} failed: {describe(error)}")
            continue
        found += ((runner, offer) for offer in offers)
    return found


def unique(found: Iterable[tuple[Runner, Any]], what: str) -> list[Any]:
    """Return the offers whose name nobody else offers; one that is built in wins over the others."""
    by_name: dict[str, list[tuple[Runner, Any]]] = {}
    for runner, offer in found:
        name = _name_of(offer)
        if name:
            by_name.setdefault(name, []).append((runner, offer))
        else:
            refuse(runner, f"offers something without a name as {what}")
    kept: list[Any] = []
    for name, rivals in by_name.items():
        builtin = [rival for rival in rivals if rival[0].origin.builtin]
        winner = (builtin or rivals)[0] if builtin or len(rivals) == 1 else None
        if winner:
            kept.append(winner[1])
        makers = " and ".join(sorted({runner.origin.distribution for runner, _ in rivals}))
        for runner, offer in rivals:
            if winner is None or offer is not winner[1]:
                refuse(runner, f"{what} {name!r} is refused: it is offered more than once, by {makers}")
    return kept


def _name_of(offer: Any) -> str:
    """Return name and version of an offer, or an empty string for one without."""
    try:
        name, version = offer.name, getattr(offer, "version", "")
    except Exception:  # a property of a stranger's object
        return ""
    return f"{name} {version}".strip() if isinstance(name, str) and name else ""


def refuse(runner: Runner, reason: str) -> None:
    """Keep the reason for the plugin's status, and log it once."""
    if runner.refused != reason:
        runner.refused = reason
        log.warning("plugin %s: %s", runner.origin.title, reason)
