"""Changes that are no phase step and yet move what is in use: records, rules, the sender's account."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from linkproof import registry
from linkproof.contract.declared import Zone
from linkproof.contract.guard import Deployment, Past, Refusal
from linkproof.contract.items import Record
from linkproof.contract.state import Resource, State
from linkproof.engine.guard.deployed import Deployed, edges_in_use
from linkproof.engine.guard.senders import judge_accounts, judge_sender
from linkproof.engine.state import record_sides, record_types
from linkproof.plan.model import Plan


def judge_moves(links: Sequence[Deployed], plan: Plan, state: State) -> Iterator[Refusal]:
    """Every refused move, by what the state really holds."""
    yield from _zones(plan, state)
    yield from _by_plugins(links, plan, state)
    yield from judge_accounts(plan, state)
    for deployed in links:
        if deployed.link is None or not deployed.past:
            continue
        yield from judge_sender(deployed, state)
        if not deployed.is_only_branded:
            yield from _owner(deployed)


def _zones(plan: Plan, state: State) -> Iterator[Refusal]:
    moving: dict[tuple[str, str], list[str]] = {}
    for item in plan.items:
        zone_name = getattr(item, "zone", None)
        if zone_name is None:
            continue
        zone = plan.zone(zone_name)
        if isinstance(item, Record):
            found, name = state.record(item.resource), item.resource.rpartition("/")[0]
        else:
            found, name = (state.find(item.engine_type, item.resource) if item.is_ours else None), item.resource
        if found is not None and (change := _moved(found, zone, state)):
            moving.setdefault((zone_name, change), []).append(name)
    for (zone_name, change), names in moving.items():
        some = ", ".join(dict.fromkeys(names[:3])) + (" …" if len(names) > 3 else "")
        yield Refusal(
            "move.zone",
            zone_name,
            f"{change}: the records of {some} would be deleted where they are",
            f"let go of them first, as they are: `linkproof retire {zone_name} --keep -s {state.stack}`, then deploy the zone with"
            " `dns: manual`; once its records are at the new place, and the delegation too, declare that",
        )


def _moved(found: Resource, zone: Zone, state: State) -> str:
    """What of the zone has changed for this resource; empty where nothing has."""
    was = record_types().get(found.type)
    if was is not None and was != zone.dns:
        return f"the zone's dns changes from {was} to {zone.dns}"
    ids = set(_zone_ids(found, state))
    if ids and ids != {zone.id}:
        return f"the zone's id changes from {', '.join(sorted(ids - {zone.id}))} to {zone.id}"
    if found.account is not None and found.account != zone.account:
        return f"the zone's account changes from {found.account} to {zone.account}"
    return ""


def _zone_ids(found: Resource, state: State) -> Iterable[str]:
    if state.is_record(found):
        return [side.zone_id for side in record_sides(found) if side.zone_id is not None]
    return [side["zoneId"] for side in (found.inputs, found.outputs) if isinstance(side.get("zoneId"), str)]


def _by_plugins(links: Sequence[Deployed], plan: Plan, state: State) -> Iterator[Refusal]:
    """What each plug-in refuses of its own."""
    deployment = Deployment(plan.items, state, [Past(one.host, one.past, edges_in_use(one, state)) for one in links])
    for plugin in registry.plugins():
        if plugin.guard is not None:
            yield from plugin.guard.judge(deployment)


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
