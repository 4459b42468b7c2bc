"""What the engine itself says that it would do: the plan and the state may both be right, and the steps still lose clicks."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from linkproof import registry
from linkproof.contract.guard import Refusal
from linkproof.contract.state import State
from linkproof.declaration.model import Declaration
from linkproof.engine.changes import Change
from linkproof.engine.guard.deployed import AT_EDGE, Deployed, deployed_links, edges_in_use
from linkproof.engine.phase import edges_seen, leads_to_an_edge
from linkproof.engine.state import record_types, record_values
from linkproof.names import with_dot

MANY: Final = "preview.many"
# Rules that a person may set aside for one deployment.
ALLOWABLE: Final = (MANY,)
_FEWEST_RECORDS, _SHARE = 10, 0.3


def judge_preview(
    found: Sequence[Change],
    document: Mapping[str, Any],
    state: State,
    declaration: Declaration,
    allowed: frozenset[str] = frozenset(),
) -> list[Refusal]:
    """Every refused step.

    Args:
        found: what the engine would do.
        document: the state's, with the dependencies of each resource.
        allowed: rules of `ALLOWABLE` that a person has set aside.
    """
    links = deployed_links(declaration, state)
    refusals = [
        *_protected(found, state),
        *_in_use(found, links, state),
        *_unordered(found, document, state),
        *_not_ours(found, state),
    ]
    if MANY not in allowed:
        refusals += _many(found, state)
    return refusals


def _protected(found: Sequence[Change], state: State) -> Iterator[Refusal]:
    for change in found:
        if change.takes_away and change.protect:
            yield Refusal(
                "preview.protected",
                change.name,
                f"the engine would {change.op} it ({change.type}), and it is protected",
                f"step its link to branded and `linkproof retire` it, or put back what the declaration lost (`linkproof explain"
                f" preview.protected`); state of stack {state.stack}",
            )


def _in_use(found: Sequence[Change], links: Sequence[Deployed], state: State) -> Iterator[Refusal]:
    """Click records of links that stay, whose clicks go through them in every phase, and the edges of those at one."""
    records, edges = set[str](), set[tuple[str, str]]()
    for one in links:
        if one.link is not None and one.past:
            records.add(f"{one.host}/CNAME")
        if one.past.isdisjoint(AT_EDGE):
            continue
        for provider in edges_in_use(one, state):
            plugin = registry.edge(provider) if provider in registry.EDGES else None
            types = plugin.state.TYPES if plugin is not None and plugin.state is not None else frozenset()
            edges |= {(type_, one.host) for type_ in types}
    for change in found:
        is_one = change.name in records if change.type in record_types() else (change.type, change.name) in edges
        if change.takes_away and is_one and not change.protect:
            yield Refusal(
                "preview.in-use",
                change.name,
                f"the engine would {change.op} it while clicks are led through it{_because(change)}",
                "step the link to ready first, one phase a deployment; or take back what makes the engine do so",
            )


def _because(change: Change) -> str:
    return f", because of {', '.join(change.keys)}" if change.keys else ""


def _many(found: Sequence[Change], state: State) -> Iterator[Refusal]:
    there = [one for one in state.resources if state.is_record(one)]
    urns = {one.urn for one in there}
    changing = [one for one in found if one.urn in urns and one.op != "create"]
    if len(there) >= _FEWEST_RECORDS and len(changing) > _SHARE * len(there):
        names = ", ".join(one.name for one in changing[:3])
        yield Refusal(
            MANY,
            state.stack,
            f"{len(changing)} of its {len(there)} records would be changed or deleted ({names}, …)",
            f"see `linkproof diff` and the preview; if it is meant: `linkproof deploy {state.stack} --allow {MANY}`",
        )


def _unordered(found: Sequence[Change], document: Mapping[str, Any], state: State) -> Iterator[Refusal]:
    raw = {one["urn"]: one for one in (document.get("deployment") or {}).get("resources") or ()}
    going = {one.urn for one in found if one.op == "delete"}
    objects = {one.urn: _texts(one.outputs) for one in state.resources if one.urn in going and not state.is_record(one)}
    for record in state.resources:
        if record.urn not in going or not state.is_record(record):
            continue
        after = _needs(record.urn, raw)
        for urn, texts in objects.items():
            led_to = sorted(set(record_values(record)) & texts)
            if led_to and urn not in after:
                yield Refusal(
                    "preview.unordered",
                    record.name,
                    f"it and {urn.rpartition('::')[2]}, to which it leads ({led_to[0]}), would be deleted with nothing to say which"
                    " goes first",
                    f"delete the record in a deployment before (`linkproof retire`), or `pulumi up -s {state.stack}` once as deployed,"
                    " which writes the order into the state",
                )


def _needs(urn: str, raw: Mapping[str, Mapping[str, Any]]) -> frozenset[str]:
    """Everything that must outlive this resource: what it depends on, and what that depends on."""
    seen: set[str] = set()
    waiting = [urn]
    while waiting:
        one = raw.get(waiting.pop()) or {}
        named = [*(one.get("dependencies") or ()), one.get("deletedWith") or "", one.get("parent") or ""]
        named += [other for urns in (one.get("propertyDependencies") or {}).values() for other in urns or ()]
        waiting += [other for other in named if other and other not in seen]
        seen.update(named)
    return frozenset(seen)


def _texts(value: Any) -> frozenset[str]:
    """Every text in a resource's outputs that could be a name, with its trailing dot."""
    if isinstance(value, str):
        return frozenset({with_dot(value)}) if "." in value and " " not in value else frozenset()
    parts = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return frozenset().union(*map(_texts, parts))


def _not_ours(found: Sequence[Change], state: State) -> Iterator[Refusal]:
    ours = {name for edges in edges_seen(state).by_host.values() for _, seen in edges for name in seen.names}
    for change in found:
        host = record_types().get(change.type)
        reader = registry.dns(host).state if host is not None and change.op != "delete" else None
        if reader is None:
            continue
        for value in reader.read(dict(change.inputs)).values:
            if leads_to_an_edge(value) and value not in ours:
                yield Refusal(
                    "preview.not-ours",
                    change.name,
                    f"it would lead to {value}, and no edge in the state of {state.stack} has that name",
                    "deploy `ready` first, so that the edge is in the state; an edge that is somebody else's must not be led to",
                )
