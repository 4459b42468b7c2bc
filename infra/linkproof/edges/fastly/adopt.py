"""Taking over Fastly's objects by natural key: the host, which one service of all accounts has, and which a subscription names."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from linkproof.contract.adopt import Meaning, one_spelling
from linkproof.contract.find import Candidate, Finder
from linkproof.edges.fastly.items import ACTIVATION, SERVICE, SUBSCRIPTION

if TYPE_CHECKING:
    from linkproof.edges.fastly.client import FastlyClient


def services(inputs: Mapping[str, Any], client: FastlyClient) -> Iterator[Candidate]:
    """The one whose active version has the host. One that has other hosts too serves what is not this link's."""
    wanted = {str(domain["name"]) for domain in inputs["domains"]}
    for found in client.services():
        held = client.active_domains(str(found["id"]))
        if wanted & held:
            others = sorted(held - wanted)
            doubt = f"it also serves {', '.join(others)}" if others else ""
            yield Candidate(f"service {found.get('name')}", str(found["id"]), doubt)


def subscriptions(inputs: Mapping[str, Any], client: FastlyClient) -> Iterator[Candidate]:
    """The one that is issued for the host and for no other."""
    (host,) = inputs["domains"]
    issued = [one for one in client.subscriptions(host) if (one.get("attributes") or {}).get("state") == "issued"]
    for found in issued:
        related = ((found.get("relationships") or {}).get("tls_domains") or {}).get("data") or ()
        others = sorted(str(one.get("id")) for one in related if one.get("id") != host)
        doubt = f"it also covers {', '.join(others)}" if others else ""
        yield Candidate(f"TLS subscription of {host}", str(found["id"]), doubt)


def activations(inputs: Mapping[str, Any], client: FastlyClient) -> Iterator[Candidate]:
    """The host has one at most, whichever certificate it shows."""
    for found in client.activations(str(inputs["domain"])):
        yield Candidate(f"TLS activation of {inputs['domain']}", str(found["id"]))


FINDERS: Mapping[str, Finder] = {SERVICE: services, SUBSCRIPTION: subscriptions, ACTIVATION: activations}
IN_THE_WAY: Mapping[str, Finder] = {}
MEANINGS: Mapping[str, Mapping[str, Meaning]] = {
    SERVICE: {
        "domains": Meaning("hosts that are no longer a domain of the service are answered with an error"),
        "backends": Meaning("clicks are forwarded to the declared origin, over TLS and with its certificate verified"),
        "requestSettings": Meaning("answers come from no cache", can_be_kept=False),
        "cacheSettings": Meaning("an error of the origin is not asked for again, and no answer is kept"),
        "snippets": Meaning("what the service's own VCL does is gone"),
        "headers": Meaning("headers that the service sets or takes away are no longer touched"),
        "conditions": Meaning("conditions of the service's own are gone"),
        "gzips": Meaning("answers are no longer compressed by the edge"),
        "vcls": Meaning("VCL of the service's own is gone"),
        "defaultTtl": Meaning("nothing while nothing is cached"),
    },
    SUBSCRIPTION: {
        "certificateAuthority": Meaning("a new subscription takes its place, and TLS is off until it is issued"),
        "domains": Meaning("a new certificate is proved for the declared hosts alone"),
        "configurationId": Meaning("the host must lead to another name, and clients of other age can connect"),
    },
    ACTIVATION: {
        "certificateId": Meaning("the declared certificate is shown"),
        "configurationId": Meaning("the host must lead to another name, and clients of other age can connect"),
    },
}
_UNNOTICED = {
    SERVICE: frozenset({"name", "comment", "versionComment", "forceDestroy", "reuse", "defaultTtl"}),
    SUBSCRIPTION: frozenset({"forceDestroy", "forceUpdate", "commonName"}),
}


def unnoticed(rtype: str, path: str, declared: Mapping[str, Any], live: Mapping[str, Any]) -> bool:
    """What is for people, and how an object may be deleted."""
    del declared, live
    return path in _UNNOTICED.get(rtype, frozenset())


same = one_spelling
