"""Cloudflare: the record is proxied, and one entry-point ruleset per zone and ruleset phase sets the hosts right.

Sources: Cloudflare's rules and plans pages: one entry point per ruleset phase and zone; an expression is at most
4 KB; 10 rules per ruleset phase on the Free plan. SendGrid's CDN guide asks for SSL mode `full`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from linkproof.plan.items import CaaNeed, Endpoint, Items, Pending, Rule, Ruleset
from linkproof.plan.subject import Subject
from linkproof.senders.needs import EdgeNeeds

CAS = ("letsencrypt.org", "pki.goog", "ssl.com", "sectigo.com", "digicert.com")
# TXT or HTTP, as it likes: the ACME labels, and those of the Baseline Requirements (ballot SC-098) for 3.2.2.4.7, .18 and .19.
METHODS = ("dns-01", "http-01", "ca-tbr-7", "ca-tbr-18", "ca-tbr-19")
PROXIED_TTL_SECONDS = 300
EXPRESSION_OCTETS = 4096

CONFIG_PHASE = "http_config_settings"
CACHE_PHASE = "http_request_cache_settings"


def edge_items(subject: Subject, needs: EdgeNeeds) -> Items:
    """No object of its own: the edge exists for a host once its record is proxied."""
    endpoint = Endpoint(
        id=f"{subject.key}/edge",
        path=subject.path,
        host=subject.host,
        sender=subject.sender,
        phase=subject.phase,
        edge="cloudflare",
        hsts_parents=subject.hsts_parents,
    )
    unprobed = Pending(
        f"{subject.key}/edge",
        f"Cloudflare has no edge for {subject.host} until its record is proxied: its certificate and rules are in place,"
        " but nothing outside can be asked before the phase is live",
    )
    return Items(
        endpoints=(endpoint,) if subject.in_use else (),
        pending=() if subject.in_use else (unprobed,),
        caa=(CaaNeed(f"{subject.key}/caa", f"{subject.path}.click_host", subject.host, CAS, METHODS),),
        settings=(
            ("origin", f"https://{needs.origin} (SSL mode full, the viewer's Host)"),
            ("forwards", "all headers and query strings, as Cloudflare does by default"),
            ("cache", "bypassed"),
            ("viewer", "http and https; browser integrity check and e-mail obfuscation off; Universal SSL"),
        ),
    )


def rulesets(zone: str, hosts_by_edge: dict[str, list[str]], *, ours: bool, in_use: bool) -> list[Ruleset]:
    """Both entry-point rulesets of a zone, with a rule per edge and 4 KB of hosts.

    Args:
        ours: this stack owns them.
        in_use: a record of one of the hosts is proxied.
    """
    wanted: tuple[tuple[str, str, str, tuple[tuple[str, str | bool], ...]], ...] = (
        (CONFIG_PHASE, "set_config", "config", (("bic", False), ("email_obfuscation", False), ("ssl", "full"))),
        (CACHE_PHASE, "set_cache_settings", "cache", (("cache", False),)),
    )
    return [
        Ruleset(
            resource=f"{zone}/{ruleset_phase}",
            zone=zone,
            ruleset_phase=ruleset_phase,
            ours=ours,
            protect=ours and in_use,
            rules=tuple(
                Rule(
                    ref=f"linkproof_{short}_{edge}_{number}",
                    description=f"linkproof: click hosts of edge {edge}",
                    expression=expression,
                    action=action,
                    parameters=parameters,
                )
                for edge, hosts in sorted(hosts_by_edge.items())
                for number, expression in enumerate(_expressions(sorted(hosts)), start=1)
            ),
        )
        for ruleset_phase, action, short, parameters in wanted
    ]


def _expressions(hosts: Iterable[str]) -> Iterator[str]:
    """`http.host in {…}`, as many as 4 KB each require."""
    head, tail = "http.host in {", "}"
    members: list[str] = []
    size = len(head) + len(tail)
    for host in hosts:
        member = f'"{host}"'
        if members and size + len(member) + 1 > EXPRESSION_OCTETS:
            yield head + " ".join(members) + tail
            members, size = [], len(head) + len(tail)
        members.append(member)
        size += len(member) + 1
    if members:
        yield head + " ".join(members) + tail
