"""``workdiary exclude``: the exclusion rules in the user's settings file."""

from __future__ import annotations

import json
import os
from dataclasses import asdict
from difflib import get_close_matches
from typing import TYPE_CHECKING, Any

import click

from workdiary import config
from workdiary.errors import UsageError
from workdiary.paths import Home
from workdiary_redact.rules import Config

if TYPE_CHECKING:
    from collections.abc import Callable

KINDS = {
    "exclude_titles": "title excluded",
    "exclude_apps": "application excluded",
    "mask_titles": "title masked",
    "mask_apps": "application masked",
}
as_json_option = click.option("--json", "as_json", is_flag=True, help="Print all rules as JSON.")


@click.group("exclude")
def exclude() -> None:
    """Keep windows out of pictures and titles, whether they have the focus or not."""


def _pattern_options(function: Callable[..., Any]) -> Callable[..., Any]:
    title = click.option("--title", help="Text that the title contains, or a glob with * and ?.")
    app = click.option("--app", help="The application's whole name, or a glob with * and ?.")
    return title(app(as_json_option(function)))


@exclude.command("add")
@_pattern_options
def add(*, title: str | None, app: str | None, as_json: bool) -> None:
    """Add a rule, for instance: exclude add --title bank. It holds from the next snapshot on."""
    key, pattern = _chosen(title, app)
    rules = _rules()
    known = getattr(rules, key)
    if pattern not in known:
        _store(key, (*known, pattern))
    _show(as_json=as_json, line=f'{KINDS[key]}: "{pattern}", from the next snapshot on')


@exclude.command("remove")
@_pattern_options
def remove(*, title: str | None, app: str | None, as_json: bool) -> None:
    """Remove a rule, written as `exclude list` shows it."""
    key, pattern = _chosen(title, app)
    known = getattr(_rules(), key)
    if pattern not in known:
        near = get_close_matches(pattern, known, n=1)
        remedy = f'Did you mean "{near[0]}"?' if near else "`workdiary exclude list` prints all rules."
        raise UsageError(f'there is no rule "{pattern}" ({KINDS[key]})', remedy=remedy)
    _store(key, tuple(each for each in known if each != pattern))
    _show(as_json=as_json, line=f'removed: {KINDS[key]} "{pattern}"')


@exclude.command("list")
@as_json_option
def list_rules(*, as_json: bool) -> None:
    """Print all rules, those that mask included."""
    rules = asdict(_rules())
    lines = [f'{meaning}: "{pattern}"' for key, meaning in KINDS.items() for pattern in rules[key]]
    _show(as_json=as_json, line="\n".join(lines) or "no window is excluded")


def _chosen(title: str | None, app: str | None) -> tuple[str, str]:
    if (title is None) == (app is None):
        raise UsageError("one of --title and --app is needed", remedy='For instance: exclude add --title "bank"')
    key, pattern = ("exclude_titles", title) if title is not None else ("exclude_apps", app)
    pattern = (pattern or "").strip()
    if not pattern:
        raise UsageError("the pattern is empty", remedy="An empty text is in every title; write what to look for.")
    if not pattern.isprintable():
        raise UsageError("the pattern holds a control character", remedy="Titles never do; leave it out.")
    return key, pattern


def _rules() -> Config:
    path = Home.find(os.environ).config_file
    table = config.load(path).plugins.tables.get("redact", {})
    return config.read_table(Config, table, f"{path.name}: [plugins.redact]")


def _store(key: str, patterns: tuple[str, ...]) -> None:
    # A JSON list of printable strings is a TOML one too.
    config.set_value(
        Home.find(os.environ).config_file, f"plugins.redact.{key}", json.dumps(patterns, ensure_ascii=False)
    )


def _show(*, as_json: bool, line: str) -> None:
    click.echo(json.dumps(asdict(_rules()), indent=2, ensure_ascii=False) if as_json else line)
