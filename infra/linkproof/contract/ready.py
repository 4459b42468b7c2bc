"""What an edge's plug-in reads from its vendor of a host whose edge nobody outside can ask yet: its `ready.py`."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Protocol

from linkproof.contract.declared import Edge, Zone
from linkproof.contract.guard import ClientOf


class EdgeReady(Protocol):
    """`ready.py`: of an edge that answers for a host only once clicks are led to it."""

    def unready(self, host: str, edge: Edge, zone: Zone, client: ClientOf) -> Iterator[str]:
        """What of its certificate and its rules is not as clicks will need it, each in words; nothing where all is.

        Args:
            host: the click host.
            zone: of the host.
            client: from vendor and account.

        Raises:
            LinkproofError: the vendor cannot be asked, or does not let this be read.
        """
