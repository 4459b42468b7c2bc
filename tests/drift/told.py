"""Events as the engine writes them in a preview or a refresh (docs/engine.md)."""

from __future__ import annotations

from typing import Any

RECORD, CERTIFICATE = "aws:route53/record:Record", "aws:acm/certificate:Certificate"
DNS_RECORD, RULESET = "cloudflare:index/dnsRecord:DnsRecord", "cloudflare:index/ruleset:Ruleset"
BRAND, VALID = "sendgrid:index:LinkBranding", "sendgrid:index:LinkValidation"


def urn(rtype: str, name: str) -> str:
    return f"urn:pulumi:dev::linkproof::{rtype}::{name}"


def side(inputs: dict[str, Any], outputs: dict[str, Any] | None = None, **more: Any) -> dict[str, Any]:
    return {"id": "1", "inputs": inputs, "outputs": {**inputs, **(outputs or {})}, **more}


def step(kind: str, op: str, rtype: str, name: str, old: Any = None, new: Any = None, *paths: str) -> dict[str, Any]:
    diff = {path: {"kind": "update", "inputDiff": True} for path in paths} or None
    return {
        kind: {
            "metadata": {
                "op": op, "urn": urn(rtype, name), "type": rtype, "old": old, "new": new, "detailedDiff": diff,
                "diffs": [path.partition(".")[0] for path in paths],
            }
        }
    }  # fmt: skip


def planned(op: str, rtype: str, name: str, old: Any, new: Any, *paths: str) -> dict[str, Any]:
    """A step of a preview."""
    return step("resourcePreEvent", op, rtype, name, old, new, *paths)


def read(op: str, rtype: str, name: str, old: Any, new: Any, *paths: str) -> list[dict[str, Any]]:
    """One resource that was read again, and what came of it."""
    return [
        step("resourcePreEvent", "refresh", rtype, name, old, old),
        step("resOutputsEvent", op, rtype, name, old, new, *paths),
    ]


def failed(rtype: str, name: str, message: str) -> dict[str, Any]:
    return {
        "diagnosticEvent": {"urn": urn(rtype, name), "severity": "error", "message": f"Preview failed: {message}\n"}
    }


END: dict[str, Any] = {"summaryEvent": {"result": "succeeded"}}
