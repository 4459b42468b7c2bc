"""A text for a CA's challenge at Cloud DNS: one value of the name's TXT set. Others that stand there stay."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

from linkproof.dns.gcp.find import record_set
from linkproof.errors import LinkproofError
from linkproof.names import with_dot
from linkproof.rdata import presented

if TYPE_CHECKING:
    from linkproof.vendors.gcp.client import GcpClient

# A CA's resolver may keep it, and would then not see the text of the next order.
TTL_SECONDS = 10
# Somebody else may change the set between reading and writing it: then the whole change is refused, and it is read again.
_ATTEMPTS = 5
# 404: what was to be deleted is not there so; 409: what was to be added is; 412: the same of a set that has changed.
_CHANGED_MEANWHILE = frozenset({404, 409, 412})
# `pending` until its servers have the change: asked every 2 s, for 5 minutes at most.
_EVERY_SECONDS, _LONGEST_SECONDS = 2.0, 300.0


def add(client: GcpClient, zone_id: str, name: str, text: str) -> None:
    """Waits until Cloud DNS has told all of its servers."""
    _change(client, zone_id, with_dot(name), presented("TXT", text), is_wanted=True)


def remove(client: GcpClient, zone_id: str, name: str, text: str) -> None:
    """A set whose last text it is goes as a whole."""
    _change(client, zone_id, with_dot(name), presented("TXT", text), is_wanted=False)


def _change(client: GcpClient, zone: str, name: str, value: str, *, is_wanted: bool) -> None:
    url = f"{client.dns}projects/{client.project}/managedZones/{zone}/changes"
    for attempt in range(1, _ATTEMPTS + 1):
        held = record_set(client, zone, name, "TXT")
        if held is not None and "routingPolicy" in held:
            raise LinkproofError(
                f"{name} TXT in {zone} answers by a routing policy",
                f"make it a plain record set, or lead {name} by a CNAME to a zone of its own",
            )
        values = list(held.get("rrdatas") or ()) if held else []
        if (value in values) == is_wanted:
            return
        left = [*values, value] if is_wanted else [one for one in values if one != value]
        # a deletion names the whole set that was read, so that the change is refused if another one has come since
        body: dict[str, Any] = {"deletions": [held] if held else []}
        if left:
            body["additions"] = [
                {"name": name, "type": "TXT", "ttl": held["ttl"] if held else TTL_SECONDS, "rrdatas": left}
            ]
        change = client.post(url, body, _CHANGED_MEANWHILE if attempt < _ATTEMPTS else frozenset())
        if change is None:
            continue
        if is_wanted:
            _await(client, f"{url}/{change['id']}", change)
        return


def _await(client: GcpClient, url: str, change: dict[str, Any]) -> None:
    deadline = time.monotonic() + _LONGEST_SECONDS
    while change.get("status") == "pending" and time.monotonic() < deadline:
        time.sleep(_EVERY_SECONDS)
        change = client.find(url) or {}
