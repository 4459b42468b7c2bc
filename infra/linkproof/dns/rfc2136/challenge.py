"""A text for a CA's challenge at a primary server: one value of the name's TXT set. Others that stand there stay."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from linkproof.dns.rfc2136.primary import ChangedError
from linkproof.dns.rfc2136.record_set import RecordSet
from linkproof.json_api import WaitingHere
from linkproof.rdata import presented

if TYPE_CHECKING:
    from linkproof.dns.rfc2136.primary import Primary

# A CA's resolver may keep it, and would then not see the text of the next order.
TTL_SECONDS = 10
_SECONDS = 60.0
# Somebody else may change the set between reading and writing it: then nothing is changed, and it is read again.
_ATTEMPTS = 5


def add(client: Primary, zone_id: str, name: str, text: str) -> None:
    """Secondaries follow; whoever waits for them asks each."""
    _change(client, zone_id, name, presented("TXT", text), is_wanted=True)


def remove(client: Primary, zone_id: str, name: str, text: str) -> None:
    """A set whose last text it is goes as a whole."""
    _change(client, zone_id, name, presented("TXT", text), is_wanted=False)


def _change(client: Primary, zone: str, name: str, value: str, *, is_wanted: bool) -> None:
    waiting = WaitingHere(_SECONDS)
    for attempt in range(1, _ATTEMPTS + 1):
        held = client.held(zone, name, "TXT", waiting)
        values = held.values if held else ()
        if (value in values) == is_wanted:
            return
        try:
            if held is None:
                client.create(zone, name, RecordSet("TXT", TTL_SECONDS, (value,)), waiting)
            elif values == (value,):
                client.delete(zone, name, held, waiting)
            else:
                left = (*values, value) if is_wanted else tuple(one for one in values if one != value)
                client.replace(zone, name, held, replace(held, values=left), waiting)
        except ChangedError:
            if attempt == _ATTEMPTS:
                raise
            continue
        return
