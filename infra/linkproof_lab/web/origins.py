"""The origins of the lab: servers that answer as the senders' do and log each click."""

from __future__ import annotations

from linkproof_lab import ca
from linkproof_lab.server.running import Stoppable
from linkproof_lab.service import services
from linkproof_lab.settings import LabSettings
from linkproof_lab.store import Store


async def start(settings: LabSettings, store: Store) -> Stoppable:
    """Serve every sender's addresses on both ports, following the store.

    Raises:
        OSError: an address or port is taken.
    """
    # aiohttp belongs to the extra `lab`
    from linkproof_lab.web.clicks import ClickLog
    from linkproof_lab.web.contract import OriginContext
    from linkproof_lab.web.listeners import Listeners

    ca.ensure(settings)
    context = OriginContext(settings, store, ClickLog(settings))
    with_origin = [one for one in services("senders") if one.has("origin")]
    listeners = Listeners()
    await listeners.listen(
        settings, [(one.file("origin").origin(context), settings.origin_addresses(one.name)) for one in with_origin]
    )
    return listeners
