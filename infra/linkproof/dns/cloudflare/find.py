"""Finding a Cloudflare DNS record, and proving that it is the one that this stack was creating."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from linkproof.contract.find import Candidate, Finder
from linkproof.dns.cloudflare.state import RECORD_TYPE, content_of
from linkproof.rdata import presented

if TYPE_CHECKING:
    from linkproof.vendors.cloudflare.client import CloudflareClient

WITHOUT_OBJECT: frozenset[str] = frozenset()


def records(inputs: Mapping[str, Any], client: CloudflareClient) -> Iterator[Candidate]:
    """Ours when its comment has the mark, and its data are those, that it was to be created with."""
    name, rtype, zone_id = inputs["name"], inputs["type"], inputs["zoneId"]
    held = client.get(f"/zones/{zone_id}/dns_records", {"name": name, "type": rtype})
    for record in held:
        id_ = str(record["id"])
        yield Candidate(f"record {name} {rtype}", f"{zone_id}/{id_}", _doubt(record, inputs), kept=id_)


def _doubt(record: Mapping[str, Any], inputs: Mapping[str, Any]) -> str:
    held, wanted = (presented(inputs["type"], content_of(one)) for one in (record, inputs))
    if held != wanted:
        return f"it holds {held.removesuffix('.')}, not {wanted.removesuffix('.')}"
    if record["proxied"] != bool(inputs.get("proxied")):
        return f"it is {'proxied' if record['proxied'] else 'DNS only'}"
    comment = inputs.get("comment") or ""
    if (record.get("comment") or "") != comment:
        return f"its comment says {record.get('comment') or 'nothing'}, not {comment or 'nothing'}"
    return ""


FINDERS: Mapping[str, Finder] = {RECORD_TYPE: records}
