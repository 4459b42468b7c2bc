"""A text for a CA's challenge at Azure DNS: one value of the name's TXT set. Others that stand there stay."""

from __future__ import annotations

from typing import TYPE_CHECKING

from linkproof.dns.azure.facts import API_VERSION
from linkproof.dns.azure.find import record_id
from linkproof.dns.azure.record_set import from_api, members, relative, to_api, values
from linkproof.rdata import presented

if TYPE_CHECKING:
    from linkproof.vendors.azure.client import AzureClient

# A CA's resolver may keep it, and would then not see the text of the next order.
TTL_SECONDS = 10
# Somebody else may change the set between reading and writing it: then the change is refused by its etag, and it is read again.
_ATTEMPTS = 5
_CHANGED_MEANWHILE = frozenset({412})


def add(client: AzureClient, zone_id: str, name: str, text: str) -> None:
    """Azure DNS does not say when all of its servers have it; who orders the certificate asks each of them."""
    _change(client, zone_id, name, presented("TXT", text), is_wanted=True)


def remove(client: AzureClient, zone_id: str, name: str, text: str) -> None:
    """A set whose last text it is goes as a whole."""
    _change(client, zone_id, name, presented("TXT", text), is_wanted=False)


def _change(client: AzureClient, zone_id: str, name: str, value: str, *, is_wanted: bool) -> None:
    id_ = record_id(client, zone_id, relative(name, zone_id.partition("/")[2]), "TXT")
    for attempt in range(1, _ATTEMPTS + 1):
        found = client.find(id_, API_VERSION)
        properties = from_api((found or {}).get("properties") or {})
        held = list(values("TXT", properties))
        if (value in held) == is_wanted:
            return
        left = [*held, value] if is_wanted else [one for one in held if one != value]
        kept = {"ttl": properties.get("ttl", TTL_SECONDS), "metadata": properties.get("metadata")}
        condition = {"If-Match": str(found["etag"])} if found else {"If-None-Match": "*"}
        done = client.write(
            "PUT" if left else "DELETE",
            id_,
            API_VERSION,
            {"properties": to_api({**kept, **members("TXT", left)})} if left else None,
            headers=condition,
            unless=_CHANGED_MEANWHILE if attempt < _ATTEMPTS else frozenset(),
        )
        if done is not None:
            return
