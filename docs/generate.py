"""Write what the code says itself into the docs: ``python docs/generate.py``. Tests compare it."""

from __future__ import annotations

import ast
import inspect
import re
import sys
import tomllib
from dataclasses import is_dataclass
from enum import Enum
from pathlib import Path
from typing import TYPE_CHECKING

import click

from workdiary import config, context, exporter, payloads, uploader
from workdiary.builtin import BUILTIN
from workdiary.cli.root import COMMANDS, root
from workdiary.diary import rules
from workdiary.paths import Home
from workdiary.plugins.manager import Plugins

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from types import ModuleType

PAGES = Path(__file__).parent / "reference"
HOUSE = Path(__file__).parent.parent
NOTE = "<!-- Written by docs/generate.py from the code; change the code, then run it. -->"

COMMANDS_HEAD = """# Commands

`-h` or `--help` stands behind every command. Where there is `--json`, standard output is one JSON document
([its keys](json.md)) and an error is a JSON object on standard error. See also: [exit codes](exit-codes.md).
"""
SETTINGS_HEAD = """# Settings

Settings live in one TOML file; `workdiary config path` prints where. `workdiary config list` prints what is below for
the plugins that are installed; `workdiary config set KEY VALUE` changes one and keeps your comments. An unknown or
wrong setting is an error that names file, table and key. A running tracker reads its settings at its next start;
grabbers and privacy filters, which begin anew with each snapshot, at the next snapshot.
"""
PAYLOADS_HEAD = """# Values that cross the border

Everything that hooks take and return. All are frozen, keyword-only dataclasses; a field that is added later has a
default. Times are integers: `*_ms` are milliseconds, `wall_ms` since 1970 UTC, `mono_ms` on a clock that stops while
the machine sleeps. A field that may be `Unknown` is never given as zero instead. See [hooks](hooks.md) for
who takes what.
"""
#: Modules of the page, and those of their classes that a plugin meets.
VALUES: tuple[tuple[ModuleType, tuple[str, ...]], ...] = (
    (payloads, ()),
    (context, ()),
    (uploader, ()),
    (exporter, ()),
    (rules, ("BillingRule", "ProtectionRule")),
)


def commands_page() -> str:
    """Return the page of all commands: ours, then those of the plugins in this repository."""
    parts = [NOTE, COMMANDS_HEAD, "## Core\n", *(_command(name, command) for name, command in own_commands())]
    parts.append("## Plugins\n")
    parts += (_command(name, command, f"From `workdiary-{plugin}`. ") for plugin, name, command in plugin_commands())
    return "\n".join(parts)


def settings_page() -> str:
    """Return the page of all settings: core's, then those of the plugins in this repository."""
    parts = [NOTE, SETTINGS_HEAD, "## Core\n", _settings(config.list_settings())]
    for name, kind in plugin_settings():
        parts += [f"## Plugin `{name}`\n", _settings(config.list_settings(kind, f"plugins.{name}."))]
    return "\n".join(parts)


def payloads_page() -> str:
    """Return the page of all dataclasses, enumerations and protocols of the contract."""
    parts = [NOTE, PAYLOADS_HEAD]
    for module, names in VALUES:
        parts.append(f"## `{module.__name__}`\n")
        parts += (_value(kind) for kind in values(module, names))
    return "\n".join(parts)


def own_commands() -> Iterator[tuple[str, click.Command]]:
    """Yield every command of core, groups before their members."""
    ctx = click.Context(root)
    for name in COMMANDS:
        command = root.get_command(ctx, name)
        assert command is not None, name
        yield from _tree(name, command)


def plugin_commands() -> Iterator[tuple[str, str, click.Command]]:
    """Yield plugin, name and command for every command that a plugin of this repository adds."""
    from workdiary.plugins.offers import offered_on_main
    from workdiary.plugins.registry import Registry

    registry = Registry()
    registry.load(config.Settings().plugins, _nowhere(), wake=lambda: None, clock=lambda: 0.0, safe_mode=False)
    for runner, command in offered_on_main(registry, "workdiary_commands"):
        if runner.name in own_plugins():
            for name, one in _tree(str(command.name), command):
                yield runner.name, name, one


def plugin_settings() -> list[tuple[str, type]]:
    """Return the settings dataclass of each plugin of this repository that has one."""
    found = Plugins.load(config.Settings(), _nowhere()).config_types()
    return sorted((name, kind) for name, kind in found.items() if name in own_plugins())


def own_plugins() -> set[str]:
    """Return the names of the plugins in this repository, those that are built in included."""
    built_in = {module.rpartition(".")[2] for module in BUILTIN}
    files = HOUSE.glob("plugins/*/pyproject.toml")
    tables = [tomllib.loads(file.read_text(encoding="utf-8"))["project"] for file in files]
    return built_in | {name for table in tables for name in table.get("entry-points", {}).get("workdiary", {})}


def values(module: ModuleType, names: tuple[str, ...] = ()) -> list[type]:
    """Return the public classes that *module* defines, in the order of the file."""
    found = [kind for kind in vars(module).values() if isinstance(kind, type) and kind.__module__ == module.__name__]
    return [kind for kind in found if kind.__name__ in names or not names]


def _nowhere() -> Home:
    return Home.find({"WORKDIARY_HOME": "/nonexistent"})


def _tree(name: str, command: click.Command) -> Iterator[tuple[str, click.Command]]:
    yield name, command
    if isinstance(command, click.Group):
        for member in command.commands:
            yield from _tree(f"{name} {member}", command.commands[member])


def _command(name: str, command: click.Command, source: str = "") -> str:
    arguments = [one for one in command.params if isinstance(one, click.Argument)]
    options = [one for one in command.params if isinstance(one, click.Option)]
    words = [one.make_metavar(click.Context(command)) for one in arguments]
    lines = [f"### `{' '.join(['workdiary', name, *words])}`\n", f"{source}{_text(command.help)}\n"]
    if options:
        lines += ["| option | meaning |", "|---|---|", *(_option(one) for one in options), ""]
    return "\n".join(lines)


def _option(option: click.Option) -> str:
    names = ", ".join(f"`{name}`" for name in (*option.opts, *option.secondary_opts))
    kind = option.type
    if isinstance(kind, click.Choice):
        names += ": " + ", ".join(f"`{choice}`" for choice in kind.choices)
    elif not option.is_flag:
        names += f" {option.make_metavar(click.Context(root))}"
    extra = " Required." if option.required else ""
    if option.show_default:
        extra += f" Default: {option.default}."
    return _row(names, _text(option.help) + extra)


def _settings(settings: Iterable[config.Setting]) -> str:
    rows = ["| key | type | default | meaning |", "|---|---|---|---|"]
    rows += [_row(f"`{one.key}`", one.type, f"`{_toml(one.default)}`", one.meaning) for one in settings]
    return "\n".join(rows) + "\n"


def _toml(value: object) -> str:
    if value is None:
        return "must be set"
    if isinstance(value, (tuple, list)):
        return "[" + ", ".join(_toml(one) for one in value) + "]"
    return str(value).lower() if isinstance(value, bool) else f'"{value}"' if isinstance(value, str) else str(value)


def _value(kind: type) -> str:
    comments = _comments(kind)
    if issubclass(kind, Enum):
        rows = [_row(f"`{one.name}`", f"`{one.value}`", comments.get(one.name, "")) for one in kind]
        body = ["| name | value | meaning |", "|---|---|---|", *rows, ""]
    elif is_dataclass(kind):
        rows = [_row(f"`{name}`", f"`{text}`", default and f"`{default}`", comments.get(name, ""))
                for name, text, default in _fields(kind)]  # fmt: skip
        body = ["| field | type | default | meaning |", "|---|---|---|---|", *rows, ""]
    else:
        body = [*_methods(kind), ""]
    return "\n".join([f"### `{kind.__name__}`\n", _text(kind.__doc__), "", *body])


def _methods(kind: type) -> Iterator[str]:
    skipped = () if issubclass(kind, Exception) else ("__init__",)
    for name, one in vars(kind).items():
        function = one.fget if isinstance(one, property) else one
        if inspect.isfunction(function) and name not in skipped and (name == "__init__" or not name.startswith("_")):
            signature = "" if isinstance(one, property) else str(inspect.signature(function)).replace("'", "")
            yield f"- `{name}{signature}`: {_text(function.__doc__)}".rstrip(" :")


def _row(*cells: str) -> str:
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"


def _fields(kind: type) -> list[tuple[str, str, str]]:
    """Return name, annotation and default of each field, as they are written."""
    found = []
    for node in _class(kind).body:
        if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
            default = ast.unparse(node.value) if node.value else ""
            default = default.replace("'", '"')
            made = re.fullmatch(r"field\(default_factory=(?:lambda: )?(.*)\)", default)
            default = made[1] if made else "" if default == "field(repr=False)" else default
            found.append((node.target.id, ast.unparse(node.annotation), default))
    return found


def _comments(kind: type) -> dict[str, str]:
    """Return the ``#:`` comment of each name in the class."""
    found = re.findall(r"^    (\w+)\b[^#\n]*#: (.*)$", inspect.getsource(kind), re.MULTILINE)
    return {name: text.replace("``", "`") for name, text in found}


def _class(kind: type) -> ast.ClassDef:
    node = ast.parse(inspect.getsource(kind)).body[0]
    assert isinstance(node, ast.ClassDef)
    return node


def _text(text: str | None) -> str:
    return " ".join(inspect.cleandoc(text or "").replace("``", "`").split())


def with_examples(text: str) -> str:
    """Return a guide in which each ``<!-- example: NAME.py -->`` is followed by that file, word for word."""
    examples = Path(__file__).parent / "examples"

    def block(match: re.Match[str]) -> str:
        return f"{match[1]}\n```python\n{(examples / match[2]).read_text(encoding='utf-8')}```\n"

    mark = r"(<!-- example: (\w+\.py) -->)\n(?:```python\n.*?^```\n)?"
    return re.sub(mark, block, text, flags=re.DOTALL | re.MULTILINE)


PAGE = {"commands.md": commands_page, "settings.md": settings_page, "payloads.md": payloads_page}


if __name__ == "__main__":
    for name in sys.argv[1:] or PAGE:
        (PAGES / name).write_text(PAGE[name](), encoding="utf-8")
    for guide in (PAGES.parent / "how-to").glob("*.md"):
        guide.write_text(with_examples(guide.read_text(encoding="utf-8")), encoding="utf-8")
