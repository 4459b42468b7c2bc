"""What the engine's state says of load balancers and the hosts that they answer for."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from linkproof.acm import dotted
from linkproof.contract.edge import EdgeSeen
from linkproof.contract.items import Item
from linkproof.contract.state import State
from linkproof.contract.values import Late
from linkproof.edges.gcp import items
from linkproof.edges.gcp.names import is_target, label

TYPES = frozenset(
    {
        items.ADDRESS, items.GROUP, items.ENDPOINT, items.BACKEND, items.URL_MAP, items.HTTPS_PROXY, items.HTTP_PROXY,
        items.FORWARDING_RULE, items.AUTHORIZATION, items.CERTIFICATE, items.CERTIFICATE_MAP, items.MAP_ENTRY,
    }
)  # fmt: skip
_SAID = {"authorization_name": "name", "authorization_value": "data"}


def seen(state: State) -> Iterator[EdgeSeen]:
    """One for each entry of a certificate map: the host is its resource's name."""
    origins = dict(_origins(state))
    for resource in (*state.resources, *state.leaving):
        if resource.type != items.MAP_ENTRY:
            continue
        account = resource.account or "default"
        yield EdgeSeen(
            resource.name,
            frozenset(_targets(state, account)),
            account,
            frozenset({origins[resource.name]} if resource.name in origins else ()),
            is_leaving=resource in state.leaving,
        )


def planned(wanted: Iterable[Item]) -> frozenset[tuple[str, str | None]]:
    return frozenset((item.resource, item.account) for item in wanted if item.engine_type == items.MAP_ENTRY)


def leads_here(name: str) -> bool:
    return is_target(name)


def late(late: Late, state: State) -> str | None:
    """An address, or name and value of the record that proves a host."""
    if late.output == "address":
        found = state.find(items.ADDRESS, late.item)
        address = found.outputs.get("address") if found else None
        return address if isinstance(address, str) and address else None
    if late.output not in _SAID:
        return None
    found = state.find(items.AUTHORIZATION, late.item)
    records = (found.outputs.get("dnsResourceRecords") if found else None) or [{}]
    return dotted(records[0].get(_SAID[late.output]))


def _targets(state: State, account: str) -> Iterator[str]:
    """The names of the account's load balancer, in every zone that this stack writes."""
    for resource in state.of_types(*state.record_types):
        name, _, rtype = resource.name.rpartition("/")
        if rtype in ("A", "AAAA") and name.startswith(f"{label(account)}."):
            yield f"{name}."


def _origins(state: State) -> Iterator[tuple[str, str]]:
    """Host and origin, as the URL maps have them: a path matcher says its origin in its description."""
    for resource in state.of_types(items.URL_MAP):
        matchers = {one.get("name"): one.get("description") for one in _mappings(resource.inputs.get("pathMatchers"))}
        for rule in _mappings(resource.inputs.get("hostRules")):
            origin = matchers.get(rule.get("pathMatcher"))
            if isinstance(origin, str):
                yield from ((str(host), origin) for host in rule.get("hosts") or ())


def _mappings(found: Any) -> list[Mapping[str, Any]]:
    return [one for one in found or () if isinstance(one, Mapping)]
