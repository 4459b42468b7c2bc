"""Rules about zones: ids, accounts and the TTLs that their hosts accept."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from linkproof import registry
from linkproof.contract.declared import Zone
from linkproof.contract.rules import Fault, Severity
from linkproof.declaration.rules.registry import rule
from linkproof.declaration.rules.view import View
from linkproof.show import show, show_host

_CAA_TAGS: Final = frozenset({"issue", "issuewild", "iodef", "issuemail", "issuevmc", "contactemail", "contactphone"})


@rule("zones.id-missing", because="Route 53 and Cloudflare allow several zones of one name, so only the id says which")
def id_missing(view: View) -> Iterator[Fault]:
    for zone in view.declaration.zones.values():
        form = registry.dns(zone.dns).facts.ZONE_ID
        if form is not None and zone.id is None:
            yield Fault(zone.path, f"a {zone.dns} zone needs its id", f"add `id: …`; {form.where}")


@rule(
    "zones.id-format", because="an id of the wrong form is refused by the provider only in the middle of a deployment"
)
def id_format(view: View) -> Iterator[Fault]:
    for zone in view.declaration.zones.values():
        form = registry.dns(zone.dns).facts.ZONE_ID
        if form is not None and zone.id is not None and not re.fullmatch(form.pattern, zone.id):
            message = f"{show(zone.id)} is not a {zone.dns} zone id, which has {form.words}"
            yield Fault(f"{zone.path}.id", message, form.where)


@rule(
    "zones.id-twice",
    because="one zone at the provider has one name: a copied id would write one brand's records into another's",
)
def id_twice(view: View) -> Iterator[Fault]:
    first: dict[tuple[str, str], Zone] = {}
    for zone in view.declaration.zones.values():
        if registry.dns(zone.dns).is_by_hand or zone.id is None:
            continue
        other = first.setdefault((zone.dns, zone.id), zone)
        if other is not zone:
            yield Fault(f"{zone.path}.id", f"{other.key} has the same id", "copy each zone's own id")


@rule(
    "zones.manual",
    because="we do not write to a manual zone, so an id or an account would be a promise that nothing keeps",
)
def manual(view: View) -> Iterator[Fault]:
    for zone in view.declaration.zones.values():
        for key in ("id", "account"):
            path = f"{zone.path}.{key}"
            if registry.dns(zone.dns).is_by_hand and path in view.declaration.places:
                yield Fault(
                    path,
                    f"`{key}` has no meaning with `dns: {zone.dns}`",
                    f"remove `{key}`, or name the provider in `dns`",
                )


@rule("zones.single-label", because="a top-level domain is not a customer's zone")
def single_label(view: View) -> Iterator[Fault]:
    for zone in view.declaration.zones.values():
        if len(zone.name.labels) == 1:
            yield Fault(zone.path, f"{show_host(zone.name)} is a top-level domain", "write the whole name of the zone")


@rule("zones.unused", because="a zone that holds no declared host is asked for credentials and verified for nothing")
def unused(view: View) -> Iterator[Fault]:
    if view.has_unread("links") or view.has_unread("tracking_hosts"):
        return
    used = {zone.name for claim in view.claims if (zone := view.declaration.find_zone(claim.host))}
    named = [f".{host}" for sender in view.declaration.senders.values() for host in sender.options.hosts()]
    named += [f".{host}" for tracked in view.declaration.tracking_hosts.values() for host in tracked.options.hosts()]
    for zone in view.declaration.zones.values():
        if zone.name not in used and not any(host.endswith(f".{zone.name.text}") for host in named):
            message = f"no declared host is in {show_host(zone.name)}"
            yield Fault(zone.path, message, "remove the zone, or declare its hosts", "warning")


@rule("zones.caa-tag", because="RFC 8659 §4.1: a CA that meets a critical tag it does not know must refuse")
def caa_tag(view: View) -> Iterator[Fault]:
    for zone in view.declaration.zones.values():
        for number, record in enumerate(zone.caa or ()):
            if record.tag.lower() in _CAA_TAGS:
                continue
            severity: Severity = "error" if record.flags & 128 else "warning"
            critical = "critical " if record.flags & 128 else ""
            message = f"{critical}CAA tag {show(record.tag)} is not a registered one"
            yield Fault(f"{zone.path}.caa.{number}.tag", message, "use issue, issuewild or iodef", severity)


@rule(
    "ttl.range",
    because="a DNS host refuses other TTLs in the middle of a deployment: Cloudflare takes 60 to 86400 seconds for a record"
    " that is not proxied; below, only Enterprise",
)
def ttl_range(view: View) -> Iterator[Fault]:
    declaration = view.declaration
    owners = [(link.path, link.click_host, link.ttl_seconds) for link in declaration.links.values()]
    owners += [(t.path, t.host, t.ttl_seconds) for t in declaration.tracking_hosts.values()]
    for path, host, ttl_seconds in owners:
        zone = declaration.find_zone(host)
        facts = registry.dns(zone.dns).facts if zone is not None else None
        if zone is None or facts is None or facts.TTL_SECONDS is None:
            continue
        shortest, longest = facts.TTL_SECONDS
        if not shortest <= ttl_seconds <= longest:
            message = (
                f"{ttl_seconds} seconds is outside {shortest} to {longest}, which {facts.NAME} accepts in {zone.name}"
            )
            yield Fault(f"{path}.ttl_seconds", message, "write 300, the default")
