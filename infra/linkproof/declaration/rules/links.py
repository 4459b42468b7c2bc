"""Rules about links: phases, owner hosts and the sender's region and account."""

from __future__ import annotations

from collections.abc import Iterator

from linkproof.declaration.model import Link
from linkproof.declaration.rules.registry import Fault, rule
from linkproof.declaration.rules.view import View
from linkproof.declaration.show import show_host
from linkproof.registrable import preloaded_suffix


@rule("link.none", because="an environment without a host is one that nobody has filled in yet, or that lost its links")
def none(view: View) -> Iterator[Fault]:
    if view.claims or view.has_unread("links") or view.has_unread("tracking_hosts"):
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


@rule(
    "link.managed-not-modelled",
    because="SendGrid's Auto SSL has four records (click host, owner host, _acme-challenge, _cf-custom-hostname), and its"
    " click host points at click.sendgrid.net: the two CNAMEs of plain link branding would break a healthy host",
)
def managed_not_modelled(view: View) -> Iterator[Fault]:
    for link in view.declaration.links.values():
        if link.is_managed:
            message = (
                f"`edge: managed` is not modelled for {link.sender}: its Auto SSL has four records and another target for"
                f" {show_host(link.click_host)} (click.sendgrid.net), which this file would overwrite"
            )
            fix = (
                "leave this link out of the file and its records as they are; if the sender's page shows two records, both"
                " to sendgrid.net, it is no Auto SSL: write `phase: branded` and remove `edge`"
            )
            yield Fault(f"{link.path}.edge", message, fix)


@rule(
    "link.account-writes-https",
    because="SendGrid's support switches https on per account and per subuser, for all of its links at once: each link"
    " that is still at the sender is then written with https and has no certificate there",
)
def account_writes_https(view: View) -> Iterator[Fault]:
    known = [link for link in view.declaration.links.values() if link.sender_user is not None and _is_read(link, view)]
    secured: dict[object, Link] = {}
    for link in known:
        if link.phase == "secured" and not link.is_managed:
            secured.setdefault(link.sender_user, link)
    for link in known:
        other = secured.get(link.sender_user)
        if other is None or link.phase == "secured" or link.is_managed or not link.in_use:
            continue
        user = link.owner_host.labels[0] if link.owner_host is not None else ""
        at = view.declaration.place(other.path)
        because = (
            f"{other.path} ({at}) is secured, and https belongs to the account: user {user} writes every link with it"
        )
        if link.phase == "live":
            yield Fault(f"{link.path}.phase", f"this link is live, but {because}", "write `phase: secured`", "warning")
            continue
        fix = (
            "while no mail with this link was ever sent, write `in_use: false`; otherwise its clicks fail now: bring it to"
            f" live first and {other.path} back to live until then"
        )
        yield Fault(f"{link.path}.phase", f"this link is {link.phase}, but {because}", fix)


@rule(
    "link.owner-host-missing", because="SendGrid validates a brand by two CNAMEs, the click host's and the owner host's"
)
def owner_host_missing(view: View) -> Iterator[Fault]:
    for link in view.declaration.links.values():
        if link.owner_host is None and not link.legacy and f"{link.path}.owner_host" not in view.unread:
            fix = (
                f"add `owner_host: <user id>.{_parent(link)}`, as SendGrid's link branding page shows it; if the page shows"
                " one record and no owner host, it is a branding of the old kind: write `legacy: true`"
            )
            yield Fault(link.path, "a sendgrid link needs its owner host", fix)


@rule("link.legacy-owner-host", because="a legacy branding is one CNAME: with an owner host it is none")
def legacy_owner_host(view: View) -> Iterator[Fault]:
    for link in view.declaration.links.values():
        if link.legacy and link.owner_host is not None:
            message = f"a legacy branding has no owner host, and {show_host(link.owner_host)} is declared"
            yield Fault(f"{link.path}.legacy", message, "remove `legacy`, or `owner_host`, as the sender's page has it")


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


def _is_read(link: Link, view: View) -> bool:
    """Whether all that says whose link this is, and whether mail has it, could be read."""
    return not any(f"{link.path}.{key}" in view.unread for key in ("sender", "region", "account", "in_use"))


def _parent(link: Link) -> str:
    return ".".join(link.click_host.labels[1:])
