"""The vendors' APIs over HTTP: Cloudflare, and the operations of Route 53, ACM and CloudFront that we use."""

from __future__ import annotations

from typing import Protocol

from linkproof_lab.settings import LabSettings
from linkproof_lab.store import Store


class Stoppable(Protocol):
    """Something that runs until it is stopped."""

    async def stop(self) -> None: ...


async def start(settings: LabSettings, store: Store) -> Stoppable:
    """Serve every API at the addresses that the settings name, and follow certificates until they are issued.

    Zones must be in the store already (`Store.ensure_zone`).

    Raises:
        OSError: an address or port is taken.
    """
    from linkproof_lab.apis.serving import serve  # aiohttp belongs to the extra `lab`

    return await serve(settings, store)
