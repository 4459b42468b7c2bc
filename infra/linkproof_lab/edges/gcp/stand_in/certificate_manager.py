"""gcp:certificatemanager: authorizations, certificates, maps and their entries."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from linkproof.providers.protocol.schema import TEXT, Field, choice, list_of, obj, replacing, required, set_of, words
from linkproof.providers.protocol.values import Properties

from linkproof_lab.edges.gcp.stand_in.compute import LINK
from linkproof_lab.edges.gcp.stand_in.kind import Kind

_GLOBAL = "locations/global"


def _nothing(held: Mapping[str, Any]) -> Properties:
    del held
    return {}


def _records(held: Mapping[str, Any]) -> Properties:
    """The SDK has a list of the one record."""
    return {"dnsResourceRecords": [held["dnsResourceRecord"]]} if "dnsResourceRecord" in held else {}


def _kind(
    name: str,
    collection: str,
    query: str,
    fields: dict[str, Field],
    elsewhere: str,
    outputs: Callable[[Mapping[str, Any]], Properties] = _nothing,
    *computed: str,
) -> Kind:
    schema = obj(
        {"name": required(replacing(TEXT)), "description": TEXT, **fields},
        elsewhere=words(f"deletionPolicy labels project {elsewhere}"),
    )
    in_path = ("name", "map", "location") if "map" in fields else ("name", "location")
    token = f"gcp:certificatemanager/{name[0].lower()}{name[1:]}:{name}"
    return Kind(token, "certificateManager", collection, schema, ("id", "project", *computed), outputs, query, in_path)


_LOCATION = replacing(choice("global", default="global"))
_MANAGED = obj(
    {"domains": list_of(replacing(TEXT)), "dnsAuthorizations": list_of(replacing(LINK))},
    elsewhere=words("authorizationAttemptInfos issuanceConfig provisioningIssues state"),
)

KINDS: Final = (
    _kind(
        "DnsAuthorization",
        f"{_GLOBAL}/dnsAuthorizations",
        "dnsAuthorizationId",
        {
            "domain": required(replacing(TEXT)),
            "type": replacing(choice("FIXED_RECORD", "PER_PROJECT_RECORD")),
            "location": _LOCATION,
        },
        "",
        _records,
        "dnsResourceRecords",
    ),
    _kind(
        "Certificate",
        f"{_GLOBAL}/certificates",
        "certificateId",
        {
            "managed": replacing(_MANAGED),
            "scope": replacing(choice("DEFAULT", "EDGE_CACHE", "ALL_REGIONS", "CLIENT_AUTH", default="DEFAULT")),
            "location": _LOCATION,
        },
        "selfManaged",
    ),
    _kind("CertificateMap", f"{_GLOBAL}/certificateMaps", "certificateMapId", {}, ""),
    _kind(
        "CertificateMapEntry",
        f"{_GLOBAL}/certificateMaps/{{map}}/certificateMapEntries",
        "certificateMapEntryId",
        {"map": required(replacing(TEXT)), "hostname": replacing(TEXT), "certificates": required(set_of(LINK))},
        "matcher",
    ),
)
