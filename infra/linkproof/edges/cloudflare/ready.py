"""What Cloudflare holds for a host before its record is proxied: a certificate that covers it, and the rules that name it.

API: developers.cloudflare.com/api, `ssl/certificate_packs` and `rulesets/phases/…/entrypoint`. A token without the permission
SSL and Certificates:Read may not read the first.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from linkproof.contract.declared import Edge, Zone
from linkproof.contract.guard import ClientOf
from linkproof.edges.cloudflare.items import quoted_hosts
from linkproof.edges.cloudflare.plan import CACHE_PHASE, CONFIG_PHASE
from linkproof.errors import LinkproofError

if TYPE_CHECKING:
    from linkproof.vendors.cloudflare.client import CloudflareClient

_OTHER_HOSTS = re.compile(r'\(?\s*http\.host\s+(?:in\s+\{[^{}]*\}|eq\s+"[^"]*")\s*\)?')
# By ruleset phase, what a rule of the host must set.
_WANTED: Mapping[str, Mapping[str, Any]] = {CONFIG_PHASE: {"ssl": "full"}, CACHE_PHASE: {"cache": False}}


def unready(host: str, edge: Edge, zone: Zone, client: ClientOf) -> Iterator[str]:
    """The certificate and both rulesets, each read from the API."""
    del edge
    api: CloudflareClient = client("cloudflare", zone.account)
    yield from _certificate(host, zone, api)
    held = {one.get("phase"): one for one in api.get(f"/zones/{zone.id}/rulesets", {}) if one.get("kind") == "zone"}
    for phase, wanted in _WANTED.items():
        rules: list[Mapping[str, Any]] = []
        if phase in held:
            rules = api.get(f"/zones/{zone.id}/rulesets/{held[phase]['id']}", {}).get("rules") or []
        yield from _rules(host, phase, wanted, rules)


def _certificate(host: str, zone: Zone, api: CloudflareClient) -> Iterator[str]:
    try:
        packs = api.get(f"/zones/{zone.id}/ssl/certificate_packs", {"status": "all"})
    except LinkproofError as error:
        raise LinkproofError(
            f"Cloudflare's certificate for {host} cannot be read: {error.problem}",
            "give the token SSL and Certificates:Read for the zone",
        ) from error
    covering = [pack for pack in packs if any(_covers(str(name), host) for name in pack.get("hosts") or ())]
    if not covering:
        yield f"no certificate of zone {zone.name} covers {host}: Universal SSL is off, or the host is more than one level below the zone"
    elif all(pack.get("status") != "active" for pack in covering):
        states = ", ".join(sorted({str(pack.get("status")) for pack in covering}))
        yield f"the certificate that covers {host} is not active yet: {states}"


def _covers(name: str, host: str) -> bool:
    """A wildcard stands for one label (RFC 6125 §6.4.3)."""
    if name.startswith("*."):
        return host.partition(".")[2] == name[2:]
    return name == host


def _rules(host: str, phase: str, wanted: Mapping[str, Any], rules: list[Mapping[str, Any]]) -> Iterator[str]:
    """Of each setting the last rule that has it and may be about the host decides."""
    mine = [rule for rule in rules if rule.get("enabled", True) and _may_be_about(str(rule.get("expression")), host)]
    for key, value in wanted.items():
        setting = [rule for rule in mine if key in (rule.get("action_parameters") or {})]
        if not any(_names(str(rule.get("expression")), host) for rule in setting):
            yield f"no enabled rule of ruleset phase {phase} sets {key} for {host}"
        elif setting[-1]["action_parameters"][key] != value:
            seen = setting[-1]["action_parameters"][key]
            yield f"the last rule of ruleset phase {phase} that may be about {host} says {key} = {seen!r}, not {value!r}"


def _names(expression: str, host: str) -> bool:
    """Rules of ours name each host; somebody else's may name all, or all below a name."""
    if expression == "true":
        return True
    named = quoted_hosts([expression])
    return host in named or any(host.endswith(name.removeprefix("*")) for name in named if name.startswith((".", "*.")))


def _may_be_about(expression: str, host: str) -> bool:
    """Not where it is plainly a list of other hosts."""
    return _names(expression, host) or not _OTHER_HOSTS.fullmatch(expression.strip())
