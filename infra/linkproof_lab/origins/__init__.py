"""The origins of the lab: servers that answer as SendGrid and KARTE do and log each click."""

from __future__ import annotations

from typing import Protocol

from linkproof_lab.settings import LabSettings
from linkproof_lab.store import Store


class Stoppable(Protocol):
    """Something that runs until it is stopped."""

    async def stop(self) -> None: ...


async def start(settings: LabSettings, store: Store) -> Stoppable:
    """Serve SendGrid's and KARTE's addresses on both ports, following the store.

    Raises:
        OSError: an address or port is taken.
    """
    from linkproof_lab.origins.serving import serve  # aiohttp belongs to the extra `lab`

    return await serve(settings, store)
