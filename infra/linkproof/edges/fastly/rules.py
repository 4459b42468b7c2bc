"""Rules of a declaration with Fastly edges: the certificate's name, and how many domains an account may have."""

from __future__ import annotations

from collections.abc import Iterator

from linkproof.contract.own_certificates import unused
from linkproof.contract.rules import EdgeRule, EdgeView, Fault, past_branded, rule
from linkproof.edges.fastly.facts import AUTHORITIES, MOST_COMMON_NAME_OCTETS, MOST_DOMAINS_OF_FREE_ACCOUNT

RULES: list[EdgeRule] = []


@rule(
    RULES,
    "edge.fastly-certificate-name",
    because="Fastly makes a subscription's first domain the common name, which RFC 5280 limits to 64 characters",
)
def certificate_name(view: EdgeView) -> Iterator[Fault]:
    for placed in view.links:
        host = placed.link.click_host
        if placed.edge.options.own_certificate(host.text):
            continue
        if len(host.text) > MOST_COMMON_NAME_OCTETS:
            message = f"{host} has {len(host.text)} characters; a common name takes {MOST_COMMON_NAME_OCTETS}"
            yield Fault(f"{placed.link.path}.click_host", message, "use a shorter host")


@rule(
    RULES,
    "edge.fastly-authority",
    because="one authority signs for an edge; where CAA names another of Fastly's, the deployment would wait for a certificate that never comes",
)
def authority(view: EdgeView) -> Iterator[Fault]:
    told = set()
    for placed in view.links:
        named = {
            record.value.split(";")[0].strip().lower().rstrip(".")
            for record in placed.zone.caa or ()
            if record.tag.lower() == "issue"
        }
        if placed.edge.options.own_certificate(placed.link.click_host.text):
            continue
        allowed = [name for name, ca in AUTHORITIES.items() if ca in named]
        chosen = placed.edge.options.authority
        if allowed and chosen not in allowed and (placed.edge.key, placed.zone.name) not in told:
            told.add((placed.edge.key, placed.zone.name))
            message = f"the declared CAA of {placed.zone.name} forbids {AUTHORITIES[chosen]}, which this edge asks"
            yield Fault(f"{placed.edge.path}.authority", message, f"write `authority: {allowed[0]}`, or change the CAA")


@rule(
    RULES,
    "edge.fastly-target",
    because="a subscription says where its host must lead; of a certificate of your own Fastly's console alone says it, by the TLS configuration",
)
def target(view: EdgeView) -> Iterator[Fault]:
    for edge in view.edges:
        if edge.options.certificates and edge.options.target is None:
            fix = "write `target:`, the CNAME that the TLS configuration shows in Fastly's console, as x.sni.global.fastly.net"
            yield Fault(edge.path, "`certificates` without the name that click hosts lead to", fix)


@rule(
    RULES,
    "edge.fastly-certificate-unused",
    because="a certificate of your own that no link of the edge uses is mostly a misspelt name, and a new one is made in its place",
)
def certificates_are_used(view: EdgeView) -> Iterator[Fault]:
    yield from unused(view)


@rule(
    RULES,
    "quota.fastly-domains",
    because="Fastly bounds services and domains by contract; its own example of the refusal is `Exceeding max number of domains: 10`",
    per_account=True,
)
def domains(view: EdgeView) -> Iterator[Fault]:
    for edge, count in past_branded(view):
        if count > MOST_DOMAINS_OF_FREE_ACCOUNT:
            message = f"account {edge.account} needs {count} services and domains; without a contract Fastly allows {MOST_DOMAINS_OF_FREE_ACCOUNT}"
            fix = "make sure that the account's contract has as many services, domains and TLS domains"
            yield Fault(edge.path, message, fix, "warning")
