"""No click is led to a domain that is not validated yet: nothing of the engine waits for Azure to do so, and its token ends."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from linkproof.contract.guard import ClientOf, Deployment, Refusal
from linkproof.contract.items import Record
from linkproof.contract.state import Resource
from linkproof.contract.values import Late
from linkproof.edges.azure.facts import API_VERSION, VENDOR
from linkproof.edges.azure.items import DOMAIN
from linkproof.edges.azure.plan import HOST_NAME
from linkproof.edges.azure.state import leads_here

RULE = "edge.azure-domain"
RULES = {
    RULE: "Azure validates a domain some minutes after its record is there, no deployment waits for it, and the token ends after seven days",
}
_WAITING = frozenset({"Submitting", "Pending", "RefreshingValidationToken"})


def judge(deployment: Deployment) -> Iterator[Refusal]:
    """The state has what was so when the domain was made."""
    del deployment
    yield from ()


def judge_at_vendor(deployment: Deployment, client: ClientOf) -> Iterator[Refusal]:
    """Refuse to lead a click host to the edge before its domain is validated.

    Raises:
        LinkproofError: Azure cannot be asked.
    """
    for host, domain in _arriving(deployment):
        found = client(VENDOR, domain.account or "default").find(str(domain.id), API_VERSION) or {}
        properties = found.get("properties") or {}
        said = properties.get("domainValidationState")
        if said != "Approved":
            message = (
                f"its click record would lead to Front Door, and its domain is {said or 'gone'}{_until(properties)}"
            )
            yield Refusal(RULE, host, message, _fix(said, str(domain.id)))


def _fix(said: Any, id_: str) -> str:
    if said in _WAITING:
        return "see that its validation record is in DNS (`linkproof verify`) and run this again when the domain is Approved"
    return (
        f"ask for a new token (`az rest --method post --url '{id_}/refreshValidationToken?api-version={API_VERSION}'`), take it up with"
        " `pulumi refresh` and `pulumi up`, which writes the record, and run this again when the domain is Approved"
    )


def _until(properties: Mapping[str, Any]) -> str:
    """When its token ends, as Azure says it."""
    ends = (properties.get("validationProperties") or {}).get("expirationDate")
    return f"; its token ends at {ends}" if ends else ""


def _arriving(deployment: Deployment) -> Iterator[tuple[str, Resource]]:
    """Hosts whose click record is elsewhere and would lead here, with their domains."""
    for item in deployment.items:
        if not isinstance(item, Record) or item.type != "CNAME":
            continue
        if not isinstance(item.value, Late) or item.value.output != HOST_NAME:
            continue
        host = str(item.name)
        domain = deployment.state.find(DOMAIN, host)
        held = deployment.state.record(item.resource)
        sides = (held.inputs, held.outputs) if held is not None else ()
        if domain is not None and not any(leads_here(text) for side in sides for text in _texts(side)):
            yield host, domain


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for inner in value.values():
            yield from _texts(inner)
    elif isinstance(value, list | tuple):
        for inner in value:
            yield from _texts(inner)
