"""The zones of a primary server, and what leads somewhere in them, by transfer. Reads, and never writes."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from linkproof.contract.seen import SeenRecord, SeenZone
from linkproof.errors import LinkproofError
from linkproof.rdata import plain

if TYPE_CHECKING:
    from linkproof.dns.rfc2136.primary import Primary


def zones(client: Primary, account: str, names: frozenset[str]) -> Iterator[SeenZone]:
    """Those that are named: a server tells nobody which it has."""
    if not names:
        raise LinkproofError(
            f"{client.title} does not say which zones it has (account {account})", "name each: `--zone example.com`"
        )
    for name in sorted(names):
        records = tuple(
            SeenRecord(owner, plain(held.values[0]), held.ttl_seconds)
            for owner, held in client.records(name)
            if held.type == "CNAME"
        )
        yield SeenZone(name, f"{client.title}, account {account}", "rfc2136", "", account, records)
