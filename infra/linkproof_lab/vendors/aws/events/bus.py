"""What becomes of an event on a bus: each rule that it fits sends it to each of its targets, which may refuse it.

Patterns: docs.aws.amazon.com/eventbridge/latest/userguide/eb-event-patterns.html, of which the lab has values and nesting.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Mapping
from typing import Any

from linkproof_lab.store import Store
from linkproof_lab.vendors.aws.iam import roles
from linkproof_lab.vendors.aws.sns import topics

RULE_KIND, EVENT_KIND, DELIVERY_KIND = "eventbridge-rule", "eventbridge-event", "eventbridge-delivery"
SERVICE = "events.amazonaws.com"


def put_event(store: Store, bus: str, event: Mapping[str, Any]) -> None:
    """One event on a bus.

    Args:
        bus: its ARN.
        event: as rules see it; `account` and `region` are the bus's.
    """
    store.put(EVENT_KIND, secrets.token_hex(12), {"bus": bus, **event})
    lead = f"{event['account']}/{event['region']}/"
    for key, rule in store.all(RULE_KIND):
        if key.startswith(lead) and rule["state"] == "ENABLED" and fits(json.loads(rule["pattern"]), event):
            arn = f"arn:aws:events:{event['region']}:{event['account']}:rule/{rule['name']}"
            for target in rule["targets"].values():
                _deliver(store, arn, target, event)


def fits(pattern: Mapping[str, Any], event: Mapping[str, Any]) -> bool:
    """Whether every key of a pattern is met: a list by one of its values, a mapping by what is below."""
    for name, wanted in pattern.items():
        held = event.get(name)
        if isinstance(wanted, dict):
            if not isinstance(held, dict) or not fits(wanted, held):
                return False
        elif not any(one in wanted for one in (held if isinstance(held, list) else [held])):
            return False
    return True


def _deliver(store: Store, rule: str, target: Mapping[str, str], event: Mapping[str, Any]) -> None:
    """A topic of the lab is asked; what else a target is, the lab has not, and takes it as delivered."""
    arn, account = target["Arn"], event["account"]
    context = {"aws:SourceArn": rule, "aws:SourceAccount": account}
    role = target.get("RoleArn")
    if role and account in role and roles.taken(store, role, SERVICE, context) is None:
        return
    if arn.split(":")[2] == "sns" and arn.split(":")[4] == account:
        if not topics.lets(store, arn, SERVICE, context):
            return
        topics.publish(store, arn, "", json.dumps(event))
    store.put(DELIVERY_KIND, secrets.token_hex(12), {"target": arn, "rule": rule, "event": dict(event)})
