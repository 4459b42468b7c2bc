"""The zones that a Cloudflare token sees, and what leads somewhere in them. Reads, and never writes."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from linkproof.contract.seen import SeenZone
from linkproof.dns.cloudflare.terraform import record, zone
from linkproof.errors import LinkproofError
from linkproof.show import show

if TYPE_CHECKING:
    from linkproof.vendors.cloudflare.client import CloudflareClient

# The most that one page of each list has.
_ZONES_A_PAGE = "50"
_RECORDS_A_PAGE = "1000"


def zones(client: CloudflareClient, account: str, names: frozenset[str]) -> Iterator[SeenZone]:
    """Each zone once, whatever moved between two pages."""
    source = f"Cloudflare, account {account}"
    seen: set[str] = set()
    for held in client.get("/zones", {"per_page": _ZONES_A_PAGE}):
        found = _read(zone, held, source)
        if found is None or found.id in seen or (names and found.name not in names):
            continue
        seen.add(found.id)
        path = f"/zones/{found.id}/dns_records"
        given = client.get(path, {"type": "CNAME", "per_page": _RECORDS_A_PAGE})
        records = [one for each in given if (one := _read(record, each, path)) is not None]
        doubt = _doubt(str(held.get("type", "full")), str(held.get("status", "active")))
        yield SeenZone(found.name, source, "cloudflare", found.id, account, tuple(dict.fromkeys(records)), doubt)


def _doubt(kind: str, status: str) -> str:
    """Only a full zone that is active is served from here."""
    if kind != "full":
        return f"at Cloudflare it is a zone of type {show(kind)}, whose records somebody else may serve"
    return "" if status == "active" else f"at Cloudflare its status is {show(status)}: nobody may ask there yet"


def _read(reader: Any, held: Any, source: str) -> Any:
    """The API names its fields as the provider's version 5 does."""
    try:
        return reader(held, source)
    except (ValueError, AttributeError) as error:
        raise LinkproofError(
            f"the Cloudflare API answered what is no list of zones or records ({source})",
            "see whether base_url is right",
        ) from error
