"""An authenticated domain: what SendGrid holds, its records, and its validation after them.

With automatic security there are three CNAMEs; without it MX, SPF and the DKIM key itself. Which names SendGrid asks for is certain with
automatic security and its own selectors alone: else the API's answer says it, and each record is published by its role.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from linkproof.contract.declared import Sender
from linkproof.contract.items import Item, Record
from linkproof.contract.values import Late
from linkproof.rdata import presented
from linkproof.senders.sendgrid.items import Domain, DomainAssignment, DomainValidation, subuser_of

if TYPE_CHECKING:
    from linkproof.senders.sendgrid.options import DomainForm  # its forms are not the provider's to load

# By the API's names for them: the type, and the labels before the domain where they are certain.
_AUTOMATIC: Final = {"mail_cname": "", "dkim1": "s1._domainkey", "dkim2": "s2._domainkey"}
_MANUAL: Final = {"mail_server": "MX", "subdomain_spf": "TXT", "dkim": "TXT"}
_NAME = "/name"
# The API says a host alone; SendGrid's guide for records by hand asks for this preference.
_MX_PREFERENCE = 10
TTL_SECONDS: Final = 300


def types_of(form: DomainForm) -> dict[str, str]:
    """The type of each record, by its role."""
    return dict.fromkeys(_AUTOMATIC, "CNAME") if form.automatic_security else dict(_MANUAL)


def name_of(role: str) -> str:
    """What the late-bound name of a record is called; its value is called as its role."""
    return f"{role}{_NAME}"


def role_of(output: str) -> tuple[str, bool]:
    """The role, and whether its name is meant."""
    return output.removesuffix(_NAME), output.endswith(_NAME)


def value_of(record_type: str, text: str) -> str:
    """A record's value as DNS shows it."""
    return presented(record_type, f"{_MX_PREFERENCE} {text}" if record_type == "MX" else text)


def domain_items(sender: Sender, path: str, domain: str, form: DomainForm) -> Iterator[Item]:
    """The account's own, also where a subuser sends: it has its parent's. The validation comes after the records, and the subusers' shares after it.

    Args:
        path: the key of the declaration that asks for it.
        domain: in lower case.
    """
    host = f"{form.subdomain}.{domain}".lower()
    resource = f"{host}/domain"
    late_names = form.custom_dkim_selector is not None or not form.automatic_security
    yield Domain(
        resource,
        path,
        sender.account,
        domain,
        form.subdomain.lower(),
        sender.region,
        types=tuple(types_of(form).items()),
        is_automatic=form.automatic_security,
        custom_spf=form.custom_spf,
        selector=form.custom_dkim_selector,
        ips=tuple(sorted(set(form.ips or ()))),
        is_default=form.default,
    )
    records = []
    for role, record_type in types_of(form).items():
        labels = _AUTOMATIC.get(role)
        name = f"{labels}.{domain}" if labels else host
        is_late = late_names and role != "mail_cname"
        records.append(f"{host}/{role}" if is_late else f"{name}/{record_type}")
        yield Record(
            id=f"{sender.key}/{host}/{role}",
            path=path,
            resource=records[-1],
            zone=domain if is_late else "",
            name=Late(resource, name_of(role), f"the name of the {role} of") if is_late else name,
            type=record_type,
            value=Late(resource, role, f"the {role} of"),
            ttl_seconds=TTL_SECONDS,
            protect=True,
            resolve="none",
            needs=(resource,),
        )
    valid = f"{host}/domain-valid"
    yield DomainValidation(valid, path, resource, sender.account, tuple(records))
    for username in dict.fromkeys(form.subusers or ()):
        needs = (valid, *subuser_of(sender.account, username))
        share = f"{sender.account}/{username}/domain"
        yield DomainAssignment(share, f"{path}.subusers", domain, username, sender.account, needs)
