"""Rules about edges: that they exist, fit the zone and can get their certificate."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from linkproof import registry
from linkproof.contract.declared import CaaRecord, Edge, Link
from linkproof.contract.rules import Fault
from linkproof.declaration.model import implied_edge
from linkproof.declaration.rules.registry import rule
from linkproof.declaration.rules.view import View
from linkproof.show import did_you_mean, show


@rule("edge.unknown", because="a link without its edge would be deployed half")
def unknown(view: View) -> Iterator[Fault]:
    edges = view.declaration.edges
    written = [
        *edges,
        *view.keys_unread("edges"),
        *(plugin.name for plugin in registry.edges() if implied_edge(plugin.name)),
    ]
    for link in view.declaration.links.values():
        for key, named in (("edge", link.edge), ("standby", link.standby)):
            if named is not None and named not in written and "edges" not in view.unread:
                yield Fault(f"{link.path}.{key}", f"there is no edge {show(named)}", did_you_mean(named, written))


@rule("edge.reserved-key", because="`edge: managed` means the sender itself, so no declared edge can have that name")
def reserved_key(view: View) -> Iterator[Fault]:
    for edge in view.declaration.edges.values():
        if implied_edge(edge.key) is not None:
            yield Fault(edge.path, f"`{edge.key}` is a reserved word", "give the edge another key")


@rule("edge.unused", because="an edge that no link names is configured for nothing")
def unused(view: View) -> Iterator[Fault]:
    if view.has_unread("links"):
        return
    used = {key for link in view.declaration.links.values() for key in (link.edge, link.standby)}
    for edge in view.declaration.edges.values():
        if edge.key not in used and implied_edge(edge.key) is None:
            yield Fault(edge.path, "no link names this edge", "remove it, or name it in a link", "warning")


@rule(
    "edge.caa",
    because="RFC 8659 §4: a CA refuses where the CAA records name others; renewals then fail in silence as well",
)
def caa(view: View) -> Iterator[Fault]:
    told: dict[tuple[str, str, tuple[str, ...]], list[str]] = defaultdict(list)
    for link in view.declaration.links.values():
        for placed in view.placed(link):
            for who, cas in _authorities(link, placed.edge) if placed.zone.caa else ():
                if (
                    cas
                    and not _allows(placed.zone.caa or (), cas)
                    and link.path not in told[placed.zone.path, who, cas]
                ):
                    told[placed.zone.path, who, cas].append(link.path)
    for (path, provider, cas), links in told.items():
        users = ", ".join(links[:3]) + (f" and {len(links) - 3} more" if len(links) > 3 else "")
        message = f"the declared CAA forbids every CA that {provider} asks ({', '.join(cas)}), needed by {users}"
        yield Fault(f"{path}.caa", message, f"add {{tag: issue, value: {cas[0]}}}")


@rule(
    "edge.challenge-taken",
    because="RFC 1034 §3.6.2: one name has one CNAME, so two that prove the host to a CA by the same name cannot both have their record",
)
def challenge_taken(view: View) -> Iterator[Fault]:
    for link in view.declaration.links.values():
        if not link.has_own_https:
            continue
        own = registry.sender(link.sender.provider).plan.edge_needs(link.sender).own_edge
        taken = {label for label, _ in own.records} if own is not None else set()
        for placed in view.placed(link):
            facts, options = registry.edge(placed.edge.provider).facts, placed.edge.options
            label = str(getattr(facts, "CHALLENGE_LABEL", ""))
            if label in taken and (options is None or options.own_certificate(link.click_host.text) is None):
                message = (
                    f"{facts.NAME} and the sender's own HTTPS are both proved by a CNAME at {label}.{link.click_host}"
                )
                fix = "give a certificate of your own at this edge (`certificates`), or name another edge"
                yield Fault(placed.path, message, fix)


def _authorities(link: Link, edge: Edge) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Who asks which authorities for the link: its edge, and the sender where it terminates HTTPS itself."""
    said = edge.options.certificate_authorities() if edge.options is not None else None
    if edge.options is None or edge.options.own_certificate(link.click_host.text) is None:
        yield edge.provider, registry.edge(edge.provider).facts.CAS if said is None else said
    own = registry.sender(link.sender.provider).plan.edge_needs(link.sender).own_edge if link.has_own_https else None
    if own is not None:
        yield link.sender.provider, own.cas


def _allows(records: tuple[CaaRecord, ...], cas: tuple[str, ...]) -> bool:
    """Whether any of the authorities may issue for a plain host (`issuewild` is for wildcards only)."""
    issue = [
        record.value.split(";")[0].strip().lower().rstrip(".") for record in records if record.tag.lower() == "issue"
    ]
    return not issue or any(ca in issue for ca in cas)
