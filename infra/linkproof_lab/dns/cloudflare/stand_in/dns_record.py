"""cloudflare:index/dnsRecord:DnsRecord."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any, Final

from linkproof.providers.protocol.base import InitFailedError, Patience, ResourceType, State
from linkproof.providers.protocol.schema import (
    FLAG,
    NAME,
    NUMBER,
    TEXT,
    TEXT_SET,
    Field,
    choice,
    obj,
    problems,
    replacing,
    required,
    words,
)
from linkproof.providers.protocol.values import Properties

from linkproof_lab.vendors.cloudflare.stand_in.client import CloudflareClient
from linkproof_lab.vendors.cloudflare.stand_in.ids import read_by
from linkproof_lab.vendors.cloudflare.stand_in.wire_names import from_wire, to_wire

_TYPES = words(
    "A AAAA CAA CERT CNAME DNSKEY DS HTTPS LOC MX NAPTR NS OPENPGPKEY PTR SMIMEA SRV SSHFP SVCB TLSA TXT URI"
)
_NAME_TYPES: Final = frozenset({"CNAME", "MX", "NS", "PTR"})
_DATA_NUMBERS = words(
    "algorithm altitude digestType keyTag latDegrees latMinutes latSeconds longDegrees longMinutes longSeconds matchingType order port "
    "precisionHorz precisionVert preference priority protocol selector size type usage weight"
)
_DATA_TEXTS = words(
    "certificate digest fingerprint latDirection longDirection publicKey regex replacement service tag target value"
)
_SETTINGS = obj({name: FLAG.but(default=False) for name in ("flattenCname", "ipv4Only", "ipv6Only")})
_WIRE: Final = ("name", "type", "ttl", "content", "data", "priority", "proxied", "comment", "settings", "tags")


class DnsRecord(ResourceType):
    """A record. Its id is the record's; the import id is `<zone id>/<record id>`."""

    token = "cloudflare:index/dnsRecord:DnsRecord"  # noqa: S105
    schema = obj(
        {
            "zoneId": required(replacing(TEXT)),
            "name": required(NAME),
            "type": required(replacing(choice(*_TYPES))),
            "ttl": required(NUMBER),
            "content": TEXT,
            "data": obj(
                {"flags": Field("any"), **dict.fromkeys(_DATA_NUMBERS, NUMBER), **dict.fromkeys(_DATA_TEXTS, TEXT)}
            ),
            "priority": NUMBER,
            "proxied": FLAG.but(default=False),
            "comment": TEXT.but(default=""),
            "settings": _SETTINGS,
            "tags": TEXT_SET,
        },
        elsewhere=("includeShadowMetadata", "privateRouting"),
    )
    computed = (
        "commentModifiedOn",
        "content",
        "createdOn",
        "id",
        "meta",
        "modifiedOn",
        "proxiable",
        "settings",
        "tagsModifiedOn",
    )
    volatile = ("commentModifiedOn", "meta", "modifiedOn", "proxiable", "tagsModifiedOn")

    def __init__(self, cloudflare: CloudflareClient) -> None:
        self._cloudflare = cloudflare

    def problems(self, inputs: Properties) -> Iterator[tuple[str, str]]:
        """As the real one, this does not see that a proxied record's TTL must be 1: `create` does."""
        yield from problems(self.schema, inputs)
        if "content" not in inputs and "data" not in inputs:
            yield "content", "missing: a record needs content or data"

    def normal(self, inputs: Properties) -> Properties:
        result = super().normal(inputs)
        if isinstance(result.get("content"), str) and result.get("type") in _NAME_TYPES:
            result["content"] = result["content"].rstrip(".").lower()
        return result

    def create(self, inputs: Properties, patience: Patience) -> State:
        made = self._cloudflare.call("POST", f"/zones/{inputs['zoneId']}/dns_records", _body(inputs))
        return _as_asked(_state(made, inputs["zoneId"]), inputs)

    def read(self, resource_id: str, outputs: Properties) -> State | None:
        zone_id, record_id = read_by(resource_id, outputs, "<zone id>/<record id>", "dns_record_id")
        found = self._cloudflare.find(f"/zones/{zone_id}/dns_records/{record_id}")
        return _state(found, zone_id) if found else None

    def update(self, resource_id: str, old_outputs: Properties, inputs: Properties, patience: Patience) -> State:
        changed = self._cloudflare.call("PUT", f"/zones/{inputs['zoneId']}/dns_records/{resource_id}", _body(inputs))
        return _as_asked(_state(changed, inputs["zoneId"]), inputs)

    def delete(self, resource_id: str, outputs: Properties, patience: Patience) -> None:
        self._cloudflare.call("DELETE", f"/zones/{outputs['zoneId']}/dns_records/{resource_id}")


def _body(inputs: Properties) -> dict[str, Any]:
    body: dict[str, Any] = to_wire({name: inputs[name] for name in _WIRE if name in inputs})
    return body


def _state(found: dict[str, Any], zone_id: str) -> State:
    held = from_wire({name: found.get(name) for name in _WIRE})
    computed = {
        "id": found["id"],
        "commentModifiedOn": found.get("comment_modified_on"),
        "createdOn": found.get("created_on"),
        "meta": json.dumps(found.get("meta") or {}),
        "modifiedOn": found.get("modified_on"),
        "proxiable": found.get("proxiable"),
        "tagsModifiedOn": found.get("tags_modified_on"),
    }
    return State(found["id"], {"zoneId": zone_id, **held}, computed)


def _as_asked(state: State, inputs: Properties) -> State:
    """Cloudflare keeps 1 (automatic) as the TTL of a proxied record whatever was asked; that must not pass unseen."""
    held, asked = state.inputs.get("ttl"), inputs["ttl"]
    if held != asked:
        raise InitFailedError(
            state,
            f"{inputs['name']}: Cloudflare holds ttl {held}, declared is {asked}\n  fix: give a proxied record ttl 1",
        )
    return state
