"""workdiary config, completion."""

from __future__ import annotations

import tomllib

import click

from workdiary.cli.common import home, json_option, show_json
from workdiary.errors import UsageError


@click.group("config")
def config_command() -> None:
    """Show and change settings."""


@config_command.command("list")
@json_option
def list_all(*, as_json: bool) -> None:
    """List every setting with its default and what it means, those of plugins too."""
    from workdiary.config import list_settings

    found = [(one.key, one.type, one.default, one.meaning) for one in list_settings()]
    found += _plugin_settings()
    if as_json:
        show_json(
            [
                {"key": key, "type": kind, "default": default, "meaning": meaning}
                for key, kind, default, meaning in found
            ]
        )
        return
    for key, kind, default, meaning in found:
        click.echo(f"{key} = {default!r}  ({kind})\n    {meaning}")
    click.echo(f"File: {home().config_file}")


@config_command.command("get")
@click.argument("key")
@json_option
def get(key: str, *, as_json: bool) -> None:
    """Print the value that is in force for KEY."""
    value = _value(key)
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
    from workdiary.config import set_value

    home().prepare()
    set_value(home().config_file, key, value)
    _done(key, as_json=as_json)


@config_command.command("unset")
@click.argument("key")
@json_option
def unset(key: str, *, as_json: bool) -> None:
    """Go back to KEY's default."""
    from workdiary.config import unset_value

    unset_value(home().config_file, key)
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


def _plugin_settings() -> list[tuple[str, str, object, str]]:
    from workdiary.cli.common import plugins
    from workdiary.config import list_settings

    return [
        (one.key, one.type, one.default, one.meaning)
        for name, kind in sorted(plugins().config_types().items())
        for one in list_settings(kind, f"plugins.{name}.")
    ]


def _value(key: str) -> object:
    """Return what the file says, or the default."""
    known = {one[0]: one[2] for one in _plugin_settings()}
    from workdiary.config import list_settings, load

    load(home().config_file)
    known |= {one.key: one.default for one in list_settings()}
    if key not in known:
        raise UsageError(f'there is no setting "{key}"', remedy="workdiary config list")
    tree: object = tomllib.loads(home().config_file.read_text()) if home().config_file.exists() else {}
    for part in key.split("."):
        tree = tree.get(part) if isinstance(tree, dict) else None
    return known[key] if tree is None else tree


def _done(key: str, *, as_json: bool) -> None:
    if as_json:
        show_json({"key": key, "value": _value(key)})
    else:
        click.echo(
            f"{key} = {_value(key)!r}. A running tracker takes it up at its next start, filters at the next snapshot."
        )
