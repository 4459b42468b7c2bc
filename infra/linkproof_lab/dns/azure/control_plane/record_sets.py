"""What a record set of each type has in Azure's words, and what of it DNS serves."""

from __future__ import annotations

import shlex
from collections.abc import Sequence
from typing import Any, Final

from linkproof_lab.vendors.azure.control_plane.contract import AzureError

MEMBERS: Final = {
    "A": "ARecords",
    "AAAA": "AAAARecords",
    "CAA": "caaRecords",
    "CNAME": "CNAMERecord",
    "MX": "MXRecords",
    "TXT": "TXTRecords",
}
_ADDRESS: Final = {"A": "ipv4Address", "AAAA": "ipv6Address"}
_LONGEST_STRING = 255


def data_of(rtype: str, members: Any) -> list[str]:
    """In presentation form.

    Raises:
        AzureError: it is not what this type has.
    """
    try:
        return list(_data(rtype, members or []))
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise AzureError(400, "BadRequest", f"The records of type {rtype} are not valid: {error!r}") from error


def _data(rtype: str, members: Any) -> list[str]:
    match rtype:
        case "CNAME":
            return [f"{str(members['cname']).rstrip('.')}."] if members else []
        case "TXT":
            if any(len(part) > _LONGEST_STRING for one in members for part in one["value"]):
                raise ValueError("a string is longer than 255 characters")
            return [" ".join(f'"{part}"' for part in one["value"]) for one in members]
        case "MX":
            return [f"{int(one['preference'])} {str(one['exchange']).rstrip('.')}." for one in members]
        case "CAA":
            return [f'{int(one["flags"])} {one["tag"]} "{one["value"]}"' for one in members]
    return [str(one[_ADDRESS[rtype]]) for one in members]


def members_of(rtype: str, data: Sequence[str]) -> Any:
    """As the API gives it; a name as it was written, which is without its last dot here."""
    match rtype:
        case "CNAME":
            return {"cname": data[0].rstrip(".")}
        case "TXT":
            return [{"value": shlex.split(one)} for one in data]
        case "MX":
            pairs = [one.split() for one in data]
            return [{"preference": int(first), "exchange": host.rstrip(".")} for first, host in pairs]
        case "CAA":
            parts = [one.split(maxsplit=2) for one in data]
            return [{"flags": int(flags), "tag": tag, "value": value.strip('"')} for flags, tag, value in parts]
    return [{_ADDRESS[rtype]: one} for one in data]
