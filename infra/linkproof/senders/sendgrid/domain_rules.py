"""Rules of the domains that an account authenticates: `manage.domains`, and KARTE's."""

from __future__ import annotations

from collections.abc import Iterator

from linkproof.contract.rules import Fault, SenderRule, SenderView, rule
from linkproof.names import HostName, InvalidHostNameError
from linkproof.show import show

DOMAIN_RULES: list[SenderRule] = []


@rule(
    DOMAIN_RULES,
    "sendgrid.domain",
    because="SendGrid asks for three CNAMEs at an authenticated domain, and for a subdomain that no branded link and no other domain has",
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
