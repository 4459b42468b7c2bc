"""Where a sender answers for one account alone."""

from __future__ import annotations

from linkproof import registry
from linkproof.contract.declared import Sender


def own_endpoint(sender: Sender) -> str:
    """The target that the account has to itself; empty where all accounts of its region share one."""
    plan = registry.sender(sender.provider).plan
    target = plan.target(sender)
    return "" if target in dict(plan.targets()) else target
