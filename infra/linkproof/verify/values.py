"""Record values in one comparable form, whether they were declared or answered."""

from __future__ import annotations

import ipaddress
import re

_QUOTED = re.compile(r'"((?:[^"\\]|\\.)*)"')
_NAME_TYPES = frozenset({"CNAME", "NS", "DNAME", "PTR"})


def canonical_value(record_type: str, text: str) -> str:
    """Names in lower case with the trailing dot (SOA: without case), addresses in their short form, TXT strings joined, MX as `preference name`, CAA as `flags tag "value"`.

    What cannot be read in that way is returned as it is: it then differs from everything that can.
    """
    text = text.strip()
    if record_type in _NAME_TYPES:
        return f"{text.lower().rstrip('.')}."
    if record_type in {"A", "AAAA"}:
        try:
            return str(ipaddress.ip_address(text))
        except ValueError:
            return text
    if record_type == "TXT":
        return "".join(_QUOTED.findall(text)) if text.startswith('"') else text
    if record_type == "MX":
        preference, _, exchange = text.partition(" ")
        return f"{preference} {exchange.strip().lower().rstrip('.')}."
    if record_type == "SOA":
        return text.lower()
    if record_type == "CAA":
        parts = text.split(None, 2)
        if len(parts) == 3:
            return f'{parts[0]} {parts[1].lower()} "{parts[2].strip().strip(chr(34))}"'
    return text


def is_in_zone(name: str, zone: str) -> bool:
    """Whether a name is a zone's apex or below it, by whole labels; both with the trailing dot."""
    return zone in (".", name) or name.endswith(f".{zone}")
