"""A batch of changes: judged as a whole, applied as a whole or not at all."""

from __future__ import annotations

from typing import Any

import dns.exception
import dns.name
import dns.rdata
import dns.rdataclass
import dns.rdatatype

from linkproof_lab.dns.route53.control_plane.names import name_problem, plain_name, shown_name
from linkproof_lab.dns.route53.control_plane.record_sets import Key, RecordSet, ZoneRecordSets
from linkproof_lab.vendors.aws.control_plane.calls import AwsError

TYPES = (
    "A",
    "AAAA",
    "CAA",
    "CNAME",
    "DS",
    "HTTPS",
    "MX",
    "NAPTR",
    "NS",
    "PTR",
    "SOA",
    "SPF",
    "SRV",
    "SSHFP",
    "SVCB",
    "TLSA",
    "TXT",
)
_ALIAS_TYPES = ("A", "AAAA")
_UNSERVED = ("SetIdentifier", "Weight", "Region", "Failover", "MultiValueAnswer", "HealthCheckId", "GeoLocation")
_RDATA_PROBLEMS = {
    "A": "ARRDATAIllegalIPv4Address (Value is not a valid IPv4 address)",
    "AAAA": "AAAARRDATAIllegalIPv6Address (Value is not a valid IPv6 address)",
    "TXT": "InvalidCharacterString (Value should be enclosed in quotation marks)",
    "CAA": "CAARRDATAInvalid (Value is not a valid CAA record)",
}
_MOST_CHANGES = 1000


def judged(sets: ZoneRecordSets, changes: list[dict[str, Any]]) -> dict[Key, RecordSet | None]:
    """What the batch makes of the zone: each changed set, or None where it is gone.

    Raises:
        AwsError: InvalidChangeBatch with every problem, in the vendor's words; InvalidInput for what is no change.
    """
    if not 1 <= len(changes) <= _MOST_CHANGES:
        raise AwsError(400, "InvalidChangeBatch", f"[Number of records limit of {_MOST_CHANGES} exceeded.]")
    batch = _Batch(sets)
    for change in changes:
        batch.take(change["Action"], change["ResourceRecordSet"])
    batch.check_cnames()
    if batch.problems:
        raise AwsError(400, "InvalidChangeBatch", f"[{', '.join(batch.problems)}]")
    return batch.result


class _Batch:
    def __init__(self, sets: ZoneRecordSets) -> None:
        self._sets = sets
        self._zone = sets.zone.name
        self.result: dict[Key, RecordSet | None] = {}
        self.problems: list[str] = []

    def _now(self, key: Key) -> RecordSet | None:
        return self.result[key] if key in self.result else self._sets.sets.get(key)

    def take(self, action: str, given: dict[str, Any]) -> None:
        name, rtype = plain_name(given["Name"]), given["Type"]
        if action not in ("CREATE", "DELETE", "UPSERT") or rtype not in TYPES:
            raise AwsError(400, "InvalidInput", f"Invalid XML ; {action} {rtype} is not a change of a record set")
        unserved = [member for member in _UNSERVED if member in given]
        if unserved:
            raise AwsError(400, "InvalidInput", f"the lab serves simple routing only, not {unserved[0]}")
        problem = self._problem(name, rtype, given)
        if problem:
            self.problems.append(problem)
            return
        key, named = (name, rtype), f"[name='{shown_name(name)}', type='{rtype}']"
        wanted, now = _record_set(rtype, given), self._now((name, rtype))
        if action == "CREATE" and now is not None:
            self.problems.append(f"Tried to create resource record set {named} but it already exists")
        elif action == "DELETE" and now is None:
            self.problems.append(f"Tried to delete resource record set {named} but it was not found")
        elif action == "DELETE" and not _same(rtype, wanted, now):
            self.problems.append(
                f"Tried to delete resource record set {named} but the values provided do not match the current values"
            )
        elif action == "DELETE" and name == self._zone and rtype in ("SOA", "NS"):
            must = "exactly one SOA record" if rtype == "SOA" else "at least one NS record for the zone itself"
            self.problems.append(f"A HostedZone must contain {must}.")
        elif action == "DELETE":
            self.result[key] = None
        elif not _same(rtype, wanted, now):  # another spelling of the same values, such as a trailing dot, is no change
            self.result[key] = wanted

    def _problem(self, name: str, rtype: str, given: dict[str, Any]) -> str | None:
        shown, zone = shown_name(name), shown_name(self._zone)
        wrong = name_problem(name)
        if wrong:
            return wrong
        if name != self._zone and not name.endswith(f".{self._zone}"):
            return f"RRSet with DNS name {shown} is not permitted in zone {zone}"
        if rtype == "CNAME" and name == self._zone:
            return f"RRSet of type CNAME with DNS name {shown} is not permitted at apex in zone {zone}"
        if "AliasTarget" in given:
            if "TTL" in given or given.get("ResourceRecords"):
                return f"Invalid request: Expected exactly one of [AliasTarget, all of [TTL, and ResourceRecords], or TrafficPolicyInstanceId], but found more than one in Change with [Action=CREATE, Name={shown}, Type={rtype}, SetIdentifier=null]"
            return None if rtype in _ALIAS_TYPES else f"the lab serves alias records of type A and AAAA, not {rtype}"
        if "TTL" not in given or not given.get("ResourceRecords"):
            return f"Invalid request: Expected exactly one of [AliasTarget, all of [TTL, and ResourceRecords], or TrafficPolicyInstanceId], but found none in Change with [Action=CREATE, Name={shown}, Type={rtype}, SetIdentifier=null]"
        values = [record["Value"] for record in given["ResourceRecords"]]
        if rtype == "CNAME" and len(values) > 1:
            return f"RRSet of type CNAME with DNS name {shown} has more than one resource record"
        for value in values:
            if _rdata(rtype, value) is None:
                why = _RDATA_PROBLEMS.get(rtype, f"{rtype}RRDATAInvalid (Value is not valid for the record type)")
                return f"Invalid Resource Record: 'FATAL problem: {why} encountered with '{value}''"
        if len({_rdata(rtype, value) for value in values}) < len(values):
            return f"Duplicate Resource Record: '{values[-1]}'"
        return None

    def check_cnames(self) -> None:
        """RFC 1034 §3.6.2, judged on what the whole batch leaves."""
        told = set()
        for (name, rtype), record_set in self.result.items():
            if record_set is None or name in told:
                continue
            types = {t for t in self._sets.types_at(name) if self._now((name, t)) is not None}
            types |= {t for (n, t), wanted in self.result.items() if n == name and wanted is not None}
            if "CNAME" in types and len(types) > 1:
                told.add(name)
                self.problems.append(
                    f"RRSet of type {rtype} with DNS name {shown_name(name)} is not permitted as it conflicts with other "
                    f"records with the same DNS name in zone {shown_name(self._zone)}"
                )


def _record_set(rtype: str, given: dict[str, Any]) -> RecordSet:
    if "AliasTarget" in given:
        return {"alias": {**given["AliasTarget"], "DNSName": shown_name(plain_name(given["AliasTarget"]["DNSName"]))}}
    values = [record["Value"] for record in given["ResourceRecords"]]
    return {"values": values, "ttl": given["TTL"], "data": [_rdata(rtype, value) for value in values]}


def _same(rtype: str, wanted: RecordSet, now: RecordSet | None) -> bool:
    if now is None or ("alias" in wanted) != ("alias" in now):
        return False
    if "alias" in wanted:
        return bool(wanted["alias"] == now["alias"])
    return wanted["ttl"] == now["ttl"] and set(wanted["data"]) == {_rdata(rtype, value) for value in now["values"]}


def _rdata(rtype: str, value: str) -> str | None:
    """The value in DNS presentation form, or None if it is not of the type. A name without a trailing dot is absolute."""
    if rtype in ("TXT", "SPF") and not value.startswith('"'):
        return None
    try:
        kind = dns.rdatatype.from_text(rtype)
        return dns.rdata.from_text(dns.rdataclass.IN, kind, value, origin=dns.name.root, relativize=False).to_text()
    except (dns.exception.DNSException, ValueError):
        return None
