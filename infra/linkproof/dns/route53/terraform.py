"""What the state of Terraform has of Route 53."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from linkproof.contract.reading import mappings, seconds, text, texts, wire
from linkproof.contract.seen import FAMILY_OF, LEADING_TYPES, SeenRecord, SeenZone, TerraformReader

_POLICIES = (
    "cidr_routing_policy", "failover_routing_policy", "geolocation_routing_policy", "geoproximity_routing_policy",
    "latency_routing_policy", "multivalue_answer_routing_policy", "weighted_routing_policy",
)  # fmt: skip
ROUTED = "is one of several by a routing policy, which cannot be declared"


def zone(values: Mapping[str, Any], source: str) -> SeenZone | None:
    """A public zone; what only a VPC sees says nothing of the world's mail."""
    if mappings(values, "vpc") or values.get("private_zone"):
        return None
    name, zone_id = wire(text(values, "name")), bare_id(text(values, "zone_id") or text(values, "id"))
    return SeenZone(name, source, id=zone_id) if name and zone_id else None


def record(values: Mapping[str, Any], source: str) -> SeenRecord | None:
    """`fqdn` is the whole name: `name` may be written without the zone."""
    del source
    rtype = text(values, "type")
    if rtype not in LEADING_TYPES:
        return None
    aliases = mappings(values, "alias")
    targets = [text(one, "name") for one in aliases] or (texts(values, "records") if rtype == "CNAME" else [])
    if not targets:
        return None
    doubt = ROUTED if text(values, "set_identifier") or any(values.get(policy) for policy in _POLICIES) else ""
    return SeenRecord(
        wire(text(values, "fqdn") or text(values, "name")),
        wire(targets[0]),
        seconds(values, "ttl"),
        is_alias=bool(aliases),
        doubt=doubt,
        zone_id=bare_id(text(values, "zone_id")),
        families=(FAMILY_OF[rtype],) if aliases and rtype in FAMILY_OF else (),
    )


def bare_id(zone_id: str) -> str:
    """Route 53 takes and gives both forms."""
    return zone_id.removeprefix("/hostedzone/")


READERS: Mapping[str, TerraformReader] = {"aws_route53_zone": zone, "aws_route53_record": record}
