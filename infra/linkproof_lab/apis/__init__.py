"""The services' APIs over HTTP, and what they have in common."""

from __future__ import annotations

from linkproof_lab.server.running import Stoppable
from linkproof_lab.settings import LabSettings
from linkproof_lab.store import Store


async def start(settings: LabSettings, store: Store) -> Stoppable:
    """Serve every API at the address that its facts name.

    Zones must be in the store already (`Store.ensure_zone`).

    Raises:
        OSError: an address or port is taken.
    """
    from linkproof_lab.apis.serving import Apis  # aiohttp belongs to the extra `lab`

    apis = Apis(settings, store)
    await apis.start()
    return apis
