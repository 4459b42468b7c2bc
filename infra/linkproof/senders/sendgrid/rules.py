"""Rules of a declaration with SendGrid links: owner hosts, the account's https, and what SendGrid does not document."""

from __future__ import annotations

from collections.abc import Iterator

from linkproof.contract.declared import MANAGED, Link
from linkproof.contract.rules import Fault, SenderRule, SenderView, rule
from linkproof.senders.sendgrid.domain_rules import DOMAIN_RULES
from linkproof.senders.sendgrid.karte_rules import KARTE_RULES
from linkproof.senders.sendgrid.subuser_rules import SUBUSER_RULES
from linkproof.show import show_host

RULES: list[SenderRule] = [*KARTE_RULES, *DOMAIN_RULES, *SUBUSER_RULES]
_WITH_AN_EDGE = "let an edge of yours terminate HTTPS: name it in `edge`, and remove `own_https`"


@rule(
    RULES,
    "sendgrid.auto-ssl-undocumented",
    because="SendGrid documents Auto SSL for new links of an account in the US region; for what it does not document nobody can say"
    " which records are right, or whether clicks arrive (https://support.sendgrid.com/hc/en-us/articles/55419969558427)",
)
def auto_ssl_undocumented(view: SenderView) -> Iterator[Fault]:
    for link in view.links:
        if not link.has_own_https:
            continue
        is_named = MANAGED in (link.edge, link.standby)
        path = link.naming(MANAGED) if is_named else f"{link.path}.own_https"
        manage = link.sender.options.manage
        assigned = [name for name, key in ((manage.assign or {}) if manage else {}).items() if key == link.key]
        if link.sender.region == "eu":
            yield Fault(path, "Auto SSL of an EU account is not documented by SendGrid", _WITH_AN_EDGE)
        if link.legacy:
            yield Fault(path, "Auto SSL of a legacy branding is not documented by SendGrid", _WITH_AN_EDGE)
        if manage is not None and manage.subuser is not None:
            yield Fault(
                path, f"Auto SSL of a subuser's link ({manage.subuser}) is not documented by SendGrid", _WITH_AN_EDGE
            )
        if assigned:
            message = (
                f"that a subuser ({', '.join(assigned)}) writes with a link with Auto SSL is not documented by SendGrid"
            )
            yield Fault(
                f"{link.sender.path}.manage.assign.{assigned[0]}", message, "assign a link that has an edge of yours"
            )


@rule(
    RULES,
    "link.account-writes-https",
    because="SendGrid's support switches https on per account and per subuser, for all of its links at once: each link"
    " that is still at the sender is then written with https and has no certificate there",
)
def account_writes_https(view: SenderView) -> Iterator[Fault]:
    known = [link for link in view.links if _user(link) is not None and _is_read(link, view)]
    secured: dict[object, Link] = {}
    for link in known:
        if link.phase == "secured" and link.edge != MANAGED:
            secured.setdefault(_user(link), link)
    for link in known:
        other = secured.get(_user(link))
        if other is None or link.phase == "secured" or link.has_own_https or not link.in_use:
            continue
        user = (_user(link) or ("", False, ""))[2]
        at = view.place(other.path)
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
    RULES,
    "link.owner-host-missing",
    because="SendGrid validates a brand by two CNAMEs, the click host's and the owner host's",
)
def owner_host_missing(view: SenderView) -> Iterator[Fault]:
    for link in view.links:
        if link.sender.is_managed:
            continue  # the API's answer says it
        if link.owner_host is None and not link.legacy and f"{link.path}.owner_host" not in view.unread:
            fix = (
                f"add `owner_host: <user id>.{_parent(link)}`, as SendGrid's link branding page shows it; if the page shows"
                " one record and no owner host, it is a branding of the old kind: write `legacy: true`"
            )
            yield Fault(link.path, "a sendgrid link needs its owner host", fix)


@rule(RULES, "link.legacy-owner-host", because="a legacy branding is one CNAME: with an owner host it is none")
def legacy_owner_host(view: SenderView) -> Iterator[Fault]:
    for link in view.links:
        if link.legacy and link.owner_host is not None:
            message = f"a legacy branding has no owner host, and {show_host(link.owner_host)} is declared"
            yield Fault(f"{link.path}.legacy", message, "remove `legacy`, or `owner_host`, as the sender's page has it")


@rule(
    RULES,
    "link.owner-host-domain",
    because="SendGrid makes both names on one domain: <subdomain>.<domain> and <user id>.<domain>",
)
def owner_host_domain(view: SenderView) -> Iterator[Fault]:
    for link in view.links:
        if link.owner_host is None or link.owner_host.text in view.zones:
            continue
        domain = ".".join(link.owner_host.labels[1:])
        if not link.click_host.text.endswith(f".{domain}"):
            message = (
                f"{show_host(link.owner_host)} is on another domain than the click host {show_host(link.click_host)}"
            )
            yield Fault(f"{link.path}.owner_host", message, f"expected <user id>.{_parent(link)}")


@rule(
    RULES,
    "link.hosts-swapped",
    because="SendGrid's owner host begins with the numeric user id; the click host with url and a number",
)
def hosts_swapped(view: SenderView) -> Iterator[Fault]:
    for link in view.links:
        owner = link.owner_host
        if owner and link.click_host.labels[0].isdigit() and not owner.labels[0].isdigit():
            message = f"the click host {show_host(link.click_host)} looks like the owner host, and the other way round"
            yield Fault(f"{link.path}.click_host", message, "swap click_host and owner_host if they are", "warning")


@rule(RULES, "link.owner-host-region", because="one owner host is one CNAME, and each region has a target of its own")
def owner_host_region(view: SenderView) -> Iterator[Fault]:
    first: dict[str, Link] = {}
    for link in view.links:
        if link.owner_host is None:
            continue
        other = first.setdefault(link.owner_host.text, link)
        if other.sender.region != link.sender.region:
            message = f"{show_host(link.owner_host)} is shared with {other.path}, whose region is {other.sender.region}"
            yield Fault(
                f"{link.sender.path}.region",
                message,
                f"use `region: {other.sender.region}`, or the EU account's own owner host",
            )


@rule(
    RULES,
    "sender.managed-legacy",
    because="the API makes no branding of the old kind: its list calls those that exist legacy",
)
def managed_legacy(view: SenderView) -> Iterator[Fault]:
    for link in view.links:
        if link.sender.is_managed and link.legacy:
            message = f"a legacy branding cannot be made, and {link.sender.path} is managed"
            yield Fault(f"{link.path}.legacy", message, "put the link under an entry of `senders:` without `manage`")


@rule(
    RULES,
    "sender.managed-link",
    because="the default link, and the link of a subuser, is one that the same account makes here",
)
def managed_link(view: SenderView) -> Iterator[Fault]:
    for sender in view.managed:
        manage = sender.options.manage
        named = [] if manage.default is None else [(f"{sender.path}.manage.default", manage.default)]
        named += [(f"{sender.path}.manage.assign.{name}", key) for name, key in (manage.assign or {}).items()]
        yield from view.not_its_links(sender, named)
        if manage.subuser is not None and manage.assign:
            message = f"a subuser's own link is given to no other, and these are made for {manage.subuser}"
            yield Fault(
                f"{sender.path}.manage.assign", message, "make the links in the account itself: remove `subuser`"
            )


def _is_read(link: Link, view: SenderView) -> bool:
    """Whether all that says whose link this is, and whether mail has it, could be read."""
    said = (f"{link.path}.sender", f"{link.path}.in_use", f"{link.sender.path}.region", f"{link.sender.path}.account")
    return not any(path in view.unread for path in said)


def _user(link: Link) -> tuple[str, bool, str] | None:
    """The user of the sender that writes this link, an account or a subuser; None where nothing tells.

    The owner host is <user id>.<domain>: the number is the user's in every zone. Who runs the account and its region
    are part of it, for another platform has numbers of its own. A managed entry says whose it is, with or without the number.
    """
    if link.sender.is_managed:
        return (link.sender.region, False, link.sender.options.manage.subuser or link.sender.key)
    number = link.owner_host.labels[0] if link.owner_host is not None else ""
    return (link.sender.region, link.sender.is_external, number) if number.isdigit() else None


def _parent(link: Link) -> str:
    return ".".join(link.click_host.labels[1:])
