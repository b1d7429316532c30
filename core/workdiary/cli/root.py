"""The root command: ours, found by name without importing the others, then those of plugins."""

from __future__ import annotations

import importlib

import click

#: Command -> the module that defines it, in the order of ``--help``.
COMMANDS = {
    "contract": "contract",
    "start": "track",
    "run": "track",
    "stop": "track",
    "pause": "track",
    "resume": "track",
    "switch": "track",
    "memo": "track",
    "idle": "track",
    "status": "track",
    "diary": "diary",
    "delete": "diary",
    "manual": "diary",
    "week": "diary",
    "image": "image",
    "preview": "image",
    "export": "proof",
    "verify": "proof",
    "review": "review",
    "queue": "queue",
    "plugins": "system",
    "doctor": "system",
    "desktop-report": "report",
    "autostart": "autostart",
    "config": "settings",
    "completion": "settings",
}


class Root(click.Group):
    """Finds commands lazily: starting costs what one command needs."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002  # click's signature
        """Return our commands and those of plugins."""
        return [*COMMANDS, *sorted(_of_plugins())]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002  # as above
        """Return one command."""
        if cmd_name in COMMANDS:
            module = importlib.import_module(f"workdiary.cli.{COMMANDS[cmd_name]}")
            found: click.Command = getattr(module, f"{cmd_name.replace('-', '_')}_command")
            return found
        return _of_plugins().get(cmd_name)

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Add the nearest name to the error about an unknown command."""
        try:
            return super().resolve_command(ctx, args)
        except click.UsageError as error:
            from difflib import get_close_matches

            near = get_close_matches(args[0], self.list_commands(ctx), n=1)
            if near:
                raise click.UsageError(f'{error.message} Did you mean "{near[0]}"?', ctx) from None
            raise


def _of_plugins() -> dict[str, click.Command]:
    from workdiary.cli.common import plugins

    return {str(command.name): command for command in plugins().commands() if command.name not in COMMANDS}


@click.group(cls=Root, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="workdiary", prog_name="workdiary")
def root() -> None:
    """An open work tracker that both sides of an hourly contract can trust.

    Counts keys, clicks and scrolls (never which, never where), notes the active window, takes a screenshot at an
    unpredictable moment of each ten minutes, and keeps it all in a signed diary that you see first.
    """
