"""Taking over Route 53 record sets: what of their differences a click notices."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from linkproof.contract.adopt import Meaning
from linkproof.contract.find import Finder
from linkproof.dns.route53.state import RECORD_TYPE

FINDERS: Mapping[str, Finder] = {}
MEANINGS: Mapping[str, Mapping[str, Meaning]] = {
    RECORD_TYPE: {
        "records": Meaning("clicks go where the declared value leads", can_be_kept=False),
        "ttl": Meaning("resolvers keep the answer for another time", "ttl_seconds: {live}", can_be_kept=False),
    }
}
# Only says what a create does to a record set that is there already.
_UNNOTICED = frozenset({"allowOverwrite"})


def unnoticed(rtype: str, path: str, declared: Mapping[str, Any], live: Mapping[str, Any]) -> bool:
    """All but what is never served."""
    del rtype, declared, live
    return path in _UNNOTICED


def same(rtype: str, path: str, declared: Any, live: Any) -> bool:
    """Route 53 keeps a value as it was written, with its last dot or without, and serves both alike."""
    if rtype != RECORD_TYPE or path != "records" or not isinstance(declared, list) or not isinstance(live, list):
        return False
    return sorted(_plain(value) for value in declared) == sorted(_plain(value) for value in live)


def _plain(value: Any) -> str:
    return str(value).removesuffix(".").lower()
