"""What was typed into a form, and what was wrong with it: nothing of it is lost by an error."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeVar

from workdiary.errors import WorkdiaryError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

T = TypeVar("T")
#: The place of an error that belongs to no field.
WHOLE = ""


@dataclass(frozen=True, kw_only=True)
class Trouble:
    """One error, for the place beside its field."""

    message: str
    remedy: str


@dataclass(kw_only=True)
class Form:
    """The texts of the fields by name, and the errors by field."""

    values: Mapping[str, str]
    errors: dict[str, Trouble] = field(default_factory=dict)

    def read(self, name: str, parse: Callable[[str], T], otherwise: T) -> T:
        """Return what *parse* makes of a field; what it refuses is kept beside the field."""
        try:
            return parse(self.values.get(name, "").strip())
        except WorkdiaryError as error:
            self.refuse(name, error)
            return otherwise

    def refuse(self, name: str, error: WorkdiaryError) -> None:
        """Keep an error of a field, or of the ``WHOLE``."""
        self.errors.setdefault(name, Trouble(message=sentence(error.message), remedy=error.remedy))

    @property
    def whole(self) -> Trouble | None:
        """The error that belongs to no field."""
        return self.errors.get(WHOLE)


def sentence(text: str) -> str:
    """Return a message as it stands on a page, where it begins a line."""
    text = text.removeprefix("terms: ")
    return text[:1].upper() + text[1:]
