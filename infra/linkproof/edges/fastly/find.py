"""Finding Fastly's objects, and proving that they are the ones that this stack was creating."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from linkproof.contract.find import Candidate, Finder
from linkproof.edges.fastly.items import ACTIVATION, SERVICE, SUBSCRIPTION, VALIDATION
from linkproof.ownership import is_marked

if TYPE_CHECKING:
    from linkproof.edges.fastly.client import FastlyClient

WITHOUT_OBJECT = frozenset({VALIDATION})
# What a subscription may be in that can still be proved or is.
_ALIVE = ("pending", "processing", "issued", "renewing")


def services(inputs: Mapping[str, Any], client: FastlyClient) -> Iterator[Candidate]:
    """A service's name is unique in the account, and it has no tags: it is ours when its comment has the mark."""
    for found in client.services():
        if found.get("name") == inputs["name"]:
            yield Candidate(f"service {found['name']}", str(found["id"]), _doubt(found.get("comment"), inputs))


def subscriptions(inputs: Mapping[str, Any], client: FastlyClient) -> Iterator[Candidate]:
    """One has neither tags nor a comment: as with a record, it must be exactly what was to be created."""
    (host,) = inputs["domains"]
    for found in client.subscriptions(host):
        attributes = found.get("attributes") or {}
        if attributes.get("state") in _ALIVE:
            yield Candidate(f"TLS subscription of {host}", str(found["id"]), _difference(found, inputs))


def activations(inputs: Mapping[str, Any], client: FastlyClient) -> Iterator[Candidate]:
    """Likewise: of the host, with the certificate that was to be shown."""
    for found in client.activations(str(inputs["domain"])):
        held = ((found.get("relationships") or {}).get("tls_certificate") or {}).get("data") or {}
        wanted = inputs["certificateId"]
        doubt = "" if held.get("id") == wanted else f"its certificate is {held.get('id')}, not {wanted}"
        yield Candidate(f"TLS activation of {inputs['domain']}", str(found["id"]), doubt)


def _difference(found: Mapping[str, Any], inputs: Mapping[str, Any]) -> str:
    held = (found.get("attributes") or {}).get("certificate_authority")
    if held != inputs["certificateAuthority"]:
        return f"its authority is {held}, not {inputs['certificateAuthority']}"
    related = ((found.get("relationships") or {}).get("tls_domains") or {}).get("data") or ()
    hosts = sorted(str(one.get("id")) for one in related)
    return "" if hosts == sorted(inputs["domains"]) else f"it is for {', '.join(hosts) or 'no host'}"


def _doubt(held: str | None, inputs: Mapping[str, Any]) -> str:
    wanted = inputs.get("comment")
    if is_marked(wanted) and held == wanted:
        return ""
    return f"its comment says {held or 'nothing'}, not {wanted or 'whose it is'}"


FINDERS: Mapping[str, Finder] = {SERVICE: services, SUBSCRIPTION: subscriptions, ACTIVATION: activations}
