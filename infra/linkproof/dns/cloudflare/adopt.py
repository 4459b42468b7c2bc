"""Taking over Cloudflare DNS records: what of their differences a click notices."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from linkproof.contract.adopt import Meaning
from linkproof.contract.find import Candidate, Finder
from linkproof.dns.cloudflare.state import RECORD_TYPE
from linkproof.rdata import unquoted

if TYPE_CHECKING:
    from linkproof.vendors.cloudflare.client import CloudflareClient


def beside(inputs: Mapping[str, Any], client: CloudflareClient) -> Iterator[Candidate]:
    """Addresses at a name that is to have a CNAME, which stands alone (RFC 1034 §3.6.2)."""
    zone_id = inputs["zoneId"]
    if inputs["type"] != "CNAME":
        return
    for record in client.get(f"/zones/{zone_id}/dns_records", {"name": inputs["name"]}):
        if record["type"] in ("A", "AAAA"):
            yield Candidate(
                f"record {record['name']} {record['type']} {record['content']}",
                f"{zone_id}/{record['id']}",
                "change its type to CNAME in place at Cloudflare (PUT of the same record), then run this again",
            )


FINDERS: Mapping[str, Finder] = {}
IN_THE_WAY: Mapping[str, Finder] = {RECORD_TYPE: beside}
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
    """Cloudflare keeps a text as it was written, with its marks or without, and serves both alike."""
    if rtype != RECORD_TYPE or path != "content" or not isinstance(declared, str) or not isinstance(live, str):
        return False
    return '"' in (declared[:1], live[:1]) and unquoted(declared) == unquoted(live)
