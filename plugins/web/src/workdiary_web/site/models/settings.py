"""Settings as the page shows them: by table, each with the way in which it is typed."""

from __future__ import annotations

import json
from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable

    from workdiary.desk.machine import Shown

TITLES = {"snapshot": "Screenshots", "plugins": "Plugins"}


@dataclass(frozen=True, kw_only=True)
class Line:
    """One setting."""

    key: str
    name: str  #: its last part, in words
    meaning: str
    type: str
    default: str
    text: str  #: as it is typed
    is_set: bool
    choices: tuple[str, ...]  #: empty: free text
    is_list: bool  #: one name on each line

    @property
    def rows(self) -> int:
        """How high its field is."""
        return max(2, self.text.count("\n") + 2)


@dataclass(frozen=True, kw_only=True)
class Table:
    """Settings that belong together."""

    title: str
    name: str
    lines: tuple[Line, ...]


def tables(shown: Iterable[Shown]) -> list[Table]:
    """Return the settings by table."""
    return [
        Table(
            title=TITLES.get(name, f"Plugin {name.removeprefix('plugins.')}"), name=name, lines=tuple(map(_line, group))
        )
        for name, group in groupby(shown, lambda one: one.setting.key.rpartition(".")[0])
    ]


def _line(one: Shown) -> Line:
    setting = one.setting
    is_list = setting.type == "list of names"
    return Line(
        key=setting.key,
        name=setting.key.rpartition(".")[2].replace("_", " "),
        meaning=setting.meaning,
        type=_kind(setting.type),
        default=typed(setting.default).strip("[]") or "empty",
        text="\n".join(map(str, one.value)) if is_list else typed(one.value),
        is_set=one.is_set,
        choices=_choices(setting.type),
        is_list=is_list,
    )


def _choices(kind: str) -> tuple[str, ...]:
    if kind == "bool":
        return ("true", "false")
    return tuple(kind.split(" or ")) if " or " in kind and "[" not in kind else ()


def _kind(text: str) -> str:
    """Return a type in words."""
    if text == "list of names":
        return "one on each line"
    words = {"int": "whole number", "str": "text", "bool": "yes or no", "float": "number"}
    head, comma, rest = text.partition(",")
    return words.get(head, head) + comma + rest


def from_lines(text: str) -> str:
    """Return lines as the TOML list that they are."""
    return typed([line.strip() for line in text.splitlines() if line.strip()])


def typed(value: Any) -> str:
    """Return a value as it is typed: a TOML value, or text as it is."""
    if value is None or isinstance(value, str):
        return value or ""
    if isinstance(value, list | tuple):
        return f"[{', '.join(_toml(one) for one in value)}]"
    return _toml(value)


def _toml(value: Any) -> str:
    if isinstance(value, dict):
        return "{ " + ", ".join(f"{key} = {_toml(one)}" for key, one in value.items()) + " }"
    if isinstance(value, list | tuple):
        return typed(value)
    return json.dumps(value, ensure_ascii=False, default=str)
