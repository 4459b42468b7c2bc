"""An authenticated domain with automatic security: what SendGrid holds, its three CNAMEs, and its validation after them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from linkproof.contract.declared import Sender
from linkproof.contract.items import Item, Record
from linkproof.contract.values import Late
from linkproof.senders.sendgrid.items import Domain, DomainValidation

# The CNAMEs by the API's names for them, and the labels that stand before the domain.
RECORDS: Final = {"mail_cname": "", "dkim1": "s1._domainkey", "dkim2": "s2._domainkey"}
TTL_SECONDS: Final = 300


def domain_items(sender: Sender, path: str, domain: str, subdomain: str) -> Iterator[Item]:
    """The account's own, also where a subuser sends: it has its parent's. The last is the validation.

    Args:
        path: the key of the declaration that asks for it.
        domain: in lower case.
        subdomain: one label, below which bounces arrive.
    """
    host = f"{subdomain}.{domain}".lower()
    resource = f"{host}/domain"
    yield Domain(resource, path, sender.account, domain, subdomain.lower(), sender.region)
    names = []
    for role, labels in RECORDS.items():
        name = f"{labels}.{domain}" if labels else host
        names.append(f"{name}/CNAME")
        yield Record(
            id=f"{sender.key}/{host}/{role}",
            path=path,
            resource=names[-1],
            zone="",
            name=name,
            type="CNAME",
            value=Late(resource, role, f"the {role} of"),
            ttl_seconds=TTL_SECONDS,
            protect=True,
            resolve="none",
            needs=(resource,),
        )
    yield DomainValidation(f"{host}/domain-valid", path, resource, sender.account, tuple(names))
