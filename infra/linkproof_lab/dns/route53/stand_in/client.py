"""Route 53 as the record type needs it: zones, record sets, change batches."""

from __future__ import annotations

import re
import threading
from dataclasses import dataclass, field
from typing import Any, Final
from xml.etree import ElementTree as ET

from linkproof.providers.protocol.base import Patience

from linkproof_lab.vendors.aws.stand_in import xml
from linkproof_lab.vendors.aws.stand_in.client import AwsClient

_NAMESPACE: Final = "https://route53.amazonaws.com/doc/2013-04-01/"
_ROOT: Final = "/2013-04-01"
_QUOTED_TYPES: Final = frozenset({"TXT", "SPF"})


@dataclass(frozen=True, slots=True)
class RecordSet:
    """A record set as Route 53 keeps it.

    Args:
        name: without the trailing dot.
        aliases: name, zone id and whether the target's health counts; at most one.
    """

    name: str
    type: str
    ttl_seconds: int | None = None
    values: tuple[str, ...] = ()
    aliases: tuple[tuple[str, str, bool], ...] = ()

    def node(self) -> list[xml.Node | None]:
        return [
            ("Name", self.name),
            ("Type", self.type),
            None if self.ttl_seconds is None or self.aliases else ("TTL", self.ttl_seconds),
            ("ResourceRecords", [("ResourceRecord", [("Value", value)]) for value in self.values])
            if self.values
            else None,
            *(
                ("AliasTarget", [("HostedZoneId", zone_id), ("DNSName", name), ("EvaluateTargetHealth", health)])
                for name, zone_id, health in self.aliases
            ),
        ]


@dataclass(slots=True)
class Route53:
    """The service of one account."""

    aws: AwsClient
    _names: dict[str, str] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def zone(self, zone_id: str) -> ET.Element:
        """`GetHostedZoneResponse`; ApiError `NoSuchHostedZone` when there is none."""
        return self.aws.rest("route53", "GET", f"{_ROOT}/hostedzone/{zone_id}")[0]

    def zones_named(self, name: str) -> list[ET.Element]:
        query = {"dnsname": name, "maxitems": "100"}
        found = self.aws.rest("route53", "GET", f"{_ROOT}/hostedzonesbyname", query=query)[0].findall(
            "HostedZones/HostedZone"
        )
        return [zone for zone in found if xml.text(zone, "Name").rstrip(".") == name.rstrip(".")]

    def full_name(self, name: str, zone_id: str) -> str:
        """The record's name with its zone's, without a trailing dot: the provider takes both forms."""
        short = name.rstrip(".").lower()
        with self._lock:
            zone = self._names.get(zone_id)
        if zone is None:
            zone = xml.text(self.zone(zone_id), "HostedZone/Name").rstrip(".")
            with self._lock:
                self._names[zone_id] = zone
        if short == zone or short.endswith("." + zone):
            return short
        return f"{short}.{zone}" if short else zone

    def change(self, zone_id: str, changes: list[tuple[str, RecordSet]]) -> str:
        """One batch of (action, record set); the id of the change."""
        nodes = [("Change", [("Action", action), ("ResourceRecordSet", record.node())]) for action, record in changes]
        body = xml.document("ChangeResourceRecordSetsRequest", _NAMESPACE, [("ChangeBatch", [("Changes", nodes)])])
        answer, _ = self.aws.rest("route53", "POST", f"{_ROOT}/hostedzone/{zone_id}/rrset/", body)
        return xml.text(answer, "ChangeInfo/Id").rpartition("/")[2]

    def wait_for(self, change_id: str, patience: Patience) -> None:
        """Wait until every server of the zone has the change (INSYNC)."""

        def in_sync() -> bool | None:
            answer, _ = self.aws.rest("route53", "GET", f"{_ROOT}/change/{change_id}")
            return True if xml.text(answer, "ChangeInfo/Status") == "INSYNC" else None

        patience.until(f"Route 53 change {change_id} to INSYNC", in_sync)

    def record_set(self, zone_id: str, name: str, record_type: str) -> RecordSet | None:
        query = {"name": name, "type": record_type, "maxitems": "1"}
        answer, _ = self.aws.rest("route53", "GET", f"{_ROOT}/hostedzone/{zone_id}/rrset", query=query)
        for found in answer.findall("ResourceRecordSets/ResourceRecordSet"):
            if (_unescaped(xml.text(found, "Name")), xml.text(found, "Type")) == (name, record_type):
                return _record_set(found)
        return None


def to_wire(record_type: str, values: list[Any]) -> tuple[str, ...]:
    """Programs write the text of a TXT record without its outer quotes."""
    return tuple(
        f'"{value}"' if record_type in _QUOTED_TYPES and not value.startswith('"') else value for value in values
    )


def from_wire(record_type: str, values: tuple[str, ...]) -> list[str]:
    return [value[1:-1] if record_type in _QUOTED_TYPES and value.startswith('"') else value for value in values]


def _record_set(found: ET.Element) -> RecordSet:
    alias = found.find("AliasTarget")
    aliases: tuple[tuple[str, str, bool], ...] = ()
    if alias is not None:
        aliases = (
            (
                xml.text(alias, "DNSName").rstrip("."),
                xml.text(alias, "HostedZoneId"),
                xml.flag(alias, "EvaluateTargetHealth"),
            ),
        )
    return RecordSet(
        name=_unescaped(xml.text(found, "Name")),
        type=xml.text(found, "Type"),
        ttl_seconds=xml.number(found, "TTL") if found.find("TTL") is not None else None,
        values=tuple(xml.texts(found, "ResourceRecords/ResourceRecord/Value")),
        aliases=aliases,
    )


def _unescaped(name: str) -> str:
    r"""Route 53 writes what is not a letter, digit, `-`, `_` or `.` as \ooo (`\052` is the wildcard's star)."""
    return re.sub(r"\\([0-7]{3})", lambda match: chr(int(match[1], 8)), name).rstrip(".").lower()
