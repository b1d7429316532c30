"""One tree of errors. Each message says what, where, and what to do."""

from __future__ import annotations


class WorkdiaryError(Exception):
    """It could not be done (exit 1). ``remedy`` is one sentence: the next step."""

    exit_code = 1

    def __init__(self, message: str, *, remedy: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.remedy = remedy

    def __str__(self) -> str:
        return f"{self.message}\n  {self.remedy}" if self.remedy else self.message


class UsageError(WorkdiaryError):
    """The request itself is wrong (exit 2); nothing was changed."""

    exit_code = 2


class ConfigError(UsageError):
    """A settings file has an error; the message names file and key."""


class RuleError(WorkdiaryError):
    """A rule of the diary forbids it: a locked week, no manual time, a future slot."""


class NotHereError(WorkdiaryError):
    """A plugin is not made for this desktop or machine. Nothing is wrong; the message says what is missing."""


class StorageError(WorkdiaryError):
    """The journal cannot be read or written."""


class BundleError(WorkdiaryError):
    """An export cannot be read."""

    exit_code = 3
