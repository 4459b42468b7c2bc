"""What a record serves: its values as the world sees them, for how long, and whether they lead to an edge."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, replace
from typing import Any, Literal

from linkproof import registry
from linkproof.contract.declared import PHASES_AT_EDGE
from linkproof.contract.items import Record
from linkproof.contract.values import Late
from linkproof.plan.model import Plan

_LATE = "late:"


@dataclass(frozen=True, slots=True)
class Served:
    """One way in which a record was served.

    Args:
        values: RDATA in presentation form; a value known only after deployment is written `late:<output>:<item>`.
        served: `proxied`: the provider's addresses answer in place of the values; `alias`: the addresses of the values do.
        ttl_seconds: as resolvers saw it.
        propagation_seconds: of the zone: how long its servers may differ after a change.
        edge: who terminated HTTPS where the record led to an edge; None where it led to the sender.
        zone: the zone's DNS host; `manual`: people write the record, at a moment that nobody knows.
    """

    values: tuple[str, ...]
    served: Literal["as-declared", "proxied", "alias"]
    ttl_seconds: int
    propagation_seconds: int
    edge: str | None
    zone: str

    def to_text(self) -> str:
        """One line of JSON: the engine then holds one property a record, and shows a change as one line."""
        return json.dumps(asdict(self), separators=(",", ":"), ensure_ascii=False)

    @classmethod
    def from_text(cls, text: Any) -> Served:
        """Raises:
        ValueError: the text is not one that `to_text` has written.
        """
        try:
            document = json.loads(text)
            seconds = (int(document["ttl_seconds"]), int(document["propagation_seconds"]))
            found = cls(**{**document, "values": tuple(document["values"])})
        except (KeyError, TypeError, ValueError) as error:
            raise ValueError(f"not an entry of the history: {str(text)[:80]}") from error
        return replace(found, ttl_seconds=seconds[0], propagation_seconds=seconds[1])


def served_now(plan: Plan) -> dict[str, str]:
    """What each planned record serves once the plan is deployed, as text, by the record's `resource`."""
    edges: dict[str, str | None] = {
        f"{link.click_host}/CNAME": link.edge_provider
        for link in plan.links
        if link.phase in PHASES_AT_EDGE and link.edge_provider is not None
    }
    return {record.resource: _served(record, plan, edges).to_text() for record in plan.records}


def late_of(value: str) -> Late | None:
    """The reference that a value of the history stands for; None where it is the value itself."""
    if not value.startswith(_LATE):
        return None
    output, _, item = value.removeprefix(_LATE).partition(":")
    return Late(item, output)


def _served(record: Record, plan: Plan, edges: dict[str, str | None]) -> Served:
    zone = plan.zone(record.zone)
    value = record.value
    plan_of_host = registry.dns(zone.dns).plan
    ttl = record.alias.ttl_seconds if record.alias is not None else record.ttl_seconds
    return Served(
        values=(f"{_LATE}{value.output}:{value.item}" if isinstance(value, Late) else value,),
        served=record.served,
        ttl_seconds=plan_of_host.served_ttl_seconds(ttl, proxied=record.proxied),
        propagation_seconds=zone.propagation_seconds,
        edge=edges.get(record.resource),
        zone=zone.dns,
    )
