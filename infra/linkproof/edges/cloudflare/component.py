"""Cloudflare: the entry-point rulesets that this stack owns. The edge itself is the proxied record."""

from __future__ import annotations

from typing import Any

import pulumi
import pulumi_cloudflare as cloudflare

from linkproof.accounts import Accounts
from linkproof.ownership import comment, this_stack
from linkproof.plan.items import Rule, Ruleset
from linkproof.plan.model import PlannedZone

DESCRIPTION_CHARACTERS = 100


def ruleset(planned: Ruleset, zone: PlannedZone, accounts: Accounts) -> cloudflare.Ruleset:
    """The whole entry point of one ruleset phase: its deletion removes every rule in it."""
    return cloudflare.Ruleset(
        planned.resource,
        zone_id=zone.id or "",
        name="default",
        kind="zone",
        phase=planned.ruleset_phase,
        description=comment(this_stack(), DESCRIPTION_CHARACTERS),
        rules=[_rule(rule) for rule in planned.rules],
        opts=pulumi.ResourceOptions(provider=accounts.cloudflare(zone.account), protect=planned.protect),
    )


def _rule(rule: Rule) -> cloudflare.RulesetRuleArgsDict:
    parameters: Any = dict(rule.parameters)
    return {
        "ref": rule.ref,
        "description": rule.description,
        "expression": rule.expression,
        "action": rule.action,
        "action_parameters": parameters,
        "enabled": True,
    }
