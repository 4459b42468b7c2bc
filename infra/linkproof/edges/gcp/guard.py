"""No click is led to a certificate that is not there yet: nothing of the engine waits for Google to issue one."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from linkproof.contract.guard import ClientOf, Deployment, Refusal
from linkproof.contract.items import Record
from linkproof.contract.state import Resource, State
from linkproof.edges.gcp.facts import VENDOR
from linkproof.edges.gcp.items import CERTIFICATE
from linkproof.edges.gcp.names import is_target

RULE = "edge.gcp-certificate"
RULES = {
    RULE: "Google issues a certificate some minutes after its record is there, an hour at most, and no deployment waits for it",
}


def judge(deployment: Deployment) -> Iterator[Refusal]:
    """The state has what was so when the certificate was asked for."""
    del deployment
    yield from ()


def judge_at_vendor(deployment: Deployment, client: ClientOf) -> Iterator[Refusal]:
    """Refuse to lead a click host to the edge before its certificate is issued.

    Raises:
        LinkproofError: Certificate Manager cannot be asked.
    """
    for host, certificate in _arriving(deployment):
        google = client(VENDOR, certificate.account or "default")
        found = google.find(f"{google.certificate_manager}{certificate.id}") or {}
        managed = found.get("managed") or {}
        if managed.get("state") != "ACTIVE":
            yield Refusal(
                RULE,
                host,
                f"its click record would lead to the load balancer, and its certificate is {managed.get('state') or 'gone'}{_why(managed)}",
                "see that its validation record is in DNS (`linkproof verify`) and run this again when the certificate is ACTIVE",
            )


def _arriving(deployment: Deployment) -> Iterator[tuple[str, Resource]]:
    """Hosts whose click record is elsewhere and would lead here, with their certificates."""
    for item in deployment.items:
        if not isinstance(item, Record) or item.type != "CNAME" or not is_target(str(item.value)):
            continue
        host = str(item.name)
        certificate = deployment.state.find(CERTIFICATE, host)
        if certificate is not None and not _is_here(deployment.state, item):
            yield host, certificate


def _is_here(state: State, item: Record) -> bool:
    held = state.record(item.resource)
    sides = (held.inputs, held.outputs) if held is not None else ()
    return any(str(item.value).removesuffix(".") in str(side) for side in sides)


def _why(managed: Mapping[str, Any]) -> str:
    issue = managed.get("provisioningIssue") or {}
    attempts = [one.get("failureReason") for one in managed.get("authorizationAttemptInfo") or ()]
    said = [str(one) for one in (issue.get("reason"), *attempts) if one]
    return f" ({', '.join(said)})" if said else ""
