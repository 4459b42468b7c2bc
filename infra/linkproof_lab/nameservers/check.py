"""Refuses faults, delays and records that no server could act on, before they are stored."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

import dns.exception
import dns.rdatatype
from linkproof.errors import LinkproofError

from linkproof_lab.nameservers.misbehave import MODES
from linkproof_lab.nameservers.wire import to_rdata
from linkproof_lab.store import RRsetVersion, Zone

_MADE_BY_THE_ZONE = ("SOA",)
_WITH_DATA = ("wrong-value",)


class InvalidDocumentError(LinkproofError):
    """A document for the lab that does not say what it must."""

    def __init__(self, subject: str, reason: str, fix: str = "") -> None:
        super().__init__(f"{subject}: {reason}", fix)
        self.subject = subject


def check_fault(doc: dict[str, Any]) -> None:
    """Raises:
    InvalidDocumentError: an unknown mode, a field of the wrong kind, or data that is no such RDATA.
    """
    mode = doc.get("mode")
    if mode not in MODES:
        raise InvalidDocumentError("dns-fault", f"unknown mode {mode!r}", f"use one of {', '.join(MODES)}")
    for key in ("server", "zone", "name", "type"):
        if not isinstance(doc.get(key, ""), str):
            raise InvalidDocumentError("dns-fault", f"{key} is not a text")
    data = doc.get("data", [])
    if not isinstance(data, list) or (mode in _WITH_DATA and not data):
        raise InvalidDocumentError("dns-fault", f"{mode} needs `data`: a list of records in presentation form")
    if doc.get("type") or mode == "duplicate-cname":
        _check_data("dns-fault", str(doc.get("type", "CNAME")), data)
    for key in ("serial", "seconds", "ttl"):
        if not isinstance(doc.get(key, 0), int | float):
            raise InvalidDocumentError("dns-fault", f"{key} is not a number")


def check_propagation(doc: dict[str, Any]) -> None:
    """Raises:
    InvalidDocumentError: `seconds` is missing, no number or negative.
    """
    seconds = doc.get("seconds")
    if not isinstance(seconds, int | float) or seconds < 0:
        raise InvalidDocumentError("propagation", f"seconds is {seconds!r}", 'write {"seconds": 60}')


def rrset_changes(
    zone: Zone, current: Iterable[RRsetVersion], body: dict[str, Any]
) -> list[tuple[str, str, int, tuple[str, ...]]]:
    """The changes that a body `{"rrsets": [{name, type, ttl, data}]}` asks for; empty data removes the set.

    Raises:
        InvalidDocumentError: what a DNS host would refuse: a name outside the zone, data that does not fit the type,
            or a CNAME beside other records (RFC 1034 §3.6.2).
    """
    try:
        changes = [
            (
                item["name"].removesuffix(".").lower(),
                item["type"].upper(),
                int(item.get("ttl", 300)),
                tuple(map(str, item["data"])),
            )
            for item in body["rrsets"]
        ]
    except (KeyError, TypeError, AttributeError, ValueError) as error:
        raise InvalidDocumentError(f"zone {zone.name}", f"not a list of record sets: {error!r}") from error
    after: dict[str, set[str]] = defaultdict(set)
    for rrset in current:
        after[rrset.name].add(rrset.type)
    for name, rtype, _, data in changes:
        if name != zone.name and not name.endswith(f".{zone.name}" if zone.name else ""):
            raise InvalidDocumentError(f"{name} {rtype}", f"is not in zone {zone.name}")
        if rtype in _MADE_BY_THE_ZONE:
            raise InvalidDocumentError(f"{name} {rtype}", "the lab makes the SOA from the zone itself")
        _check_data(name, rtype, data)
        (after[name].add if data else after[name].discard)(rtype)
    for name, types in after.items():
        if "CNAME" in types and (len(types) > 1 or name == zone.name):
            others = ", ".join(sorted(types - {"CNAME"})) or "the zone's SOA and NS"
            raise InvalidDocumentError(f"{name} CNAME", f"stands beside {others}", "remove one of them")
    return changes


def _check_data(subject: str, rtype: str, data: Iterable[Any]) -> None:
    for text in data:
        try:
            to_rdata(rtype, str(text))
        except (dns.exception.DNSException, ValueError) as error:
            raise InvalidDocumentError(f"{subject} {rtype}", f"{text!r} is no {rtype} data: {error}") from error
