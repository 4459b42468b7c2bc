"""A plan for people and for programs."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict
from typing import Any

from linkproof.declaration.model import Declaration
from linkproof.plan.by_hand import LateValue, by_hand, nothing_known
from linkproof.plan.diff import changes_of_next_phase, next_phase
from linkproof.plan.items import Late
from linkproof.plan.model import Plan, PlannedLink

_RULESETS_HELP = "these rules belong in a ruleset that somebody else owns"


def render(declaration: Declaration, plan: Plan, late: LateValue = nothing_known) -> str:
    """Per link: both CNAMEs now, certificate, edge and what the next phase would change; then what is by hand.

    Args:
        late: what a deployment has made known, for `plan STACK`.
    """
    proxied = {record.name for record in plan.records if record.proxied}
    lines: list[str] = []
    for link in plan.links:
        lines += [*_link(declaration, link, late, is_proxied=link.click_host in proxied), ""]
    for host in plan.hosts:
        lines += [
            f"{host.key}  {host.provider}",
            f"  tracking host  {host.host}. CNAME {host.points_at}",
            "  certificate    RSA 2048, one host, uploaded in KARTE's admin page by hand; no proxy",
            "",
        ]
    lines += [*_by_hand(plan, late)]
    return "\n".join(lines).rstrip()


def _link(declaration: Declaration, planned: PlannedLink, late: LateValue, *, is_proxied: bool) -> Iterator[str]:
    link = declaration.links[planned.key]
    edge = f"{planned.edge} ({planned.edge_provider})" if planned.edge_provider else planned.edge or "none"
    yield f"{planned.key}  {planned.sender}, phase {planned.phase}, edge {edge}"
    target = planned.click_points_at
    known = late(target) if isinstance(target, Late) else None
    answered = " (proxied: the edge's own addresses are answered, never this CNAME)" if is_proxied else ""
    yield f"  click host   {planned.click_host}. CNAME {known or target}{answered}"
    if planned.owner_host is not None:
        yield f"  owner host   {planned.owner_host}. CNAME {planned.owner_points_at}"
    yield f"  certificate  {planned.certificate}"
    for name, value in planned.settings:
        yield f"  {name:<11}  {value}"
    following = next_phase(link)
    if following is None:
        yield (
            "  next         nothing: this is the last phase"
            if link.edge
            else "  next         nothing: the link has no edge yet"
        )
        return
    changes = changes_of_next_phase(declaration, link)
    by_sender = (
        "; the sender's support switches https on, per account and subuser" if following.phase == "secured" else ""
    )
    yield f"  next         {following.phase}:" + (
        "" if changes else f" nothing changes in DNS or at the edge{by_sender}"
    )
    for change in changes:
        yield f"    {change}"


def _by_hand(plan: Plan, late: LateValue) -> Iterator[str]:
    records = by_hand(plan, late)
    if records:
        yield "publish these by hand (dns: manual):"
        yield from (f"  {record}" for record in records)
    for ruleset in plan.rulesets:
        if not ruleset.ours:
            yield f"{_RULESETS_HELP} ({ruleset.zone}, {ruleset.ruleset_phase}):"
            for rule in ruleset.rules:
                parameters = ", ".join(f"{name}: {str(value).lower()}" for name, value in rule.parameters)
                yield f"  {rule.action} {{{parameters}}} where {rule.expression}"


def to_json(declaration: Declaration, plan: Plan, late: LateValue = nothing_known) -> dict[str, Any]:
    """The whole plan as plain values; late-bound ones as `{"late": item, "output": name}`.

    `by_hand` has the records to publish, with their real values where `late` knows them.
    """
    document: dict[str, Any] = {"version": 1, "file": declaration.file}
    for section, items in (
        ("zones", plan.zones),
        ("links", plan.links),
        ("tracking_hosts", plan.hosts),
        ("records", plan.records),
        ("certificates", plan.certificates),
        ("policies", plan.policies),
        ("distributions", plan.distributions),
        ("rulesets", plan.rulesets),
        ("endpoints", plan.endpoints),
        ("caa", plan.caa),
        ("pending", plan.pending),
        ("by_hand", by_hand(plan, late)),
    ):
        document[section] = [_plain(item) for item in items]
    for entry, link in zip(document["links"], plan.links, strict=True):
        declared = declaration.links[link.key]
        following = next_phase(declared)
        entry["next"] = following and {
            "phase": following.phase,
            "changes": [str(change) for change in changes_of_next_phase(declaration, declared)],
        }
    return document


def _plain(item: Any) -> dict[str, Any]:
    plain = asdict(item)
    for field in ("name", "value", "connect", "click_points_at"):
        value = getattr(item, field, None)
        if isinstance(value, Late):
            plain[field] = {"late": value.item, "output": value.output}
    for canary in plain.get("canaries", ()):
        del canary["url"]
    return plain
