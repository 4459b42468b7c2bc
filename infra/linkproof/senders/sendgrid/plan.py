"""SendGrid link branding: two CNAMEs, of which only the click host ever moves. The owner host stays at the sender for ever.

With Auto SSL there are two records more, and the click host leads elsewhere while it stands at SendGrid. An account with `manage` has the
brand itself before them, and its validation after them, in phase `branded` alone.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from linkproof.contract.declared import PHASES_AT_EDGE, Link, Sender
from linkproof.contract.items import Item, Record
from linkproof.contract.needs import EdgeNeeds, OwnEdge
from linkproof.contract.sender import LinkUse
from linkproof.contract.values import Late
from linkproof.rdata import presented
from linkproof.senders.sendgrid import karte
from linkproof.senders.sendgrid.domains import domain_items
from linkproof.senders.sendgrid.facts import (
    AUTO_SSL_CAS,
    AUTO_SSL_FIXED_BECAUSE,
    AUTO_SSL_RECORDS,
    AUTO_SSL_ROLES,
    AUTO_SSL_SECURED_BY,
    AUTO_SSL_TARGET,
    AUTO_SSL_UNPROXIED_BECAUSE,
    HEADERS,
    METHODS,
    TARGETS,
)
from linkproof.senders.sendgrid.items import (
    ApiKey,
    Assignment,
    Brand,
    ClickTracking,
    EventWebhook,
    ExistingSubuser,
    Subuser,
    Validation,
    brand_of,
    subuser_of,
    validation_of,
)
from linkproof.senders.sendgrid.options import SubuserForm


def target(sender: Sender) -> str:
    """Where both CNAMEs point while the sender serves the link, without trailing dot."""
    return TARGETS[sender.options.region]


def targets() -> tuple[tuple[str, str], ...]:
    """Every target that there is, with its region."""
    return tuple((name, region) for region, name in TARGETS.items())


def edge_needs(sender: Sender) -> EdgeNeeds:
    """What must reach SendGrid unchanged."""
    return EdgeNeeds(
        origin=target(sender),
        headers=HEADERS,
        query_strings="all",
        cookies="none",
        methods=METHODS,
        own_edge=OwnEdge(
            target=AUTO_SSL_TARGET,
            cas=AUTO_SSL_CAS,
            records=AUTO_SSL_RECORDS,
            secured_by=AUTO_SSL_SECURED_BY,
            unproxied_because=AUTO_SSL_UNPROXIED_BECAUSE,
            fixed_because=AUTO_SSL_FIXED_BECAUSE,
        ),
    )


def items(use: LinkUse) -> tuple[Item, ...]:
    """The owner host's record, which links of one user on one domain share; of a managed account the brand, too."""
    owner = _owner_record(use)
    records = (*(() if owner is None else (owner,)), *_auto_ssl_records(use))
    if not use.link.sender.is_managed:
        return records
    validation = (_validation(use.link, records),) if owner is not None and use.link.phase == "branded" else ()
    return (*records, _brand(use), *validation)


def account_items(sender: Sender, links: Sequence[Link]) -> tuple[Item, ...]:
    """Subusers' links, keys, webhooks, click tracking and what KARTE's plugin needs, of an account with `manage`."""
    manage = getattr(sender.options, "manage", None)
    return () if manage is None else tuple(_account_items(sender, manage, {link.key: link for link in links}))


def _owner_record(use: LinkUse) -> Record | None:
    """Its name is the API's answer where a managed account's link does not say it."""
    link, sender = use.link, use.link.sender
    needs = (brand_of(link.click_host.text),) if sender.is_managed else ()
    if link.owner_host is not None and use.owner_zone is not None:
        owner = link.owner_host.text
        return Record(
            id=f"{owner}/owner",
            path=f"{link.path}.owner_host",
            resource=f"{owner}/CNAME",
            zone=use.owner_zone.name.text,
            name=owner,
            type="CNAME",
            value=f"{target(sender)}.",
            ttl_seconds=link.ttl_seconds,
            protect=link.phase in PHASES_AT_EDGE,
            needs=needs,
        )
    if not sender.is_managed:
        return None
    brand = brand_of(link.click_host.text)
    whose = sender.options.manage.subuser or sender.account
    return Record(
        id=f"{whose}/{_domain(link)}/owner",
        path=link.path,
        resource=f"{_domain(link)}/owner"
        if sender.options.manage.subuser is None
        else f"{whose}.{_domain(link)}/owner",
        zone=use.zone.name.text,
        name=Late(brand, "owner_host", "the owner host of"),
        type="CNAME",
        value=Late(brand, "owner_target", "the owner host's target of"),
        ttl_seconds=link.ttl_seconds,
        protect=link.phase in PHASES_AT_EDGE,
        needs=needs,
    )


def _auto_ssl_records(use: LinkUse) -> Iterator[Record]:
    """Beside the click host for ever, as the owner host is: the certificate is renewed by them."""
    link, sender = use.link, use.link.sender
    if not link.has_own_https:
        return
    host, said = link.click_host.text, dict(link.own_https or ())
    brand = brand_of(host)
    for label, record_type in AUTO_SSL_RECORDS:
        late = Late(brand, AUTO_SSL_ROLES[label], f"the value of {label} of")
        yield Record(
            id=f"{link.key}/{label.lstrip('_')}",
            path=f"{link.path}.own_https.{label}" if label in said else link.path,
            resource=f"{label}.{host}/{record_type}",
            zone=use.zone.name.text,
            name=f"{label}.{host}",
            type=record_type,
            value=late if sender.is_managed else presented(record_type, said[label]),
            ttl_seconds=link.ttl_seconds,
            protect=link.phase in PHASES_AT_EDGE,
            resolve="none",
            needs=(brand,) if sender.is_managed else (),
        )


def _brand(use: LinkUse) -> Brand:
    link, sender = use.link, use.link.sender
    manage, host, domain = sender.options.manage, link.click_host.text, _domain(link)
    return Brand(
        resource=brand_of(host),
        path=link.path,
        host=host,
        account=sender.account,
        subdomain=host.removesuffix(f".{domain}"),
        domain=domain,
        region=sender.region,
        target=AUTO_SSL_TARGET if link.has_own_https else target(sender),
        auto_ssl=link.has_own_https,
        owner_host=link.owner_host.text if link.owner_host is not None else None,
        subuser=manage.subuser,
        is_default=None if manage.default is None else manage.default == link.key,
        must_be_valid=link.phase != "branded",
        propagation_seconds=use.zone.propagation_seconds,
        needs=subuser_of(sender.account, manage.subuser),
    )


def _validation(link: Link, records: Sequence[Record]) -> Validation:
    host = link.click_host.text
    return Validation(
        resource=validation_of(host),
        path=link.path,
        brand=brand_of(host),
        account=link.sender.account,
        needs=(f"{host}/CNAME", *(record.resource for record in records)),
    )


def _account_items(sender: Sender, manage: Any, links: dict[str, Link]) -> Iterator[Item]:
    path, subuser = f"{sender.path}.manage", manage.subuser
    whose, needed = subuser or sender.account, subuser_of(sender.account, subuser)
    for username, one in (manage.subusers or {}).items():
        yield _subuser(sender, f"{path}.subusers.{username}", username, one)
    for username, key in (manage.assign or {}).items():
        if key in links:
            host = links[key].click_host.text
            needs = (validation_of(host),) if links[key].phase == "branded" else (brand_of(host),)
            yield Assignment(
                f"{sender.account}/{username}",
                f"{path}.assign.{username}",
                brand_of(host),
                username,
                sender.account,
                (*needs, *subuser_of(sender.account, username)),
            )
    for name, one in (manage.api_keys or {}).items():
        scopes = tuple(dict.fromkeys(one.scopes))
        yield ApiKey(
            f"{whose}/{name}",
            f"{path}.api_keys.{name}",
            name,
            sender.account,
            scopes,
            one.rotation,
            subuser,
            needs=needed,
        )
    for name, one in (manage.event_webhooks or {}).items():
        events = None if one.events is None else tuple(dict.fromkeys(one.events))
        yield EventWebhook(
            f"{whose}/{name}",
            f"{path}.event_webhooks.{name}",
            name,
            sender.account,
            one.url,
            events,
            one.signed,
            subuser,
            needs=needed,
        )
    for name, domain in (manage.domains or {}).items():
        yield from domain_items(sender, f"{path}.domains.{name}", name.lower(), domain)
    if manage.karte is not None:
        yield from karte.items(sender)
    if manage.click_tracking is not None:
        yield ClickTracking(
            whose, f"{path}.click_tracking", sender.account, manage.click_tracking, subuser, needs=needed
        )


def _subuser(sender: Sender, path: str, username: str, form: SubuserForm) -> Item:
    (resource,) = subuser_of(sender.account, username)
    if form.email is None:
        return ExistingSubuser(resource, path, sender.account, username)
    ips = tuple(sorted(set(form.ips or ())))
    return Subuser(resource, path, sender.account, username, form.email, ips, form.disabled is True, sender.region)


def _domain(link: Link) -> str:
    """SendGrid makes both names on one domain: the owner host's, which a link that does not say it has its click host on."""
    host = link.owner_host if link.owner_host is not None else link.click_host
    return ".".join(host.labels[1:])
