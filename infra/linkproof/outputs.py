"""What a stack exports: the expectations for the verifier, and its links for people and for the guard of the next deployment."""

from __future__ import annotations

from typing import Any

from linkproof.expectations.derive import LateValue, exported
from linkproof.plan.model import Plan, PlannedLink


def outputs(plan: Plan, late: LateValue) -> dict[str, Any]:
    """By name.

    Args:
        late: gives the value of a late-bound reference; the program gives the engine's own outputs.
    """
    return {"expectations": exported(plan, late), "links": {link.key: _link(link) for link in plan.links}}


def _link(link: PlannedLink) -> dict[str, Any]:
    scheme = "https" if link.phase == "secured" else "http"
    return {
        "phase": link.phase,
        "click_host": link.click_host,
        "owner_host": link.owner_host,
        "edge": link.edge,
        "edge_provider": link.edge_provider,
        "url": f"{scheme}://{link.click_host}/",
        # of the few alone, so that the others' outputs are as they were
        **({"standby": link.standby, "standby_provider": link.standby_provider} if link.standby else {}),
        **({"own_https": True} if link.has_own_https else {}),
        **({"sender_endpoint": link.sender_endpoint} if link.sender_endpoint else {}),
        **({"successor": link.successor, "kept_until": link.kept_until} if link.successor else {}),
    }
