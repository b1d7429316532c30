"""The user's settings: one TOML file, read into frozen dataclasses."""

from __future__ import annotations

import re
import tomllib
import typing
from dataclasses import MISSING, dataclass, field, fields, is_dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal, TypeVar

import msgspec

from workdiary.errors import ConfigError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

T = TypeVar("T")


def setting(default: Any, meaning: str) -> Any:
    """Return a dataclass field with its default and its meaning in one line."""
    return field(default=default, metadata={"meaning": meaning})


@dataclass(frozen=True, kw_only=True)
class SnapshotSettings:
    """The table ``[snapshot]``."""

    format: Literal["jpeg", "webp"] = setting("jpeg", "Picture format; webp is smaller and costs more processor time.")
    quality: Annotated[int, msgspec.Meta(ge=1, le=100)] = setting(75, "Picture quality, 1 to 100.")
    scale: Literal[1, 2] = setting(1, "Divide width and height by this.")
    review_seconds: Annotated[int, msgspec.Meta(ge=0, le=600)] = setting(
        60, "Seconds after its notice in which a picture does not leave the machine, so that you can delete it."
    )
    unchanged_hours: Annotated[int, msgspec.Meta(ge=1)] = setting(
        3, "Hours after which a picture that never changes is recorded as missing."
    )


@dataclass(frozen=True, kw_only=True)
class PluginSettings:
    """The table ``[plugins]``; each ``[plugins.<name>]`` is kept as it is for the plugin's own dataclass."""

    order: tuple[str, ...] = setting((), "Plugins that are asked before all others, in this order.")
    disabled: tuple[str, ...] = setting((), "Plugins that are not loaded at all.")
    isolated: tuple[str, ...] = setting((), "Plugins that run in a process of their own.")
    tables: dict[str, dict[str, Any]] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Settings:
    """Everything that the user can set."""

    snapshot: SnapshotSettings = field(default_factory=SnapshotSettings)
    plugins: PluginSettings = field(default_factory=PluginSettings)


@dataclass(frozen=True, kw_only=True)
class Setting:
    """One line of the list of all settings."""

    key: str  #: dotted, as ``workdiary config set`` takes it
    type: str
    default: Any
    meaning: str


def load(path: Path) -> Settings:
    """Read the settings file; a missing one means the defaults.

    :raises ConfigError: it cannot be read, is no TOML, or says something that is no setting.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        return Settings()
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(
            f"{path.name}: cannot be read: {error}", remedy="Check the file and its permissions."
        ) from error
    return parse(text, name=path.name)


def parse(text: str, *, name: str = "config.toml") -> Settings:
    """Return the settings that *text* says; *name* is the file's, for messages.

    :raises ConfigError: as ``load``.
    """
    try:
        tree = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(f"{name}: no valid TOML: {error}", remedy="Mend the line that it names.") from error
    refuse_unknown(tree, [part.name for part in fields(Settings)], f"{name}:")
    for key, table in tree.items():
        if not isinstance(table, dict):
            raise ConfigError(f"{name}: {key}: expected a table [{key}]")
    plugins = tree.get("plugins", {})
    own = {key: value for key, value in plugins.items() if not isinstance(value, dict)}
    tables = {key: value for key, value in plugins.items() if isinstance(value, dict)}
    refuse_unknown(own, _keys(PluginSettings), f"{name}: [plugins]")
    for key in _keys(PluginSettings) & tables.keys():
        raise ConfigError(f"{name}: [plugins] {key}: expected a list of plugin names")
    return Settings(
        snapshot=read_table(SnapshotSettings, tree.get("snapshot", {}), f"{name}: [snapshot]"),
        plugins=read_table(PluginSettings, {**own, "tables": tables}, f"{name}: [plugins]"),
    )


def read_table(cls: type[T], table: dict[str, Any], where: str) -> T:
    """Return *table* as an instance of the dataclass *cls*; unknown keys are errors, in nested tables too.

    :param where: file and table, such as ``config.toml: [plugins.redact]``, with which a message begins.
    :raises ConfigError: a key is unknown, missing or of another type.
    """
    _refuse_unknown_fields(cls, table, where)
    try:
        return msgspec.convert(table, cls, strict=True)
    except msgspec.ValidationError as error:
        what, _, place = str(error).partition(" - at ")
        key = place.strip("`").removeprefix("$").removeprefix(".")
        message = what[:1].lower() + what[1:].replace("`", "")
        raise ConfigError(f"{where} {key}: {message}" if key else f"{where}: {message}") from error


def refuse_unknown(table: Iterable[str], known: Iterable[str], where: str) -> None:
    """Raise for the first key of *table* that is not *known*, with the nearest that is.

    :raises ConfigError: there is one.
    """
    known = set(known)
    for key in table:
        if key not in known:
            from difflib import get_close_matches

            near = get_close_matches(key, sorted(known), n=1)
            hint = f'; did you mean "{near[0]}"?' if near else ""
            raise ConfigError(
                f"{where} {key}: unknown setting{hint}", remedy="`workdiary config list` prints them all."
            )


def list_settings(cls: type = Settings, prefix: str = "") -> Iterator[Setting]:
    """Yield all settings of *cls* and of the tables in it, with type, default and meaning."""
    hints = typing.get_type_hints(cls, include_extras=True)
    for part in fields(cls):
        if is_dataclass(hints[part.name]):
            yield from list_settings(hints[part.name], f"{prefix}{part.name}.")
        elif cls is not PluginSettings or part.name != "tables":
            default = part.default_factory() if part.default_factory is not MISSING else part.default
            yield Setting(
                key=prefix + part.name,
                type=_type_text(hints[part.name]),
                default=None if default is MISSING else default,
                meaning=part.metadata.get("meaning", ""),
            )


def _keys(cls: type) -> set[str]:
    return {part.name for part in fields(cls)} - {"tables"}


def _refuse_unknown_fields(cls: type, table: dict[str, Any], where: str) -> None:
    hints = typing.get_type_hints(cls)
    refuse_unknown(table, hints, where)
    for key, value in table.items():
        inner = [hint for hint in (hints[key], *typing.get_args(hints[key])) if is_dataclass(hint)]
        for number, item in enumerate(value if isinstance(value, list) else [value], 1):
            if inner and isinstance(inner[0], type) and isinstance(item, dict):
                place = f"{key}[{number}]" if isinstance(value, list) else key
                _refuse_unknown_fields(inner[0], item, f"{where} {place}:")


def _type_text(hint: Any) -> str:
    if typing.get_origin(hint) is Literal:
        return " or ".join(str(choice) for choice in typing.get_args(hint))
    base, *notes = typing.get_args(hint) if typing.get_origin(hint) is Annotated else (hint,)
    limits = " and ".join(f"{word} {limit}" for note in notes for word, limit in _limits(note))
    name = base.__name__ if isinstance(base, type) and not typing.get_args(base) else _plain(base)
    return f"{name}, {limits}" if limits else str(name)


def _limits(note: Any) -> list[tuple[str, Any]]:
    words = {"ge": "at least", "le": "at most", "gt": "more than", "lt": "less than"}
    return [(word, limit) for key, word in words.items() if (limit := getattr(note, key, None)) is not None]


def _plain(hint: Any) -> str:
    return "list of names" if hint == tuple[str, ...] else re.sub(r"\b\w+\.", "", str(hint))


def set_value(path: Path, key: str, text: str, *, check: Callable[[Settings], None] = lambda _new: None) -> None:
    """Set the dotted *key* to *text*, a TOML value or a plain string, and keep the user's comments.

    :param check: raises ConfigError if the settings as they would be then are not good.
    :raises ConfigError: the result would be no valid settings file; nothing was written.
    """
    errors: list[ConfigError] = []
    for value in _readings_of(text):
        document, table, last = _open_for_writing(path, key, make=True)
        table[last] = value
        try:
            _write_checked(path, document, check)
        except ConfigError as error:
            errors.append(error)
        else:
            return
    raise errors[0]


def unset_value(path: Path, key: str) -> None:
    """Remove the dotted *key*, so that its default holds again; one that is not set is no error.

    :raises ConfigError: the result would be no valid settings file; nothing was written.
    """
    document, table, last = _open_for_writing(path, key, make=False)
    if last in table:
        del table[last]
        _write_checked(path, document, lambda _new: None)


def _readings_of(text: str) -> list[Any]:
    """Return what *text* may mean, best first: ``80`` is a number, or the string "80" where one is wanted."""
    try:
        return [tomllib.loads(f"value = {text}")["value"], text]
    except tomllib.TOMLDecodeError:
        return [text]


def _open_for_writing(path: Path, key: str, *, make: bool) -> tuple[Any, Any, str]:
    import tomlkit

    load(path)  # an error that is there already is told as such
    document = tomlkit.parse(path.read_text(encoding="utf-8") if path.exists() else "")
    *parents, last = key.split(".")
    if not parents or not all((*parents, last)):
        raise ConfigError(f"{key}: no name of a setting", remedy="`workdiary config list` prints them all.")
    table: Any = document
    for parent in parents:
        if parent not in table and not make:
            return document, {}, last
        table = table.setdefault(parent, tomlkit.table())
        if not isinstance(table, dict):
            raise ConfigError(f"{path.name}: {key}: {parent} is a value, not a table")
    return document, table, last


def _write_checked(path: Path, document: Any, check: Callable[[Settings], None]) -> None:
    """Replace the file in one step, so that a power cut leaves the old one or the new one."""
    import os
    import tempfile

    import tomlkit

    from workdiary.system.directory import Directory

    text = tomlkit.dumps(document)
    check(parse(text, name=path.name))
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    target = path.resolve()  # the file may be a link into the user's dotfiles
    # Made with mode 0600.
    with tempfile.NamedTemporaryFile(dir=target.parent, prefix=".config-", delete=False) as file:
        new = Path(file.name)
        try:
            file.write(text.encode())
            file.flush()
            os.fsync(file.fileno())
            new.replace(target)
        except BaseException:
            new.unlink()
            raise
    with Directory(target.parent, follow=True) as directory:
        directory.sync()
