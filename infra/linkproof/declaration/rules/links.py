"""Rules about links: phases, owner hosts and the sender's region and account."""

from __future__ import annotations

from collections.abc import Iterator

from linkproof import registry
from linkproof.contract.declared import MANAGED, PHASES_AT_EDGE
from linkproof.contract.rules import Fault
from linkproof.declaration.rules.registry import rule
from linkproof.declaration.rules.view import View
from linkproof.names import HostName, InvalidHostNameError
from linkproof.registrable import preloaded_suffix
from linkproof.show import show, show_host
from linkproof.words import counted


@rule("link.none", because="an environment without a host is one that nobody has filled in yet, or that lost its links")
def none(view: View) -> Iterator[Fault]:
    is_managed = any(sender.is_managed for sender in view.declaration.senders.values())
    if view.claims or is_managed or view.has_unread("links") or view.has_unread("tracking_hosts"):
        return
    fix = "fill in `zones:`, `edges:` and `links:`; stacks/prod.yaml is an example"
    yield Fault("links", "no link and no tracking host is declared", fix, "warning")


@rule(
    "link.phase-needs-edge",
    because="only a branded link is served by the sender alone; every later phase has an edge to probe or use",
)
def phase_needs_edge(view: View) -> Iterator[Fault]:
    for link in view.declaration.links.values():
        if link.edge is None and link.phase != "branded" and f"{link.path}.edge" not in view.unread:
            message = f"phase {link.phase} needs an edge"
            yield Fault(f"{link.path}.phase", message, "name one with `edge: …`, or write `phase: branded`")


@rule("link.managed-phase", because="a managed edge is the sender's own: there is nothing to get ready or to move to")
def phase_that_the_edge_lacks(view: View) -> Iterator[Fault]:
    for link in view.declaration.links.values():
        for key, edge in (("edge", view.declaration.edge_of(link)), ("standby", view.declaration.standby_of(link))):
            phases = registry.edge(edge.provider).facts.PHASES if edge is not None else None
            if edge is not None and phases is not None and link.phase not in phases:
                message = f"phase {link.phase} does not exist with `{key}: {edge.key}`"
                yield Fault(f"{link.path}.phase", message, f"write {' or '.join(f'`phase: {one}`' for one in phases)}")


@rule(
    "link.own-https",
    because="a sender that terminates HTTPS itself says by which records it gets its certificate; one that is missing keeps it from being"
    " renewed, without a word",
)
def own_https(view: View) -> Iterator[Fault]:
    for link in view.declaration.links.values():
        path = f"{link.path}.own_https"
        if not link.has_own_https or path in view.unread or f"{link.path}.edge" in view.unread:
            continue
        own = registry.sender(link.sender.provider).plan.edge_needs(link.sender).own_edge
        if own is None:
            if link.own_https is not None:
                yield Fault(path, f"{link.sender.provider} has no HTTPS of its own that is modelled", "remove it")
            continue
        for placed in view.placed(link):
            if own.unproxied_because and placed.edge.provider in _proxies():
                message = (
                    f"{registry.edge(placed.edge.provider).facts.NAME} would proxy the host: {own.unproxied_because}"
                )
                yield Fault(placed.path, message, "name an edge that a CNAME leads to, or remove it and `own_https`")
        said, wanted = dict(link.own_https or ()), dict(own.records)
        if said and link.sender.is_managed:
            fix = "write `own_https: {}`" if MANAGED not in (link.edge, link.standby) else "remove it"
            yield Fault(path, f"the sender's API says these records, for {link.sender.path} is managed", fix)
            continue
        for label in said:
            if label not in wanted:
                known = ", ".join(wanted) or "none"
                yield Fault(
                    f"{path}.{label}", f"{link.sender.provider} has no record {label} (it has: {known})", "remove it"
                )
        missing = [label for label in wanted if label not in said and not link.sender.is_managed]
        if missing:
            shown = ", ".join(f"{label}: …" for label in missing)
            message = f"the sender's own HTTPS needs {counted(len(missing), 'record')} more: {' and '.join(missing)}"
            yield Fault(path, message, f"add `own_https: {{{shown}}}`, as the sender's page shows them")
        for label, value in said.items():
            if wanted.get(label) == "CNAME" and not _is_name(value):
                yield Fault(
                    f"{path}.{label}", f"{show(value)} is no name that a CNAME could lead to", "copy the record's value"
                )


def _proxies() -> set[str | None]:
    """Edges that a DNS host leads to by itself."""
    return {host.facts.PROXY for host in registry.dns_hosts()} - {None}


def _is_name(text: str) -> bool:
    try:
        HostName.parse(text)
    except InvalidHostNameError:
        return False
    return True


@rule("link.families", because="a family that the edge cannot be reached by would make every run of the verifier fail")
def families(view: View) -> Iterator[Fault]:
    for link in view.declaration.links.values():
        edges = [
            edge for edge in (view.declaration.edge_of(link), view.declaration.standby_of(link)) if edge is not None
        ]
        path = f"{link.path}.families"
        if not edges or path not in view.declaration.places:
            continue
        for facts in (registry.edge(edge.provider).facts for edge in edges):
            for family in link.families:
                if family not in facts.FAMILIES:
                    yield Fault(path, f"{facts.NAME} has no addresses of IPv{family} for a link", f"remove {family}")
        if 4 not in link.families:
            yield Fault(path, "readers without IPv6 would reach nothing, and nothing would ask for them", "add 4")


@rule(
    "link.alias",
    because="an alias record exists at some DNS hosts alone and leads to some edges alone, never to a sender; it is declared to be"
    " taken over, and made a CNAME before the link steps",
)
def aliases(view: View) -> Iterator[Fault]:
    for link in view.declaration.links.values():
        zone, edge = view.declaration.find_zone(link.click_host), view.declaration.edge_of(link)
        if not link.is_alias or zone is None:
            continue
        path, host = f"{link.path}.record", registry.dns(zone.dns)
        if not host.facts.ALIASES:
            able = ", ".join(one.facts.NAME for one in registry.dns_hosts() if one.facts.ALIASES)
            message = f"{host.facts.NAME} has no alias records here ({able} has)"
            yield Fault(path, message, "remove `record`")
        elif link.phase not in PHASES_AT_EDGE:
            message = f"in phase {link.phase} the click host stands at the sender, to which no alias can lead"
            yield Fault(path, message, "remove `record`; or write the phase in which the link stands: live or secured")
        elif edge is not None and edge.provider not in host.facts.ALIASES:
            able = ", ".join(registry.edge(name).facts.NAME for name in host.facts.ALIASES)
            message = f"an alias at {host.facts.NAME} leads to {able}, not to {registry.edge(edge.provider).facts.NAME}"
            yield Fault(path, message, "remove `record`")


@rule(
    "link.preloaded-suffix",
    because="browsers ask below some suffixes by https:// alone (RFC 6797 §12.3), which a host serves from `live` on",
)
def below_a_preloaded_suffix(view: View) -> Iterator[Fault]:
    for link in view.declaration.links.values():
        suffix = preloaded_suffix(link.click_host.text)
        if suffix and link.phase in {"branded", "ready"}:
            message = (
                f"browsers turn http:// links below .{suffix} into https://, which {show_host(link.click_host)} does not"
                f" serve in phase {link.phase}: clicks end at a certificate error"
            )
            fix = "let no mail use the link before it is `live`, or give it a host on another domain"
            yield Fault(f"{link.path}.click_host", message, fix, "warning")
