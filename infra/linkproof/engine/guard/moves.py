"""Changes that are no phase step and yet move what is in use: records, rules, the sender's account."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, Final, get_args

from linkproof.declaration.model import Region
from linkproof.engine.guard.departures import hosts_in_rules
from linkproof.engine.guard.deployed import AT_EDGE, Deployed
from linkproof.engine.guard.refusal import Refusal
from linkproof.engine.state import (
    CLOUDFLARE_RECORD,
    DISTRIBUTION,
    ROUTE53_RECORD,
    RULESET,
    Resource,
    State,
    record_values,
)
from linkproof.plan.model import Plan, PlannedZone
from linkproof.senders.registry import PLANS, sender_plan

_DNS_OF: Final = {ROUTE53_RECORD: "route53", CLOUDFLARE_RECORD: "cloudflare"}


def judge_moves(links: Sequence[Deployed], plan: Plan, state: State) -> Iterator[Refusal]:
    """Every refused move, by what the state really holds."""
    yield from _zones(plan, state)
    yield from _rulesets(links, plan, state)
    for deployed in links:
        if deployed.link is not None and deployed.past and not deployed.is_only_branded:
            yield from _sender(deployed, state)
            yield from _owner(deployed)


def _zones(plan: Plan, state: State) -> Iterator[Refusal]:
    moving: dict[tuple[str, str], list[str]] = {}
    for record in plan.records:
        found = state.record(record.resource)
        if found is not None and (change := _moved(found, plan.zone(record.zone))):
            moving.setdefault((record.zone, change), []).append(record.resource.rpartition("/")[0])
    for ruleset in plan.rulesets:
        found = state.find(RULESET, ruleset.resource) if ruleset.ours else None
        if found is not None and (change := _moved(found, plan.zone(ruleset.zone))):
            moving.setdefault((ruleset.zone, change), []).append(ruleset.resource)
    for (zone, change), names in moving.items():
        some = ", ".join(dict.fromkeys(names[:3])) + (" …" if len(names) > 3 else "")
        yield Refusal(
            "move.zone",
            zone,
            f"{change}: the records of {some} would be deleted where they are",
            f"let go of them first, as they are: `linkproof retire {zone} --keep -s {state.stack}`, then deploy the zone with"
            " `dns: manual`; once its records are at the new place, and the delegation too, declare that",
        )


def _moved(found: Resource, zone: PlannedZone) -> str:
    """What of the zone has changed for this resource; empty where nothing has."""
    was = _DNS_OF.get(found.type)
    if was is not None and was != zone.dns:
        return f"the zone's dns changes from {was} to {zone.dns}"
    ids = {_bare(side["zoneId"]) for side in (found.inputs, found.outputs) if isinstance(side.get("zoneId"), str)}
    if ids and ids != {_bare(zone.id or "")}:
        return f"the zone's id changes from {', '.join(sorted(ids - {zone.id}))} to {zone.id}"
    if found.account is not None and found.account != zone.account:
        return f"the zone's account changes from {found.account} to {zone.account}"
    return ""


def _bare(zone_id: str) -> str:
    return zone_id.removeprefix("/hostedzone/")  # Route 53 takes and gives both forms


def _rulesets(links: Sequence[Deployed], plan: Plan, state: State) -> Iterator[Refusal]:
    losing = state.ruleset_hosts - hosts_in_rules(plan)
    for deployed in links:
        if deployed.host in losing and not deployed.past.isdisjoint(AT_EDGE):
            yield Refusal(
                "move.rulesets",
                deployed.host,
                f"the rules of a link in phase {deployed.shown} would be deleted with their ruleset",
                "step it back to ready with `rulesets: ours`; say `external` there, put the rules that `linkproof plan` prints"
                " into the zone, and step forwards",
            )


def _sender(deployed: Deployed, state: State) -> Iterator[Refusal]:
    link = deployed.link
    assert link is not None
    new = (link.sender, link.region)
    old = sorted({known for target in _targets(deployed, state) if (known := _known_targets().get(target))} - {new})
    senders = {_exported_sender(deployed.host, state)} - {None, link.sender}
    if old or senders:
        before = " and ".join(f"{sender}, region {region}" for sender, region in old) or str(*senders)
        yield Refusal(
            "move.sender",
            deployed.host,
            f"the sender changes from {before} to {link.sender}, region {link.region}, in phase {deployed.shown}",
            "step back to branded as it was; change it there, deploy, validate the brand in the new account, and step forwards",
        )


def _targets(deployed: Deployed, state: State) -> set[str]:
    """Every name that the deployed link leads to, without trailing dot: of its records and of its edge's origin."""
    distribution = state.find(DISTRIBUTION, deployed.host)
    origins = [
        origin.get("domainName")
        for side in ((distribution.inputs, distribution.outputs) if distribution is not None else ())
        for origin in side.get("origins") or ()
        if isinstance(origin, dict)
    ]
    owner = deployed.said.get("owner_host") if deployed.said is not None else None
    records = [state.record(f"{host}/CNAME") for host in (deployed.host, owner) if host]
    values = [value for record in records if record is not None for value in record_values(record)]
    values += [
        value
        for record in _exported(state, "records")
        if owner is not None and record.get("name") == f"{owner}."
        for value in record.get("values") or ()
    ]
    return {str(value).removesuffix(".") for value in (*origins, *values) if value}


def _known_targets() -> dict[str, tuple[str, str]]:
    """Other names are nobody's account: a person has changed the record, and the deployment repairs it."""
    return {sender_plan(sender).target(region): (sender, region) for sender in PLANS for region in get_args(Region)}


def _exported_sender(host: str, state: State) -> str | None:
    found = [endpoint.get("sender") for endpoint in _exported(state, "endpoints") if endpoint.get("host") == host]
    return found[0] if found else None


def _exported(state: State, part: str) -> list[dict[str, Any]]:
    exported = state.outputs.get("expectations")
    entries = exported.get(part, []) if isinstance(exported, dict) else []
    return [entry for entry in entries if isinstance(entry, dict)]


def _owner(deployed: Deployed) -> Iterator[Refusal]:
    link, said = deployed.link, deployed.said
    assert link is not None
    old = said.get("owner_host") if said is not None else None
    new = link.owner_host.text if link.owner_host is not None else None
    if old is not None and old != new:
        yield Refusal(
            "move.owner",
            deployed.host,
            f"its owner host changes from {old} to {new or 'none'} in phase {deployed.shown}",
            "step back to branded with the old owner host; change it there, deploy, validate the brand, and step forwards",
        )
