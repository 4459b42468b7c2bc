"""Rules of the domains that an account authenticates: `manage.domains`, and KARTE's."""

from __future__ import annotations

import re
from collections.abc import Iterator
from ipaddress import IPv4Address

from linkproof.contract.rules import Fault, SenderRule, SenderView, rule
from linkproof.names import HostName, InvalidHostNameError
from linkproof.senders.sendgrid.options import DomainForm
from linkproof.show import show

DOMAIN_RULES: list[SenderRule] = []
_SELECTOR = re.compile(r"[A-Za-z0-9]{1,3}")


@rule(
    DOMAIN_RULES,
    "sendgrid.domain",
    because="SendGrid asks for three records at an authenticated domain, and for a subdomain that no branded link and no other domain has",
)
def domains(view: SenderView) -> Iterator[Fault]:
    taken: dict[str, str] = {}
    for sender in view.managed:
        karte = sender.options.manage.karte
        if karte is not None and karte.subdomain is not None:
            taken[karte.domain] = f"{sender.path}.manage.karte"
    for sender in view.managed:
        for name, form in (sender.options.manage.domains or {}).items():
            path, domain = f"{sender.path}.manage.domains.{name}", name.lower()
            if host_or_none(domain) is None or "." not in domain:
                yield Fault(path, f"{show(name)} is no domain", "write it as mail.example.com, in A-labels")
                continue
            other = taken.setdefault(domain, path)
            if other != path:
                yield Fault(path, f"{other} makes the records of {domain}", "keep one of them")
                continue
            if sender.options.manage.subuser is not None:
                fix = "put it under an entry without `subuser`, of the same account"
                yield Fault(path, "a domain is the account's, and this entry is a subuser's", fix)
                continue
            yield from faults_of(view, f"{path}.subdomain", domain, form.subdomain, f"the domain {show(domain)}")
            yield from _of_spf(path, form)
            selector = form.custom_dkim_selector
            if selector is not None and not _SELECTOR.fullmatch(selector):
                message = f"{show(selector)} is no DKIM selector that the API takes"
                yield Fault(f"{path}.custom_dkim_selector", message, "write up to three letters or digits")


@rule(
    DOMAIN_RULES,
    "sendgrid.domain-subuser",
    because="SendGrid's call gives a subuser one domain of its account, and takes the one that it had",
)
def shares(view: SenderView) -> Iterator[Fault]:
    first: dict[tuple[str, str], str] = {}
    for sender in view.managed:
        manage = sender.options.manage
        if manage.karte is not None and manage.subuser is not None:
            first[sender.account, manage.subuser] = f"{sender.path}.manage.karte"
    for sender in view.managed:
        for name, form in (sender.options.manage.domains or {}).items():
            path = f"{sender.path}.manage.domains.{name}.subusers"
            for username in dict.fromkeys(form.subusers or ()):
                other = first.setdefault((sender.account, username), path)
                if other != path:
                    message = f"subuser {show(username)} sends from a domain by {other} already"
                    yield Fault(path, message, "give it one domain")


@rule(
    DOMAIN_RULES,
    "sendgrid.domain-default",
    because="an account has one default domain: making another one it takes that from the first",
)
def defaults(view: SenderView) -> Iterator[Fault]:
    first: dict[str, str] = {}
    for sender in view.managed:
        for name, form in (sender.options.manage.domains or {}).items():
            path = f"{sender.path}.manage.domains.{name}.default"
            other = first.setdefault(sender.account, path) if form.default else path
            if other != path:
                yield Fault(
                    path, f"{other} makes another domain the default of account {sender.account}", "keep one of them"
                )


def _of_spf(path: str, form: DomainForm) -> Iterator[Fault]:
    """What the API takes and nothing comes of, or what would let nobody send."""
    if form.custom_spf and form.automatic_security:
        message = "with automatic security SendGrid writes the SPF record, and a custom one is not asked for"
        yield Fault(f"{path}.custom_spf", message, "write `automatic_security: false` beside it, or remove it")
        return
    if form.custom_spf and not form.ips:
        message = "a custom SPF record allows the addresses in `ips` and no others, and there is none"
        yield Fault(f"{path}.custom_spf", message, "write `ips`, the account's own addresses; or remove `custom_spf`")
    if form.ips and not form.custom_spf:
        message = "the addresses stand in a custom SPF record, and without `custom_spf` SendGrid writes its own"
        yield Fault(f"{path}.ips", message, "remove `ips`, or write `custom_spf: true` and `automatic_security: false`")
    for ip in form.ips or ():
        if not is_ipv4(ip):
            yield Fault(
                f"{path}.ips", f"{show(ip)} is no IPv4 address", "copy it from the console's page of IP addresses"
            )


def faults_of(view: SenderView, path: str, domain: str, subdomain: str, named: str, more: str = "") -> Iterator[Fault]:
    """What is wrong with the place of a domain's records.

    Args:
        named: the domain, for people.
        more: of the fix, where the domain is in no zone.
    """
    host = host_or_none(f"{subdomain}.{domain}")
    if host is None or "." in subdomain:
        yield Fault(path, f"{show(subdomain)} is no label of a host name", "write one label, for example `em1`")
        return
    is_known = any(domain == zone or domain.endswith(f".{zone}") for zone in view.zones)
    if not is_known and not any(lost.startswith("zones") for lost in view.unread):
        message = f"{named} is in no declared zone, so its records have no place"
        yield Fault(path, message, f"add its zone to `zones:`{more}")
    for link in view.links:
        if link.click_host == host:
            message = f"{host} is the click host of {link.path}: a name is either a link's or the domain's"
            yield Fault(path, message, "choose another label, for example `em1`")


def is_ipv4(text: str) -> bool:
    try:
        IPv4Address(text)
    except ValueError:
        return False
    return True


def host_or_none(text: str) -> HostName | None:
    try:
        return HostName(text.lower())
    except InvalidHostNameError:
        return None


def is_address(text: str) -> bool:
    """Whether it is a mail address of a domain with more than one label."""
    local, at, domain = text.rpartition("@")
    host = host_or_none(domain)
    return bool(local and at) and not any(c.isspace() for c in text) and host is not None and len(host.labels) > 1
