"""DNS records of Cloudflare zones: list, create, read, change, delete."""

from __future__ import annotations

import re
import time
from collections.abc import Sequence
from typing import Any

from linkproof_lab.apis.idents import hex_id, iso_micro
from linkproof_lab.dns.cloudflare.control_plane.publish import Publisher
from linkproof_lab.dns.cloudflare.control_plane.record_index import RecordIndex
from linkproof_lab.dns.cloudflare.control_plane.record_list import listed
from linkproof_lab.dns.cloudflare.control_plane.record_rules import PROXIABLE, checked
from linkproof_lab.dns.cloudflare.control_plane.record_view import bind, view
from linkproof_lab.settings import LabSettings
from linkproof_lab.store import Store, Zone
from linkproof_lab.vendors.cloudflare.control_plane.contract import ZoneCall
from linkproof_lab.vendors.cloudflare.control_plane.envelope import Answer, CloudflareError, ok
from linkproof_lab.vendors.cloudflare.control_plane.tokens import DNS_EDIT

KIND = "cloudflare-record"
_HEX_ID = re.compile(r"^[0-9a-f]{32}$")
_SAME_NAME = "For more details, refer to <https://developers.cloudflare.com/dns/manage-dns-records/troubleshooting/records-with-same-name/>."


class Records:
    """`dns_records` of every zone."""

    def __init__(self, settings: LabSettings, store: Store) -> None:
        self._store = store
        self._index = RecordIndex()
        for _, record in store.all(KIND):
            self._index.add(record)
        self._publisher = Publisher(settings, store, self._index)
        self._publisher.publish_all()

    def addresses_changed(self) -> None:
        """Flattened names may lead there."""
        self._publisher.flatten_anew()

    def claims(self, method: str, path: Sequence[str]) -> bool:
        return path[:1] == ["dns_records"]

    def answer(self, call: ZoneCall) -> Answer:
        call.require("DNS:Read" if call.reads else DNS_EDIT)
        zone, query, body = call.zone, call.query, call.body
        match call.method, call.path[1:]:
            case "GET", []:
                return listed(self._index.of_zone(zone.id), query)
            case "POST", []:
                return self._create(zone, body)
            case "POST", ["batch"]:
                return self._batch(zone, body)
            case "GET", ["export"]:
                return 200, bind(zone.name, self._index.of_zone(zone.id)), {"Content-Type": "text/plain"}
            case "GET", [record_id]:
                return ok(view(self._record(zone, record_id)))
            case "PATCH", [record_id]:
                return self._change(zone, self._record(zone, record_id), body, keep=True)
            case "PUT", [record_id]:
                return self._change(zone, self._record(zone, record_id), body, keep=False)
            case "DELETE", [record_id]:
                return self._delete(self._record(zone, record_id))
        raise CloudflareError(405, 10405, "Method not allowed for this endpoint.")

    def _batch(self, zone: Zone, body: dict[str, Any]) -> Answer:
        """Deletions, then changes, replacements and new ones, as the vendor does; here one after the other, not in one piece."""
        done: dict[str, list[Any]] = {}
        for part in ("deletes", "patches", "puts", "posts"):
            for given in body.get(part) or []:
                record_id = str(given.get("id", ""))
                fields = {key: value for key, value in given.items() if key != "id"}
                match part:
                    case "posts":
                        answer = self._create(zone, fields)
                    case "deletes":
                        gone = self._record(zone, record_id)
                        self._delete(gone)
                        answer = ok(view(gone))
                    case _:
                        answer = self._change(zone, self._record(zone, record_id), fields, keep=part == "patches")
                document = answer[1]
                assert isinstance(document, dict)
                done.setdefault(part, []).append(document["result"])
        return ok(done)

    def _record(self, zone: Zone, record_id: str) -> dict[str, Any]:
        if not _HEX_ID.match(record_id):
            where = f"/zones/{zone.id}/dns_records/{record_id}"
            raise CloudflareError(404, 7003, f"Could not route to {where}, perhaps your object identifier is invalid?")
        record = self._index.get(record_id)
        if record is None or record["zone_id"] != zone.id:
            raise CloudflareError(404, 81044, "Record does not exist.")
        return record

    def _create(self, zone: Zone, body: dict[str, Any]) -> Answer:
        fields = checked(body, zone.name)
        self._check_neighbours(zone, fields, own_id="")
        now = iso_micro(time.time())
        record = {"id": hex_id(), "zone_id": zone.id, **fields, "created_on": now, "modified_on": now}
        self._save(None, record)
        return ok(view(record))

    def _change(self, zone: Zone, old: dict[str, Any], body: dict[str, Any], *, keep: bool) -> Answer:
        wanted = {**old, **body} if keep else dict(body)
        if keep and "content" in body and "data" not in body:
            wanted.pop("data", None)
        fields = checked(wanted, zone.name)
        self._check_neighbours(zone, fields, own_id=old["id"])
        record = {
            "id": old["id"],
            "zone_id": zone.id,
            **fields,
            "created_on": old["created_on"],
            "modified_on": iso_micro(time.time()),
        }
        self._save(old, record)
        return ok(view(record))

    def _delete(self, record: dict[str, Any]) -> Answer:
        self._index.remove(record)
        # DNS first: if the process dies in between, the record still exists and is served again at the next start.
        self._publisher.publish(record["zone_id"], record["name"], self._publisher.served_types(record))
        self._store.delete(KIND, record["id"])
        return ok({"id": record["id"]})

    def _save(self, old: dict[str, Any] | None, record: dict[str, Any]) -> None:
        before = [(old["name"], rtype) for rtype in self._publisher.served_types(old)] if old else []
        # `previous` is what a restart must take out of DNS if the process dies before the next lines are done.
        self._store.put(KIND, record["id"], {**record, "previous": before} if before else record)
        if old:
            self._index.remove(old)
        self._index.add(record)
        self._publisher.publish_change(record, before)
        if before:
            self._store.put(KIND, record["id"], record)

    def _check_neighbours(self, zone: Zone, fields: dict[str, Any], own_id: str) -> None:
        for other in self._index.at(zone.id, fields["name"]):
            if other["id"] == own_id:
                continue
            same_type = other["type"] == fields["type"]
            if same_type and other["content"] == fields["content"] and other.get("priority") == fields.get("priority"):
                raise CloudflareError(400, 81058, "An identical record already exists.")
            if fields["type"] == "CNAME" and other["type"] in PROXIABLE:
                raise CloudflareError(400, 81053, "An A, AAAA, or CNAME record with that host already exists.")
            if fields["type"] in ("A", "AAAA") and other["type"] == "CNAME":
                raise CloudflareError(400, 81054, f"A CNAME record with that host already exists. {_SAME_NAME}")
            if "NS" in (fields["type"], other["type"]) and not same_type and fields["name"] != zone.name:
                raise CloudflareError(400, 81056, f"NS records with that host already exist. {_SAME_NAME}")
            # At the apex it is flattened, so it may stand beside MX and TXT.
            if "CNAME" in (fields["type"], other["type"]) and fields["name"] != zone.name:
                raise CloudflareError(400, 81053, "An A, AAAA, or CNAME record with that host already exists.")
