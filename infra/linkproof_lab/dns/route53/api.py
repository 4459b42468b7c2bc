"""The operations of Route 53: changes, listings, hosted zones."""

from __future__ import annotations

import time
from typing import Any

from linkproof_lab.apis.contract import ApiRequest
from linkproof_lab.apis.idents import iso_milli, upper_id
from linkproof_lab.apis.limits import RateLimit
from linkproof_lab.dns.route53.control_plane.changes import TYPES, judged
from linkproof_lab.dns.route53.control_plane.names import order_key, plain_name, shown_name
from linkproof_lab.dns.route53.control_plane.record_sets import Key, RecordSet, RecordSets, ZoneRecordSets
from linkproof_lab.settings import LabSettings
from linkproof_lab.store import Store, Zone
from linkproof_lab.vendors.aws.control_plane.calls import AwsAnswer, AwsCall, AwsError, request_id, xml_error
from linkproof_lab.vendors.aws.control_plane.contract import AwsService
from linkproof_lab.vendors.aws.control_plane.xmlwire import WireError, decode, encode, shapes_of

_REFERENCE = "route53-caller-reference"
NAMESPACE = "https://route53.amazonaws.com/doc/2013-04-01/"


def api(settings: LabSettings, store: Store, parts: tuple[()]) -> AwsService:
    return Route53(store)


class Route53:
    """Everything behind `/2013-04-01/`."""

    def __init__(self, store: Store) -> None:
        self._store = store
        # The vendor's is 5 a second for the whole account; off unless the document asks for it.
        self._limit = RateLimit(store, "route53", None)
        self._records = RecordSets(store)

    def claims(self, request: ApiRequest) -> bool:
        return request.path.startswith("/2013-04-01/")

    def refusal(self, error: AwsError) -> AwsAnswer:
        return xml_error(error, NAMESPACE)

    def addresses_changed(self) -> None:
        """Alias records may lead there."""
        self._records.answer_aliases_anew()

    def answer(self, call: AwsCall) -> AwsAnswer:
        """Do what the request says.

        Raises:
            AwsError: as the vendor would.
        """
        if self._limit.retry_after_seconds(call.account) is not None:
            raise AwsError(400, "Throttling", "Rate exceeded")
        self._records.refresh()
        match call.method, call.path.removeprefix("/2013-04-01/").rstrip("/").split("/"):
            case "POST", ["hostedzone", zone_id, "rrset"]:
                return self._change(self._sets(zone_id), call.body)
            case "GET", ["hostedzone", zone_id, "rrset"]:
                return self._list(self._sets(zone_id), call)
            case "GET", ["hostedzone", zone_id]:
                sets = self._sets(zone_id)
                servers = [name.rstrip(".") for name, _ in sets.zone.servers]
                return _answer(
                    "GetHostedZoneResponse", {"HostedZone": _zone_view(sets), "DelegationSet": {"NameServers": servers}}
                )
            case "POST", ["hostedzone"]:
                return self._create_zone(call.body)
            case "GET", ["hostedzone"]:
                return self._list_zones(call)
            case "GET", ["hostedzonesbyname"]:
                return self._list_zones_by_name(call)
            case "GET", ["change", change_id]:
                return self._get_change(change_id)
            case "GET", ["testdnsanswer"]:
                return self._test_answer(call)
            case "GET", ["hostedzone", zone_id, "dnssec"]:
                self._sets(zone_id)
                # The lab signs no zone.
                return _answer("GetDNSSECResponse", {"Status": {"ServeSignature": "NOT_SIGNING"}, "KeySigningKeys": []})
            case "GET", ["healthcheck"]:
                none = {"HealthChecks": [], "Marker": "", "IsTruncated": False, "MaxItems": str(_max_items(call, 100))}
                return _answer("ListHealthChecksResponse", none)
            case "GET", ["tags", "hostedzone", zone_id]:
                self._sets(zone_id)
                tag_set = {"ResourceType": "hostedzone", "ResourceId": zone_id, "Tags": []}
                return _answer("ListTagsForResourceResponse", {"ResourceTagSet": tag_set})
        raise AwsError(404, "UnknownOperationException", f"the lab has no {call.method} {call.path}")

    def _sets(self, zone_id: str) -> ZoneRecordSets:
        sets = self._records.zone(zone_id)
        if sets is None:
            raise AwsError(404, "NoSuchHostedZone", f"No hosted zone found with ID: {zone_id}")
        return sets

    def _test_answer(self, call: AwsCall) -> AwsAnswer:
        """What the zone's servers answer, as Route 53 would say it, without asking them."""
        sets = self._sets(call.query.get("hostedzoneid", ""))
        name, rtype = plain_name(call.query.get("recordname", "")), call.query.get("recordtype", "")
        if rtype not in TYPES or not (name == sets.zone.name or name.endswith(f".{sets.zone.name}")):
            raise AwsError(400, "InvalidInput", f"{name} {rtype} is not a question to zone {sets.zone.name}")
        found = self._store.rrset(sets.zone.id, name, rtype) or self._store.rrset(sets.zone.id, name, "CNAME")
        exists = bool(found) or bool(sets.types_at(name))
        return _answer(
            "TestDNSAnswerResponse",
            {
                "Nameserver": sets.zone.servers[0][0],
                "RecordName": name,
                "RecordType": rtype,
                "RecordData": list(found.data) if found else [],
                "ResponseCode": "NOERROR" if exists else "NXDOMAIN",
                "Protocol": "UDP",
            },
        )

    # changes -----------------------------------------------------------------------------------
    def _create_zone(self, body: bytes) -> AwsAnswer:
        """Another zone, whatever the others are called: each gets name servers of its own, to which nobody delegates. The lab plays none of them."""
        root = "CreateHostedZoneRequest"
        try:
            wanted = decode(body, root, root, shapes_of("route53"))
        except WireError as error:
            raise AwsError(400, "InvalidInput", f"Invalid XML ; {error}") from error
        reference = wanted["CallerReference"]
        if self._store.get(_REFERENCE, reference) is not None:
            raise AwsError(
                409, "HostedZoneAlreadyExists", f"A hosted zone has already been created with the specified caller reference: {reference}"
            )  # fmt: skip
        zone_id = upper_id("Z", 20)
        self._store.put(_REFERENCE, reference, {"zone": zone_id})
        self._store.ensure_zone(zone_id, plain_name(wanted["Name"]), "route53", ())
        number = len(self._store.all(_REFERENCE))
        change = {"submitted_at": time.time(), "insync_at": 0, "comment": None}
        answer = {
            "HostedZone": _zone_view(self._sets(zone_id)) | {"CallerReference": reference},
            "ChangeInfo": {**_change_view(upper_id("C", 20), change), "Status": "PENDING"},
            "DelegationSet": {"NameServers": [f"ns-{900 + number}.awsdns-{one}.lab" for one in (1, 2)]},
        }
        return _answer("CreateHostedZoneResponse", answer, 201)

    def _change(self, sets: ZoneRecordSets, body: bytes) -> AwsAnswer:
        root = "ChangeResourceRecordSetsRequest"
        try:
            batch = decode(body, root, root, shapes_of("route53"))["ChangeBatch"]
        except WireError as error:
            raise AwsError(400, "InvalidInput", f"Invalid XML ; {error}") from error
        self._records.apply(sets.zone.id, judged(sets, batch["Changes"]))
        settings = self._store.get("route53", "settings") or {}
        now = time.time()
        change = {
            "submitted_at": now,
            "insync_at": now + float(settings.get("insync_seconds", 0)),
            "comment": batch.get("Comment"),
        }
        change_id = upper_id("C", 20)
        self._store.put("route53-change", change_id, change)
        return _answer(
            "ChangeResourceRecordSetsResponse", {"ChangeInfo": {**_change_view(change_id, change), "Status": "PENDING"}}
        )

    def _get_change(self, change_id: str) -> AwsAnswer:
        change = self._store.get("route53-change", change_id)
        if change is None:
            raise AwsError(404, "NoSuchChange", f"Could not find resource with ID: {change_id}")
        return _answer("GetChangeResponse", {"ChangeInfo": _change_view(change_id, change)})

    # listings ----------------------------------------------------------------------------------
    def _list(self, sets: ZoneRecordSets, call: AwsCall) -> AwsAnswer:
        count = _max_items(call, 300)
        name, rtype = plain_name(call.query.get("name", "")), call.query.get("type", "")
        if rtype and not name:
            raise AwsError(400, "InvalidInput", "The input is not valid: a start type needs a start name")
        if rtype and rtype not in TYPES:
            raise AwsError(400, "InvalidInput", f"'{rtype}' is not a record type")
        page = list(sets.page(name, rtype, count + 1))
        result: dict[str, Any] = {
            "ResourceRecordSets": [_set_view(key, record_set) for key, record_set in page[:count]],
            "IsTruncated": len(page) > count,
            "MaxItems": str(count),
        }
        if len(page) > count:
            (next_name, next_type), _ = page[count]
            result |= {"NextRecordName": shown_name(next_name), "NextRecordType": next_type}
        return _answer("ListResourceRecordSetsResponse", result)

    def _zones(self) -> list[Zone]:
        return self._store.zones("route53")

    def _list_zones(self, call: AwsCall) -> AwsAnswer:
        count, marker, zones = _max_items(call, 100), call.query.get("marker", ""), self._zones()
        ids = [zone.id for zone in zones]
        start = ids.index(marker) if marker in ids else 0
        chosen, more = zones[start : start + count], ids[start + count : start + count + 1]
        views = [_zone_view(self._sets(zone.id)) for zone in chosen]
        result = {"HostedZones": views, "Marker": marker or None, "IsTruncated": bool(more), "MaxItems": str(count)}
        return _answer("ListHostedZonesResponse", {**result, "NextMarker": more[0] if more else None})

    def _list_zones_by_name(self, call: AwsCall) -> AwsAnswer:
        count, start_name, start_id = _max_items(call, 100), call.query.get("dnsname"), call.query.get("hostedzoneid")
        zones = sorted(self._zones(), key=lambda zone: (order_key(zone.name), zone.id))
        if start_name:
            start = (order_key(plain_name(start_name)), start_id or "")
            zones = [zone for zone in zones if (order_key(zone.name), zone.id) >= start]
        chosen, more = zones[:count], zones[count : count + 1]
        result: dict[str, Any] = {
            "HostedZones": [_zone_view(self._sets(zone.id)) for zone in chosen],
            "DNSName": shown_name(plain_name(start_name)) if start_name else None,
            "HostedZoneId": start_id,
            "IsTruncated": bool(more),
            "MaxItems": str(count),
        }
        if more:
            result |= {"NextDNSName": shown_name(more[0].name), "NextHostedZoneId": more[0].id}
        return _answer("ListHostedZonesByNameResponse", result)


def _max_items(call: AwsCall, most: int) -> int:
    text = call.query.get("maxitems", str(most))
    if not text.isdigit() or int(text) < 1:
        raise AwsError(400, "InvalidInput", f"'{text}' is not a valid value for MaxItems")
    return min(int(text), most)


def _set_view(key: Key, record_set: RecordSet) -> dict[str, Any]:
    view: dict[str, Any] = {"Name": shown_name(key[0]), "Type": key[1]}
    if "alias" in record_set:
        return {**view, "AliasTarget": record_set["alias"]}
    return {**view, "TTL": record_set["ttl"], "ResourceRecords": [{"Value": value} for value in record_set["values"]]}


def _zone_view(sets: ZoneRecordSets) -> dict[str, Any]:
    return {
        "Id": f"/hostedzone/{sets.zone.id}",
        "Name": shown_name(sets.zone.name),
        "CallerReference": f"lab-{sets.zone.id}",
        "Config": {"Comment": "", "PrivateZone": False},
        "ResourceRecordSetCount": len(sets.sets),
    }


def _change_view(change_id: str, change: dict[str, Any]) -> dict[str, Any]:
    return {
        "Id": f"/change/{change_id}",
        "Status": "INSYNC" if time.time() >= change["insync_at"] else "PENDING",
        "SubmittedAt": iso_milli(change["submitted_at"]),
        "Comment": change["comment"],
    }


def _answer(root: str, value: dict[str, Any], status: int = 200) -> AwsAnswer:
    headers = {"Content-Type": "text/xml", "x-amzn-RequestId": request_id()}
    return AwsAnswer(status, encode(value, root, root, shapes_of("route53"), NAMESPACE), headers)
