"""The edges of the lab: TLS reverse proxies that behave as the real ones do with what the APIs hold."""

from __future__ import annotations

from typing import TYPE_CHECKING

from linkproof_lab import ca
from linkproof_lab.server.running import Stoppable
from linkproof_lab.service import services
from linkproof_lab.settings import LabSettings
from linkproof_lab.store import Store

if TYPE_CHECKING:
    from linkproof_lab.web.resolve import Resolve


async def start(settings: LabSettings, store: Store, *, resolve: Resolve | None = None) -> Stoppable:
    """Serve every edge address on both ports, following the store.

    Args:
        resolve: from an origin's name to its addresses; the lab's caching resolver by default.

    Raises:
        OSError: an address or port is taken.
    """
    # aiohttp belongs to the extra `lab`
    from linkproof_lab.web.contract import EdgeContext
    from linkproof_lab.web.faults import EdgeFaults
    from linkproof_lab.web.listeners import Listeners
    from linkproof_lab.web.origin import Origins
    from linkproof_lab.web.resolve import through_lab
    from linkproof_lab.web.watch import Generation

    ca.ensure(settings)
    generation = Generation(settings)
    origins = Origins(settings, resolve or through_lab(settings))
    context = EdgeContext(settings, store, generation, origins, EdgeFaults(settings, store, generation))
    with_edge = [one for one in services("edges") if one.has("edge")]
    listeners = Listeners(generation.close)
    await listeners.listen(
        settings, [(one.file("edge").edge(context), settings.edge_addresses(one.name)) for one in with_edge]
    )
    return listeners
