"""Taking over Cloudflare DNS records: what of their differences a click notices."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from linkproof.contract.adopt import Meaning
from linkproof.contract.find import Finder
from linkproof.dns.cloudflare.state import RECORD_TYPE

FINDERS: Mapping[str, Finder] = {}
MEANINGS: Mapping[str, Mapping[str, Meaning]] = {
    RECORD_TYPE: {
        "content": Meaning("clicks go where the declared value leads", can_be_kept=False),
        "proxied": Meaning("clicks arrive at another edge, with another certificate", can_be_kept=False),
        "ttl": Meaning("resolvers keep the answer for another time", "ttl_seconds: {live}", can_be_kept=False),
        "settings": Meaning(
            "flattened, the name has addresses and no CNAME: the sender cannot validate it", can_be_kept=False
        ),
    }
}
_UNNOTICED = frozenset({"comment", "tags"})


def unnoticed(rtype: str, path: str, declared: Mapping[str, Any], live: Mapping[str, Any]) -> bool:
    """DNS serves neither comments nor tags."""
    del rtype, declared, live
    return path in _UNNOTICED


def same(rtype: str, path: str, declared: Any, live: Any) -> bool:
    """The API gives one spelling only."""
    del rtype, path, declared, live
    return False
