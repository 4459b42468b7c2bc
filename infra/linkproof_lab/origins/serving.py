"""Puts the origins together and binds them to their loopback addresses."""

from __future__ import annotations

from linkproof_lab import ca
from linkproof_lab.edges.listener import Listener
from linkproof_lab.origins.clicks import ClickLog
from linkproof_lab.origins.karte import KarteOrigin
from linkproof_lab.origins.sendgrid import SendGridOrigin
from linkproof_lab.settings import LabSettings
from linkproof_lab.store import Store


class Origins:
    """The running origins."""

    def __init__(self, listeners: list[Listener]) -> None:
        self._listeners = listeners

    def health(self) -> str:
        return f"{sum(listener.addresses for listener in self._listeners)} addresses, plain and TLS"

    async def stop(self) -> None:
        for listener in self._listeners:
            await listener.stop()


async def serve(settings: LabSettings, store: Store) -> Origins:
    """Start all origins; see `linkproof_lab.origins.start`."""
    ca.ensure(settings)
    clicks = ClickLog(settings)
    sendgrid, karte = SendGridOrigin(settings, store, clicks), KarteOrigin(settings, store, clicks)
    sendgrid_listener = Listener(sendgrid.handle, sendgrid.choose_context)
    karte_listener = Listener(karte.handle, karte.choose_context)
    origins = Origins([sendgrid_listener, karte_listener])
    try:
        for listener, address in (
            (sendgrid_listener, settings.sendgrid_origin),
            (karte_listener, settings.karte_origin),
        ):
            await listener.listen(address, http_port=settings.http_port, https_port=settings.https_port)
    except BaseException:
        await origins.stop()
        raise
    return origins
