"""The two kinds of rule that a contract names. Both are versioned pure functions, so that both sides agree."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeVar

from workdiary.errors import RuleError
from workdiary.journal.entry import canonical

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from workdiary.diary.model import Segment


@dataclass(frozen=True, kw_only=True)
class BillingRule:
    """Turns a segment into billable seconds, before the weekly limit. More than 600 per slot are cut."""

    name: str
    version: int
    seconds: Callable[[Segment], int]


@dataclass(frozen=True, kw_only=True)
class ProtectionRule:
    """Says what a billed segment fails, each with how to mend it; nothing means protected."""

    name: str
    version: int
    failures: Callable[[Segment], tuple[str, ...]]


_Rule = TypeVar("_Rule", BillingRule, ProtectionRule)


@dataclass(frozen=True, kw_only=True)
class Rules:
    """All rules that are installed, by name."""

    billing: Mapping[str, BillingRule] = field(default_factory=dict)
    protection: Mapping[str, ProtectionRule] = field(default_factory=dict)

    @classmethod
    def of(cls, billing: Iterable[BillingRule], protection: Iterable[ProtectionRule]) -> Rules:
        """Return the rules by name; RuleError if two have one name."""
        return cls(billing=_by_name("billing", billing), protection=_by_name("protection", protection))

    def billing_rule(self, name: str) -> BillingRule:
        """Return the billing rule of this name; RuleError if it is not installed."""
        return _find("billing", self.billing, name)

    def protection_rule(self, name: str) -> ProtectionRule:
        """Return the protection rule of this name; RuleError if it is not installed."""
        return _find("protection", self.protection, name)


def rules_hash(names: Sequence[str]) -> str:
    """Return the hex SHA-256 of rules such as ``billing real-time 1``."""
    return hashlib.sha256(canonical(list(names))).hexdigest()


def _by_name(kind: str, rules: Iterable[_Rule]) -> dict[str, _Rule]:
    found: dict[str, _Rule] = {}
    for rule in rules:
        if rule.name in found:
            raise RuleError(f'two {kind} rules are named "{rule.name}"', remedy="Remove one of the plugins.")
        found[rule.name] = rule
    return found


def _find(kind: str, rules: Mapping[str, _Rule], name: str) -> _Rule:
    if name not in rules:
        raise RuleError(
            f'the {kind} rule "{name}" is not installed',
            remedy=f"Install its plugin, or name one of: {', '.join(sorted(rules))}.",
        )
    return rules[name]
