"""The edges of the lab: TLS reverse proxies that behave as CloudFront and Cloudflare do with what the APIs hold."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from linkproof_lab.settings import LabSettings
from linkproof_lab.store import Store

if TYPE_CHECKING:
    from linkproof_lab.edges.resolve import Resolve


class Stoppable(Protocol):
    """Something that runs until it is stopped."""

    async def stop(self) -> None: ...


async def start(settings: LabSettings, store: Store, *, resolve: Resolve | None = None) -> Stoppable:
    """Serve every edge address on both ports, following the store.

    Args:
        resolve: from an origin's name to its addresses; the lab's caching resolver by default.

    Raises:
        OSError: an address or port is taken.
    """
    from linkproof_lab.edges.serving import serve  # aiohttp belongs to the extra `lab`

    return await serve(settings, store, resolve)
