"""Cloudflare: the entry-point rulesets that this stack owns. The edge itself is the proxied record."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pulumi

from linkproof.contract.build import Building
from linkproof.contract.items import Item, Record
from linkproof.edges.cloudflare.facts import VENDOR
from linkproof.edges.cloudflare.items import Ruleset, RulesetRule
from linkproof.in_parts import import_in_parts
from linkproof.ownership import comment

import_in_parts("pulumi_cloudflare")

import pulumi_cloudflare.ruleset as sdk  # noqa: E402
from pulumi_cloudflare._inputs import RulesetRuleArgsDict  # noqa: E402

DESCRIPTION_CHARACTERS = 100


def build(items: Sequence[Item], records: Sequence[Record], building: Building) -> None:
    """The rulesets: a record is proxied only when its rules are in place."""
    del records
    for item in items:
        if isinstance(item, Ruleset):
            building.made.setdefault(item.resource, []).append(_ruleset(item, building))


def _ruleset(planned: Ruleset, building: Building) -> sdk.Ruleset:
    """The whole entry point of one ruleset phase: its deletion removes every rule in it."""
    return sdk.Ruleset(
        planned.resource,
        zone_id=building.zone(planned.zone).id or "",
        name="default",
        kind="zone",
        phase=planned.ruleset_phase,
        description=comment(building.owner, DESCRIPTION_CHARACTERS),
        rules=[_rule(rule) for rule in planned.rules],
        opts=pulumi.ResourceOptions(provider=building.provider(VENDOR, planned.account), protect=planned.protect),
    )


def _rule(rule: RulesetRule) -> RulesetRuleArgsDict:
    parameters: Any = dict(rule.parameters)
    if rule.headers:
        parameters["headers"] = {
            name: {"operation": "set", "expression": expression} for name, expression in rule.headers
        }
    return {
        "ref": rule.ref,
        "description": rule.description,
        "expression": rule.expression,
        "action": rule.action,
        "action_parameters": parameters,
        "enabled": True,
    }
