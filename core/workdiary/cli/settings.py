"""workdiary config, completion."""

from __future__ import annotations

from dataclasses import asdict

import click

from workdiary.cli.common import home, json_option, plugins, show_json
from workdiary.desk.settings import TAKEN_UP, SettingsFile


@click.group("config")
def config_command() -> None:
    """Show and change settings."""


@config_command.command("list")
@json_option
def list_all(*, as_json: bool) -> None:
    """List every setting with its default and what it means, those of plugins too."""
    found = _settings().known()
    if as_json:
        show_json([asdict(one) for one in found])
        return
    for one in found:
        click.echo(f"{one.key} = {one.default!r}  ({one.type})\n    {one.meaning}")
    click.echo(f"File: {home().config_file}")


@config_command.command("get")
@click.argument("key")
@json_option
def get(key: str, *, as_json: bool) -> None:
    """Print the value that is in force for KEY."""
    value = _settings().value(key)
    if as_json:
        show_json({"key": key, "value": value})
    else:
        click.echo(value)


@config_command.command("set")
@click.argument("key")
@click.argument("value")
@json_option
def set_one(key: str, value: str, *, as_json: bool) -> None:
    """Set KEY to VALUE; a list is written as in '["a", "b"]'."""
    home().prepare()
    _settings().set(key, value)
    _done(key, as_json=as_json)


@config_command.command("unset")
@click.argument("key")
@json_option
def unset(key: str, *, as_json: bool) -> None:
    """Go back to KEY's default."""
    _settings().unset(key)
    _done(key, as_json=as_json)


@config_command.command("path")
@json_option
def path(*, as_json: bool) -> None:
    """Print where settings and data are."""
    places = {"config": str(home().config_file), "data": str(home().data), "runtime": str(home().runtime)}
    if as_json:
        show_json(places)
    else:
        for name, place in places.items():
            click.echo(f"{name:8} {place}")


@click.command("completion")
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
def completion_command(shell: str) -> None:
    """Print the completion script of SHELL, as in: eval "$(workdiary completion bash)"."""
    from click.shell_completion import get_completion_class

    from workdiary.cli.root import root

    found = get_completion_class(shell)
    assert found is not None  # the choices are click's own
    click.echo(found(root, {}, "workdiary", "_WORKDIARY_COMPLETE").source())


def _settings() -> SettingsFile:
    return SettingsFile(home().config_file, plugins().config_types())


def _done(key: str, *, as_json: bool) -> None:
    value = _settings().value(key)
    if as_json:
        show_json({"key": key, "value": value})
    else:
        click.echo(f"{key} = {value!r}. {TAKEN_UP}")
