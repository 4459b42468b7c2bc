"""What a killed engine may have made at a primary server, and what stands in the way of taking over."""

from __future__ import annotations

from typing import Any

import pytest
from linkproof.dns.rfc2136 import adopt, find
from linkproof.dns.rfc2136.record_set import RecordSet
from linkproof.dns.rfc2136.state import RECORD_TYPE
from linkproof.json_api import WaitingHere

from tests.dns.rfc2136.servers import ZONE, Running

HOST = f"found.{ZONE}"


def inputs(**other: Any) -> dict[str, Any]:
    return {"zone": ZONE, "name": HOST, "type": "CNAME", "ttl": 300.0, "values": ["sendgrid.net"], **other}


def test_it_is_ours_when_it_is_exactly_what_was_to_be_created(server: Running) -> None:
    client = server.client()
    records = find.FINDERS[RECORD_TYPE]
    assert list(records(inputs(), client)) == []
    client.create(ZONE, HOST, RecordSet("CNAME", 300, ("SendGrid.net.",)), WaitingHere(20))
    (ours,) = records(inputs(), client)
    assert (ours.id, ours.doubt) == (f"{ZONE}/{HOST}/CNAME", "")
    (other,) = records(inputs(values=["u1.wl.sendgrid.net"]), client)
    assert "not CNAME u1.wl.sendgrid.net" in other.doubt
    (slower,) = records(inputs(ttl=60.0), client)
    assert slower.doubt == "it has TTL 300, not 60"


@pytest.mark.parametrize(("kind", "name", "shown"), [("CNAME", "www", "A 192.0.2.7"), ("A", "kept", "CNAME old.edge")])
def test_what_stands_beside_is_named_with_the_update_that_leaves_no_gap(
    server: Running, kind: str, name: str, shown: str
) -> None:
    beside = adopt.IN_THE_WAY[RECORD_TYPE]
    (found,) = beside(inputs(type=kind, name=f"{name}.{ZONE}"), server.client())
    assert shown in found.what
    assert f"deletes it and then adds the {kind}" in found.doubt


def test_two_spellings_of_a_name_are_one() -> None:
    assert adopt.same(RECORD_TYPE, "values", ["sendgrid.net"], ["SendGrid.net."])
    assert not adopt.same(RECORD_TYPE, "values", ["sendgrid.net"], ["u1.wl.sendgrid.net."])
    assert not adopt.same(RECORD_TYPE, "ttl", 300, 300)
