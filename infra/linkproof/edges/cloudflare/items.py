"""What Cloudflare holds for links beside the proxied record: rulesets."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import ClassVar

from linkproof.contract.items import Item

RULESET = "cloudflare:index/ruleset:Ruleset"

_QUOTED = re.compile(r'"([^"]+)"')


def quoted_hosts(expressions: Iterable[str]) -> frozenset[str]:
    """The hosts that the expressions of rules name."""
    return frozenset(host for expression in expressions for host in _QUOTED.findall(expression))


@dataclass(frozen=True, slots=True)
class RulesetRule:
    """One rule of a Cloudflare ruleset; `parameters` are the vendor's, in a fixed order.

    Args:
        headers: name of each request header that it sets, and the expression of its value.
    """

    ref: str
    description: str
    expression: str
    action: str
    parameters: tuple[tuple[str, str | bool], ...] = ()
    headers: tuple[tuple[str, str], ...] = ()

    def __str__(self) -> str:
        return f"{self.action} where {self.expression}"


@dataclass(frozen=True, slots=True)
class Ruleset(Item):
    """The one entry-point ruleset of a zone and ruleset phase.

    Args:
        ours: this stack owns the whole ruleset; otherwise its rules are printed and their effect verified.
        account: the zone's.
    """

    kind: ClassVar[str] = "ruleset"
    engine_type: ClassVar[str] = RULESET  # type: ignore[misc]  # a record alone says it of itself

    resource: str
    zone: str
    ruleset_phase: str
    rules: tuple[RulesetRule, ...]
    account: str
    ours: bool
    protect: bool = False

    @property
    def is_ours(self) -> bool:
        return self.ours

    @property
    def hosts(self) -> frozenset[str]:
        """The click hosts that lose their rules with it."""
        return quoted_hosts(rule.expression for rule in self.rules) if self.ours else frozenset()

    def by_hand(self) -> tuple[str, ...]:
        head = f"these rules belong in a ruleset that somebody else owns ({self.zone}, {self.ruleset_phase}):"
        return (head, *(f"  {rule.action} {{{_shown(rule)}}} where {rule.expression}" for rule in self.rules))


def _shown(rule: RulesetRule) -> str:
    headers = [f"header {name}: set to {expression}" for name, expression in rule.headers]
    return ", ".join([*(f"{name}: {str(value).lower()}" for name, value in rule.parameters), *headers])
