"""Cloudflare: the record is proxied, and one entry-point ruleset per zone and ruleset phase sets the hosts right.

SendGrid's CDN guide asks for SSL mode `full`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace

from linkproof.contract.checks import Pending
from linkproof.contract.declared import Zone
from linkproof.contract.edge import Click, EdgePart, EdgePlanned, EdgeUse
from linkproof.contract.needs import EdgeNeeds
from linkproof.edges.cloudflare.facts import CAS, METHODS, MOST_EXPRESSION_OCTETS
from linkproof.edges.cloudflare.items import Ruleset, RulesetRule

CONFIG_PHASE = "http_config_settings"
CACHE_PHASE = "http_request_cache_settings"
HEADERS_PHASE = "http_request_late_transform"
_CONFIG = RulesetRule("config", "", "", "set_config", (("bic", False), ("email_obfuscation", False), ("ssl", "full")))
# Whatever a sender would have kept: how long is the plan's to say, and on the Free plan nobody's.
_CACHE = RulesetRule("cache", "", "", "set_cache_settings", (("cache", False),))
_HEADERS = RulesetRule("headers", "", "", "rewrite", headers=(("X-Forwarded-Host", "http.host"),))


@dataclass(slots=True)
class _Zone:
    """What a zone's links ask of its rulesets.

    Args:
        hosts: by the key of their edge.
        telling: those whose sender is told the host by X-Forwarded-Host too, likewise.
        ours: this stack owns the rulesets.
        in_use: a record of one of the hosts is proxied.
    """

    zone: Zone
    hosts: dict[str, list[str]] = field(default_factory=dict)
    telling: dict[str, list[str]] = field(default_factory=dict)
    ours: bool = True
    in_use: bool = False


def plan(uses: Sequence[EdgeUse]) -> EdgePlanned:
    """No object per link: the edge exists for a host once its record is proxied. Rulesets are the zone's."""
    zones: dict[str, _Zone] = {}
    for use in uses:
        zone = zones.setdefault(use.zone.name.text, _Zone(use.zone))
        zone.hosts.setdefault(use.edge.key, []).append(use.host)
        if use.needs.forwarded_host == "always":
            zone.telling.setdefault(use.edge.key, []).append(use.host)
        zone.ours = zone.ours and use.edge.options.rulesets == "ours"
        zone.in_use = zone.in_use or use.in_use
    shared = [ruleset for zone in zones.values() for ruleset in _rulesets(zone)]
    made = {zone: tuple(one.resource for one in shared if one.ours and one.zone == zone) for zone in zones}
    return EdgePlanned({use.key: _part(use, made[use.zone.name.text]) for use in uses}, tuple(shared))


def _part(use: EdgeUse, rulesets: tuple[str, ...]) -> EdgePart:
    unprobed = Pending(
        f"{use.key}/edge",
        f"Cloudflare has no edge for {use.host} until its record is proxied: its certificate and rules are in place,"
        " but nothing outside can be asked before the click host leads there",
    )
    own = use.edge.options.own_certificate(use.host)
    answers = use.endpoint() if use.in_use else unprobed
    return EdgePart(
        checks=(answers,) if own else (answers, use.caa(CAS, METHODS)),
        click=Click(f"{use.needs.origin}.", proxied=True, needs=rulesets),
        certificate=own or "Cloudflare Universal SSL",
        certificate_is_yours=own is not None,
        settings=(
            ("origin", f"https://{use.needs.origin} (SSL mode full, the viewer's Host)"),
            ("forwards", f"all headers and query strings, as Cloudflare does by default{_beside(use.needs)}"),
            ("cache", "bypassed"),
            ("viewer", "http and https; browser integrity check and e-mail obfuscation off"),
        ),
    )


def _beside(needs: EdgeNeeds) -> str:
    return "; X-Forwarded-Host is set to the click host" if needs.forwarded_host == "always" else ""


def _rulesets(zone: _Zone) -> Iterator[Ruleset]:
    """The entry-point rulesets of a zone, with a rule per edge and 4 KB of hosts."""
    wanted = (
        (CONFIG_PHASE, _CONFIG, zone.hosts),
        (CACHE_PHASE, _CACHE, zone.hosts),
        (HEADERS_PHASE, _HEADERS, zone.telling),
    )
    for ruleset_phase, rule, by_edge in wanted:
        if not by_edge:
            continue
        yield Ruleset(
            resource=f"{zone.zone.name.text}/{ruleset_phase}",
            zone=zone.zone.name.text,
            ruleset_phase=ruleset_phase,
            account=zone.zone.account,
            ours=zone.ours,
            protect=zone.ours and zone.in_use,
            rules=tuple(
                replace(
                    rule,
                    ref=f"linkproof_{rule.ref}_{edge}_{number}",
                    description=f"linkproof: click hosts of edge {edge}",
                    expression=expression,
                )
                for edge, hosts in sorted(by_edge.items())
                for number, expression in enumerate(expressions(sorted(hosts)), start=1)
            ),
        )


def expressions(hosts: Iterable[str]) -> Iterator[str]:
    """`http.host in {…}`, as many as 4 KB each require."""
    head, tail = "http.host in {", "}"
    members: list[str] = []
    size = len(head) + len(tail)
    for host in hosts:
        member = f'"{host}"'
        if members and size + len(member) + 1 > MOST_EXPRESSION_OCTETS:
            yield head + " ".join(members) + tail
            members, size = [], len(head) + len(tail)
        members.append(member)
        size += len(member) + 1
    if members:
        yield head + " ".join(members) + tail
