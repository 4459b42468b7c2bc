"""A record set in Azure's words: names are relative to the zone, and each type has members of its own."""

from __future__ import annotations

import shlex
from collections.abc import Iterable, Mapping
from typing import Any

from linkproof.rdata import presented

# By type, the property that has its values, and for one value the key of what is served.
_ADDRESSES = {"A": ("aRecords", "ipv4Address"), "AAAA": ("aaaaRecords", "ipv6Address")}
# In the API; the engine's provider has them in camel case.
API_NAMES = {
    "aRecords": "ARecords", "aaaaRecords": "AAAARecords", "cnameRecord": "CNAMERecord", "mxRecords": "MXRecords", "txtRecords": "TXTRecords",
    "ttl": "TTL", "targetResource": "targetResource", "metadata": "metadata",
}  # fmt: skip
MARK = "linkproof"


def relative(name: str, zone: str) -> str:
    """A name as a record set has it; `@` at the apex."""
    bare, apex = name.removesuffix(".").lower(), zone.removesuffix(".").lower()
    return "@" if bare == apex else bare.removesuffix(f".{apex}")


def members(rtype: str, values: Iterable[str]) -> dict[str, Any]:
    """The property that holds the values, in the engine's spelling.

    Args:
        values: in presentation form.

    Raises:
        ValueError: nothing that linkproof writes has this type.
    """
    held = list(values)
    if rtype in _ADDRESSES:
        field, key = _ADDRESSES[rtype]
        return {field: [{key: value} for value in held]}
    match rtype:
        case "CNAME":
            return {"cnameRecord": {"cname": held[0].removesuffix(".")}}
        case "TXT":
            return {"txtRecords": [{"value": shlex.split(presented("TXT", value))} for value in held]}
        case "MX":
            pairs = [value.split() for value in held]
            return {
                "mxRecords": [{"preference": int(first), "exchange": host.removesuffix(".")} for first, host in pairs]
            }
    raise ValueError(f"no record of type {rtype} is written here")


def values(rtype: str, held: Mapping[str, Any]) -> tuple[str, ...]:
    """What a record set serves, in presentation form; empty for an alias, whose values are another object's.

    Args:
        held: in the engine's spelling.
    """
    if rtype in _ADDRESSES:
        field, key = _ADDRESSES[rtype]
        return tuple(str(one[key]) for one in held.get(field) or () if isinstance(one, Mapping) and one.get(key))
    match rtype:
        case "CNAME":
            target = (held.get("cnameRecord") or {}).get("cname")
            return (presented("CNAME", target),) if isinstance(target, str) and target else ()
        case "TXT":
            texts = (one.get("value") for one in held.get("txtRecords") or () if isinstance(one, Mapping))
            return tuple(" ".join(f'"{part}"' for part in parts) for parts in texts if isinstance(parts, list))
        case "MX":
            found = (one for one in held.get("mxRecords") or () if isinstance(one, Mapping) and one.get("exchange"))
            return tuple(f"{int(one['preference'])} {presented('MX', one['exchange'])}" for one in found)
    return ()


def from_api(properties: Mapping[str, Any]) -> dict[str, Any]:
    """The API's members in the engine's spelling."""
    names = {api.lower(): name for name, api in API_NAMES.items()}
    return {names.get(key.lower(), key): value for key, value in properties.items()}


def to_api(held: Mapping[str, Any]) -> dict[str, Any]:
    """The engine's members in the API's spelling."""
    return {API_NAMES.get(key, key): value for key, value in held.items()}
