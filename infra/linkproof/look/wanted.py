"""What must hold for a host to be what it was recognised as: expectations for the verifier, from what was seen."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from linkproof import registry
from linkproof.contract.declared import MANAGED, Sender
from linkproof.expectations.model import Expectations, parse
from linkproof.known import has_names
from linkproof.registrable import hsts_parents

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from linkproof.contract.needs import OwnEdge
    from linkproof.look.recognise import Recognised


def wanted(seen: Sequence[Recognised]) -> Expectations:
    """One record for each host, as its first server gives it, with what its sender and edge need.

    The ids begin with the host, so that a finding tells whose it is.
    """
    zones = dict.fromkeys(one.zone for one in seen if one.zone and one.zone != ".")
    return parse(
        {
            "version": 1,
            "stack": "look",
            "zones": [{"id": f"zone/{name.rstrip('.')}", "name": name} for name in zones],
            "records": [record for one in seen if not one.is_own for record in (_record(one), *_of_own_https(one))],
            "caa": [need for one in seen for need in _caa(one)],
            "endpoints": [place for one in seen for place in _endpoint(one)],
        }
    )


def _record(one: Recognised) -> dict[str, Any]:
    record: dict[str, Any] = {"id": f"{one.host}/name", "path": one.host, "name": f"{one.host}.", "ttl": "ignore"}
    if one.chain:
        return {**record, "type": "CNAME", "values": [one.chain[0]]}
    if one.edge in _proxies():
        return {**record, "type": "CNAME", "values": [], "served": "proxied"}
    if one.addresses and not has_names(one.edge):
        return {**record, "type": "A", "values": list(one.addresses)}
    return {**record, "type": "CNAME", "values": [], "served": "alias"}


def _of_own_https(one: Recognised) -> Iterator[dict[str, Any]]:
    """By these the sender gets the host's certificate, and renews it; what they say is known to their owner alone."""
    own = _own_edge(one)
    for label, record_type in own.records if own is not None else ():
        name = f"{label}.{one.host}"
        record = {"id": f"{one.host}/{label}", "path": one.host, "name": f"{name}.", "type": record_type}
        yield {**record, "match": "present", "values": [], "ttl": "ignore", "resolve": "none"}


def _own_edge(one: Recognised) -> OwnEdge | None:
    """What the sender's own HTTPS takes; None where it is not that which serves the host, or is not modelled."""
    if one.edge != MANAGED or one.is_own or not registry.sender(one.sender).is_complete:
        return None
    plugin = registry.sender(one.sender)
    said = {"provider": one.sender, **({"region": one.region} if one.region else {})}
    sender = Sender(one.sender, one.sender, "", options=plugin.options.model_validate(said))
    return plugin.plan.edge_needs(sender).own_edge


def _proxies() -> set[str | None]:
    """Edges that a DNS host leads to by itself: nobody sees the CNAME then."""
    return {host.facts.PROXY for host in registry.dns_hosts()} - {None}


def _caa(one: Recognised) -> list[dict[str, Any]]:
    own = _own_edge(one)
    if own is not None:
        need = {"id": f"{one.host}/caa", "path": one.host, "host": one.host, "cas": own.cas}
        return [{**need, "methods": list(own.methods)}]
    if one.edge not in registry.EDGES or not (edge := registry.edge(one.edge)).is_complete or not edge.facts.CAS:
        return []
    methods = getattr(edge.facts, "METHODS", ())
    return [
        {"id": f"{one.host}/caa", "path": one.host, "host": one.host, "cas": edge.facts.CAS, "methods": list(methods)}
    ]


def _endpoint(one: Recognised) -> list[dict[str, Any]]:
    """Nothing is asked of a service that only its name is known of, for any request might count; nor of a sender's own host."""
    if one.service or one.is_own:
        return []
    parents = hsts_parents(one.host, one.zone.removesuffix("."))
    place: dict[str, Any] = {"id": f"{one.host}/edge", "path": one.host, "host": one.host, "hsts_parents": parents}
    if one.is_tracking:
        return [{**place, "sender": one.sender, "http": "off"}]
    if not one.sender:
        return [{**place, "edge": one.edge or None, "http": "optional", "in_use": False}]
    if one.phase == "branded":
        return [{**place, "sender": one.sender, "phase": "branded", "https": "off"}]
    files: dict[str, Any] = {"universal_links": {name: [] for name in one.files}} if one.files else {}
    return [{**place, "sender": one.sender, "edge": one.edge, "phase": "live", **files}]
