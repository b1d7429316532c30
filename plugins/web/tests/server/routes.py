"""Every route of the pages, with sample arguments; a new kind of argument has to be given its sample here."""

from __future__ import annotations

from typing import Any


def site_routes(samples: dict[str, str]) -> list[str]:
    """Return a path below the base for every address of ``workdiary_web.site``.

    :param samples: by the name of an argument; ``route.argument`` goes before it.
    """
    from workdiary_web.site.settings import configure

    configure()
    from django.urls import get_resolver

    return [_path(pattern, samples) for pattern in _leaves(get_resolver().url_patterns)]


def _leaves(patterns: Any) -> list[Any]:
    found = []
    for one in patterns:
        found += _leaves(one.url_patterns) if hasattr(one, "url_patterns") else [one]
    return found


def _path(pattern: Any, samples: dict[str, str]) -> str:
    values = {}
    for name in pattern.pattern.converters:
        keys = [key for key in (f"{pattern.name}.{name}", name) if key in samples]
        assert keys, f"routes.py needs a sample for the argument {name} of {pattern.name}"
        values[name] = samples[keys[0]]
    route = str(pattern.pattern)
    for name, value in values.items():
        converter = pattern.pattern.converters[name].__class__.__name__.removesuffix("Converter").lower()
        kind = {"string": "str"}.get(converter, converter)
        route = route.replace(f"<{kind}:{name}>", value)
    assert "<" not in route, f"{route}: an argument could not be replaced"
    return f"/{route}"
