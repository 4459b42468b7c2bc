"""No click is led to a certificate that is not there yet, Google's or the user's: nothing of the engine waits for one."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from linkproof.contract.declared import PHASES_AT_EDGE
from linkproof.contract.guard import ClientOf, Deployment, Refusal
from linkproof.contract.items import Record
from linkproof.contract.own_certificates import covering
from linkproof.contract.state import State
from linkproof.edges.gcp.facts import VENDOR
from linkproof.edges.gcp.items import CERTIFICATE, MAP_ENTRY, MapEntry
from linkproof.edges.gcp.names import is_target

RULE = "edge.gcp-certificate"
RULES = {
    RULE: "Google issues a certificate some minutes after its record is there, an hour at most, and no deployment waits for it",
}


def judge(deployment: Deployment) -> Iterator[Refusal]:
    """Refuse that a host in use loses the user's certificate to one that Google has not issued yet."""
    in_use = {past.host for past in deployment.links if past.phases.intersection(PHASES_AT_EDGE)}
    for entry in _entries(deployment):
        held = deployment.state.find(MAP_ENTRY, entry.resource)
        if held is None or entry.own_certificate or entry.host not in in_use:
            continue
        if deployment.state.find(CERTIFICATE, entry.host) is None:
            yield Refusal(
                RULE,
                entry.host,
                "its certificate would be taken out of the certificate map at once, and Google's own is not issued yet",
                "leave your certificate in `certificates`, or lead the host to another edge first (`standby`)",
            )


def judge_at_vendor(deployment: Deployment, client: ClientOf) -> Iterator[Refusal]:
    """Refuse to lead a click host to the edge before its certificate is there.

    Raises:
        LinkproofError: Certificate Manager cannot be asked.
    """
    for host, entry in _arriving(deployment):
        google = client(VENDOR, entry.account)
        if entry.own_certificate:
            found = google.find(f"{google.certificate_manager}{entry.own_certificate}")
            problem = _problem(found, host)
            fix = "correct `certificates` of the edge, or upload the certificate (README of edges/gcp), then run this again"
        else:
            issued = deployment.state.find(CERTIFICATE, host)
            if issued is None:
                continue
            managed = (google.find(f"{google.certificate_manager}{issued.id}") or {}).get("managed") or {}
            state = managed.get("state")
            problem = "" if state == "ACTIVE" else f"its certificate is {state or 'gone'}{_why(managed)}"
            fix = "see that its validation record is in DNS (`linkproof verify`) and run this again when the certificate is ACTIVE"
        if problem:
            yield Refusal(RULE, host, f"its click record would lead to the load balancer, and {problem}", fix)


def _entries(deployment: Deployment) -> Iterator[MapEntry]:
    return (item for item in deployment.items if isinstance(item, MapEntry))


def _arriving(deployment: Deployment) -> Iterator[tuple[str, MapEntry]]:
    """Hosts whose click record is elsewhere and would lead here, with their places in the certificate map."""
    entries = {entry.host: entry for entry in _entries(deployment)}
    for item in deployment.items:
        if not isinstance(item, Record) or item.type != "CNAME" or not is_target(str(item.value)):
            continue
        host = str(item.name)
        if host in entries and not _is_here(deployment.state, item):
            yield host, entries[host]


def _problem(found: Mapping[str, Any] | None, host: str) -> str:
    """Of the user's own certificate, as Certificate Manager shows it; empty where there is none."""
    if found is None:
        return "your certificate for it is not in Certificate Manager"
    names = [str(name) for name in found.get("sanDnsnames") or ()]
    if covering(dict.fromkeys(names, "this"), host) is None:
        return f"your certificate for it covers {', '.join(names) or 'no name'}"
    return ""


def _is_here(state: State, item: Record) -> bool:
    held = state.record(item.resource)
    sides = (held.inputs, held.outputs) if held is not None else ()
    return any(str(item.value).removesuffix(".") in str(side) for side in sides)


def _why(managed: Mapping[str, Any]) -> str:
    issue = managed.get("provisioningIssue") or {}
    attempts = [one.get("failureReason") for one in managed.get("authorizationAttemptInfo") or ()]
    said = [str(one) for one in (issue.get("reason"), *attempts) if one]
    return f" ({', '.join(said)})" if said else ""
