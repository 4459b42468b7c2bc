"""Expectations of what exists before anything is deployed: known targets in place of late-bound ones."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from linkproof.contract.values import Late
from linkproof.expectations.derive import derive
from linkproof.plan.model import Plan

# Says in the file that no deployment wrote it.
BEFORE = {"id": "deployment", "reason": "nothing was deployed: this is what exists", "by_design": True}


def before_deployment(plan: Plan, targets: Mapping[str, str], *, stack: str, now: datetime) -> dict[str, Any]:
    """The whole document.

    A click host whose edge has no known target stays pending, so that nothing passes as proven. What only a deployment makes,
    as a certificate's validation record, is said and counted apart.

    Args:
        targets: by click host, the name of the edge that serves it, without trailing dot.
        now: aware, UTC.
    """
    known: dict[Late, str] = {}
    click_hosts = {link.click_host for link in plan.links}
    clicks = set()
    for record in plan.records:
        if isinstance(record.name, str) and record.name in click_hosts:
            clicks.add(record.id)
            if isinstance(record.value, Late) and record.name in targets:
                known[record.value] = f"{targets[record.name]}."
    for endpoint in plan.endpoints:
        if isinstance(endpoint.connect, Late) and endpoint.host in targets:
            known[endpoint.connect] = f"{targets[endpoint.host]}."
    document = derive(plan, known.get)
    endpoints = {endpoint.id for endpoint in plan.endpoints}
    for pending in document["pending"]:
        if pending["id"] not in clicks | endpoints:
            pending["by_design"] = True
    document["pending"].append(dict(BEFORE))
    written_at = now.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    return {"stack": stack, "written_at": written_at, **document, "previous": []}


def is_before_deployment(document: Mapping[str, Any] | None) -> bool:
    """Whether a file was written so, and may be written anew."""
    return document is None or BEFORE in document.get("pending", [])


def known_targets(document: Mapping[str, Any]) -> dict[str, str]:
    """By host, where a file that was written so says that it leads, or is asked: another run may know of other hosts alone."""
    led = {record["name"]: record["values"][0] for record in document.get("records", []) if record["type"] == "CNAME"}
    asked = {
        endpoint["host"]: endpoint["connect"] for endpoint in document.get("endpoints", []) if endpoint.get("connect")
    }
    return {host.removesuffix("."): target.removesuffix(".") for host, target in {**led, **asked}.items()}
