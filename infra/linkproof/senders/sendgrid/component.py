"""SendGrid's objects in the engine: brands before their records, validations after them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

import pulumi

from linkproof.contract.build import Building
from linkproof.contract.items import Item, Record
from linkproof.contract.values import Late
from linkproof.names import with_dot
from linkproof.rdata import presented
from linkproof.senders.sendgrid import karte
from linkproof.senders.sendgrid.domains import name_of, value_of
from linkproof.senders.sendgrid.facts import AUTO_SSL_ROLES, VENDOR
from linkproof.senders.sendgrid.items import (
    ApiKey,
    Assignment,
    Brand,
    ClickTracking,
    Domain,
    DomainAssignment,
    DomainValidation,
    EventWebhook,
    ExistingSubuser,
    Subuser,
    Validation,
)
from linkproof.senders.sendgrid.subusers import password_of

# People may have to publish the records first, and SendGrid's resolver may hold that there are none.
VALIDATION_TIMEOUT = "30m"


class LinkBranding(pulumi.CustomResource):
    """A branded link, and what the API answered of it."""

    ownerHost: pulumi.Output[str]  # noqa: N815 - the provider's name for it
    ownerTarget: pulumi.Output[str]  # noqa: N815
    records: pulumi.Output[dict[str, dict[str, str]]]


class DomainAuthentication(pulumi.CustomResource):
    """An authenticated domain, and the records that the API answered."""

    records: pulumi.Output[dict[str, dict[str, str]]]


def build(items: Sequence[Item], records: Sequence[Record], building: Building) -> None:
    """Brands with the owner hosts that their answers name; or, the second time, what stands after the records."""
    for item in items:
        if isinstance(item, Subuser | ExistingSubuser):
            _other(item, building)
    for item in items:
        if isinstance(item, Brand):
            owners = [one for one in records if isinstance(one.name, Late) and one.name.item == item.resource]
            _brand(item, owners, building)
        elif isinstance(item, Domain):
            named = [one for one in records if isinstance(one.name, Late) and one.name.item == item.resource]
            _domain(item, named, building)
    for item in items:
        if not isinstance(item, Subuser | ExistingSubuser | Brand | Domain):
            _other(item, building)


def _other(item: Item, building: Building) -> None:
    """An object of which nothing but its id is needed by others."""
    made = pulumi.CustomResource(item.engine_type, item.resource, _inputs(item, building), _options(item, building))
    building.made.setdefault(item.resource, []).append(made)


def _brand(brand: Brand, owners: Sequence[Record], building: Building) -> None:
    inputs = {
        "domain": brand.domain,
        "subdomain": brand.subdomain,
        "region": brand.region,
        "default": brand.is_default,
        "subuser": brand.subuser,
        "valid": True if brand.must_be_valid else None,
        "propagationSeconds": brand.propagation_seconds,
        "expectedTarget": brand.target,
        "expectedOwner": brand.owner_host,
        "autoSsl": True if brand.auto_ssl else None,
        "ownerHost": None,
        "ownerTarget": None,
        "records": None,
    }
    made = LinkBranding(brand.engine_type, brand.resource, inputs, _options(brand, building))
    building.made[brand.resource] = [made]
    name, value = (output.apply(with_dot) for output in (made.ownerHost, made.ownerTarget))
    building.late[Late(brand.resource, "owner_host")] = name
    building.late[Late(brand.resource, "owner_target")] = value
    if brand.auto_ssl:
        for role in AUTO_SSL_ROLES.values():
            building.late[Late(brand.resource, role)] = made.records.apply(partial(_value_of, role))
    for record in owners:
        _publish(record, name, value, building)


def _publish(record: Record, name: pulumi.Output[str], value: pulumi.Output[str], building: Building) -> None:
    published = building.publish(record, name, value)
    if published is not None:
        building.records.append(published)
        building.made.setdefault(record.resource, []).append(published)


def _domain(domain: Domain, named: Sequence[Record], building: Building) -> None:
    """Args:
    named: its records whose names the API says.
    """
    inputs = {
        "domain": domain.domain,
        "subdomain": domain.subdomain,
        "region": domain.region,
        "default": domain.is_default,
        "automaticSecurity": None if domain.is_automatic else False,
        "customSpf": True if domain.custom_spf else None,
        "customDkimSelector": domain.selector,
        "ips": list(domain.ips) or None,
        "unusedElsewhere": True if domain.selector is None else None,
        "records": None,
    }
    made = DomainAuthentication(domain.engine_type, domain.resource, inputs, _options(domain, building))
    building.made[domain.resource] = [made]
    for role, record_type in domain.types:
        building.late[Late(domain.resource, role)] = made.records.apply(partial(_value_in, role, record_type))
        building.late[Late(domain.resource, name_of(role))] = made.records.apply(partial(_name_in, role))
    for record in named:
        assert isinstance(record.name, Late)
        assert isinstance(record.value, Late)
        _publish(record, building.late[record.name], building.late[record.value], building)


def _value_in(role: str, record_type: str, records: Mapping[str, Mapping[str, str]]) -> str:
    return value_of(record_type, records[role]["value"])


def _name_in(role: str, records: Mapping[str, Mapping[str, str]]) -> str:
    return with_dot(records[role]["name"])


def _value_of(role: str, records: Mapping[str, Mapping[str, str]]) -> str:
    return presented(records[role]["type"], records[role]["value"])


def _inputs(item: Item, building: Building) -> dict[str, Any]:
    match item:
        case Subuser():
            return _subuser(item, building)
        case ExistingSubuser():
            return {"username": item.username}
        case Validation():
            return {"linkId": building.made[item.brand][0].id}  # type: ignore[attr-defined]  # a custom resource
        case Assignment():
            return {"linkId": building.made[item.brand][0].id, "username": item.username}  # type: ignore[attr-defined]
        case DomainValidation():
            return {"domainId": building.made[item.domain][0].id}  # type: ignore[attr-defined]
        case DomainAssignment():
            return {"domain": item.domain, "username": item.username}
        case ApiKey():
            inputs = {
                "name": item.name,
                "scopes": list(item.scopes),
                "rotation": item.rotation,
                "subuser": item.subuser,
            }
            return {**inputs, "apiKey": None}
        case EventWebhook():
            events = None if item.events is None else list(item.events)
            return {
                "url": _secret_url(item, building) if item.has_secret else item.url,
                "events": events,
                "signed": item.signed,
                "friendlyName": item.name,
                "subuser": item.subuser,
            }
        case ClickTracking():
            return {"enabled": item.enabled, "subuser": item.subuser}
    raise AssertionError(item)


def _subuser(item: Subuser, building: Building) -> dict[str, Any]:
    """Without a password where there is none: the provider says so when it makes the subuser."""
    _, secrets = building.account(VENDOR, item.account)
    password = password_of(item.username, secrets)
    return {
        "username": item.username,
        "email": item.email,
        "password": None if password is None else pulumi.Output.secret(password),
        "ips": list(item.ips) or None,
        "disabled": item.is_disabled,
        "region": item.region,
    }


def _secret_url(item: EventWebhook, building: Building) -> pulumi.Output[str]:
    options, secrets = building.account(VENDOR, item.account)
    return pulumi.Output.secret(karte.hook_url(item.account, options, secrets))


def _options(item: Item, building: Building) -> pulumi.ResourceOptions:
    return pulumi.ResourceOptions(
        provider=building.provider(VENDOR, item.account),
        protect=item.protect,
        depends_on=[resource for need in item.needs for resource in building.made.get(need, [])],
        custom_timeouts=pulumi.CustomTimeouts(create=VALIDATION_TIMEOUT)
        if isinstance(item, Validation | DomainValidation)
        else None,
        additional_secret_outputs=_secret_outputs(item),
        # what it was made with stays in the state, and may leave the stack's config
        ignore_changes=["password"] if isinstance(item, Subuser) else None,
    )


def _secret_outputs(item: Item) -> list[str] | None:
    """What is a secret in the state even where a refresh or an import has read it."""
    if isinstance(item, EventWebhook) and item.has_secret:
        return ["url"]
    if isinstance(item, Subuser):
        return ["password"]
    return ["apiKey"] if isinstance(item, ApiKey) else None
