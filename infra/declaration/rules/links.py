"""Rules about links: phases, owner hosts and the sender's region."""

from __future__ import annotations

from collections.abc import Iterator

from infra.declaration.model import Link
from infra.declaration.rules.registry import Fault, rule
from infra.declaration.rules.view import View
from infra.declaration.show import show_host
from infra.registrable import preloaded_suffix


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
def managed_phase(view: View) -> Iterator[Fault]:
    for link in view.declaration.links.values():
        if link.is_managed and link.phase in {"ready", "live"}:
            message = f"phase {link.phase} does not exist with `edge: managed`"
            yield Fault(f"{link.path}.phase", message, "write `phase: branded` or `phase: secured`")


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


@rule("link.managed-region", because="SendGrid documents Auto SSL for its global region only")
def managed_region(view: View) -> Iterator[Fault]:
    for link in view.declaration.links.values():
        if link.is_managed and link.region == "eu":
            message = "Auto SSL is not documented for SendGrid's EU region"
            yield Fault(f"{link.path}.region", message, "ask SendGrid before relying on it, or use an edge", "warning")


@rule(
    "link.owner-host-missing", because="SendGrid validates a brand by two CNAMEs, the click host's and the owner host's"
)
def owner_host_missing(view: View) -> Iterator[Fault]:
    for link in view.declaration.links.values():
        if link.owner_host is None and f"{link.path}.owner_host" not in view.unread:
            fix = f"add `owner_host: <user id>.{_parent(link)}`, as SendGrid's link branding page shows it"
            yield Fault(link.path, "a sendgrid link needs its owner host", fix)


@rule(
    "link.owner-host-domain",
    because="SendGrid makes both names on one domain: <subdomain>.<domain> and <user id>.<domain>",
)
def owner_host_domain(view: View) -> Iterator[Fault]:
    for link in view.declaration.links.values():
        if link.owner_host is None or link.owner_host.text in view.declaration.zones:
            continue
        domain = ".".join(link.owner_host.labels[1:])
        if not link.click_host.text.endswith(f".{domain}"):
            message = (
                f"{show_host(link.owner_host)} is on another domain than the click host {show_host(link.click_host)}"
            )
            yield Fault(f"{link.path}.owner_host", message, f"expected <user id>.{_parent(link)}")


@rule(
    "link.hosts-swapped",
    because="SendGrid's owner host begins with the numeric user id; the click host with url and a number",
)
def hosts_swapped(view: View) -> Iterator[Fault]:
    for link in view.declaration.links.values():
        owner = link.owner_host
        if owner and link.click_host.labels[0].isdigit() and not owner.labels[0].isdigit():
            message = f"the click host {show_host(link.click_host)} looks like the owner host, and the other way round"
            yield Fault(f"{link.path}.click_host", message, "swap click_host and owner_host if they are", "warning")


@rule("link.owner-host-region", because="one owner host is one CNAME, and each region has a target of its own")
def owner_host_region(view: View) -> Iterator[Fault]:
    first: dict[str, Link] = {}
    for link in view.declaration.links.values():
        if link.owner_host is None:
            continue
        other = first.setdefault(link.owner_host.text, link)
        if other.region != link.region:
            message = f"{show_host(link.owner_host)} is shared with {other.path}, whose region is {other.region}"
            yield Fault(
                f"{link.path}.region", message, f"use `region: {other.region}`, or the EU account's own owner host"
            )


def _parent(link: Link) -> str:
    return ".".join(link.click_host.labels[1:])
