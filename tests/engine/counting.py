"""What the vendor's counter has of an edge, beside what we are known to have sent there."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any

from linkproof import registry
from linkproof.engine.own_requests import FILE
from linkproof.engine.state import read_state

from tests.engine.sandbox import Sandbox
from tests.engine_state.deployed import clients_of

HOUR = timedelta(hours=1)


def known(box: Sandbox, edge: str) -> int:
    """How many requests of ours the stack's file has, for whichever host."""
    document = json.loads((box.root / ".linkproof" / "dev" / FILE).read_text())
    return sum(one["edge"] == edge for one in document["requests"])


def counted(box: Sandbox, edge: str, host: str, options: dict[str, Any], secrets: dict[str, str]) -> int:
    """How many came to it so far, by its counter, asked as the guard asks it with the state that the engine left."""
    counter = registry.edge(edge).requests
    assert counter is not None
    vendor = registry.edge(edge).facts.VENDOR
    client = clients_of({"default": {vendor: options}}, {"default": secrets}).client
    now = datetime.now(UTC)
    found = counter.counted(host, read_state(box.state("dev")), now - HOUR, now + HOUR, client)
    assert found is not None, f"{edge} has nothing for {host}"
    return sum(one.requests for one in found)
