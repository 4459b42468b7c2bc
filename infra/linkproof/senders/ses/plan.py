"""Amazon SES custom redirect domains: one CNAME, which leads to the region's tracking server until it moves to an edge.

A managed account has its configuration sets after the records: SES is told of a host only once its name is there, and to write https
only in phase `secured`, which is after the edge was proven.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from linkproof.contract.declared import PHASES_AT_EDGE, Link, Sender
from linkproof.contract.items import Item, Record
from linkproof.contract.needs import EdgeNeeds
from linkproof.contract.sender import LinkUse
from linkproof.contract.values import Late
from linkproof.rdata import presented
from linkproof.senders.ses import monitoring
from linkproof.senders.ses.destinations import DeclaredSet, event_items
from linkproof.senders.ses.facts import DKIM_RECORDS, HEADERS, METHODS, REGIONS, SPF, bounce_host, tracking_host
from linkproof.senders.ses.items import (
    ConfigurationSet,
    HttpsPolicy,
    Identity,
    MailFrom,
    identity_resource,
    set_resource,
)

_SECURED: dict[str, HttpsPolicy] = {"all": "REQUIRE", "opens": "REQUIRE_OPEN_ONLY"}
_KEY_LENGTHS = {"rsa-2048": "RSA_2048_BIT", "rsa-1024": "RSA_1024_BIT"}
_DKIM_TTL_SECONDS = 300


def target(sender: Sender) -> str:
    """Where the click host leads while SES serves it, without trailing dot."""
    return tracking_host(sender.options.region)


def targets() -> tuple[tuple[str, str], ...]:
    """Every target that there is, with its region."""
    return tuple((tracking_host(region), region) for region in REGIONS)


def edge_needs(sender: Sender) -> EdgeNeeds:
    """What must reach SES unchanged. Cookies of the parent domain would make it refuse: it takes 8,192 octets of headers."""
    return EdgeNeeds(origin=target(sender), headers=HEADERS, query_strings="all", cookies="none", methods=METHODS)


def items(use: LinkUse) -> tuple[Item, ...]:
    """Nothing beside the click record."""
    del use
    return ()


def account_items(sender: Sender, links: Sequence[Link]) -> tuple[Item, ...]:
    """Identities with their DKIM records, configuration sets and event destinations of an account with `manage`."""
    manage = getattr(sender.options, "manage", None)
    if manage is None:
        return ()
    by_key = {link.key: link for link in links}
    in_use = [link.click_host.text for link in links if link.phase in PHASES_AT_EDGE]
    sets = [
        DeclaredSet(
            name, one, f"{sender.path}.manage.configuration_sets.{name}", by_key[one.link].phase in PHASES_AT_EDGE
        )
        for name, one in (manage.configuration_sets or {}).items()
        if one.link in by_key
    ]
    return (
        *(
            item
            for domain, form in (manage.identities or {}).items()
            for item in _identity(sender, domain, form, in_use)
        ),
        *(_set(sender, one, by_key[one.form.link]) for one in sets),
        *event_items(sender, sets),
        *monitoring.alarms(sender),
        *((board,) if (board := monitoring.dashboard(sender)) is not None else ()),
    )


def above(sender: Sender, host: str) -> str | None:
    """The declared identity that covers a host: the longest, as written."""
    identities = (sender.options.manage.identities or {}) if sender.is_managed else {}
    covering = [one for one in identities if host == one.lower() or host.endswith(f".{one.lower()}")]
    return max(covering, key=len, default=None)


def _identity(sender: Sender, written: str, form: Any, in_use: Sequence[str]) -> Iterator[Item]:
    domain, path = written.lower(), f"{sender.path}.manage.identities.{written}"
    resource = identity_resource(sender.account, sender.region, domain)
    yield Identity(
        resource=resource,
        path=path,
        domain=domain,
        account=sender.account,
        region=sender.region,
        key_length=_KEY_LENGTHS[form.dkim],
        is_verified=form.state == "verified",
        protect=any(above(sender, host) == written for host in in_use),
    )
    for number in range(DKIM_RECORDS):
        role = f"dkim{number + 1}"
        yield Record(
            id=f"{sender.key}/{domain}/{role}",
            path=path,
            resource=f"{resource}/{role}",
            zone=domain,
            name=Late(resource, f"{role}_name", f"the name of the record {role} of"),
            type="CNAME",
            value=Late(resource, f"{role}_target", f"the target of the record {role} of"),
            ttl_seconds=_DKIM_TTL_SECONDS,
            protect=form.state == "verified",
            resolve="none",
            needs=(resource,),
        )
    if form.mail_from is not None:
        yield from _mail_from(sender, domain, form, resource, path)


def _mail_from(sender: Sender, domain: str, form: Any, identity: str, path: str) -> Iterator[Item]:
    """Its records first: SES looks for them as soon as it is told, and mail is held to what it finds."""
    host = form.mail_from.lower()
    values = {"MX": f"10 {bounce_host(sender.options.region)}.", "TXT": presented("TXT", SPF)}
    for record_type, value in values.items():
        yield Record(
            id=f"{sender.key}/{domain}/mail_from_{record_type.lower()}",
            path=f"{path}.mail_from",
            resource=f"{host}/{record_type}",
            zone=domain,
            name=host,
            type=record_type,
            value=value,
            ttl_seconds=_DKIM_TTL_SECONDS,
            resolve="none",
        )
    yield MailFrom(
        resource=f"{identity}/mail-from",
        path=f"{path}.mail_from",
        domain=domain,
        host=host,
        account=sender.account,
        region=sender.region,
        on_mx_failure="REJECT_MESSAGE" if form.on_mx_failure == "reject" else "USE_DEFAULT_VALUE",
        needs=(identity, *(f"{host}/{record_type}" for record_type in values)),
    )


def _set(sender: Sender, declared: DeclaredSet, link: Link) -> ConfigurationSet:
    identity = above(sender, link.click_host.text)
    is_attached = identity is None or sender.options.manage.identities[identity].state == "verified"
    covered = () if identity is None else (identity_resource(sender.account, sender.region, identity.lower()),)
    return ConfigurationSet(
        resource=set_resource(sender.account, sender.region, declared.name),
        path=declared.path,
        name=declared.name,
        account=sender.account,
        region=sender.region,
        redirect_domain=link.click_host.text if is_attached else "",
        https_policy=_SECURED[declared.form.https] if link.phase == "secured" else "OPTIONAL",
        needs=(f"{link.click_host.text}/CNAME", *covered),
        protect=declared.is_in_use,
    )
