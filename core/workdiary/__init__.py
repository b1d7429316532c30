"""Workdiary: a work tracker that both sides of an hourly contract can trust."""

from workdiary.errors import (
    BundleError,
    ConfigError,
    RuleError,
    StorageError,
    UsageError,
    WorkdiaryError,
)
from workdiary.hooks import HOOK_API, hookimpl

__all__ = [
    "HOOK_API",
    "BundleError",
    "ConfigError",
    "RuleError",
    "StorageError",
    "UsageError",
    "WorkdiaryError",
    "hookimpl",
]
