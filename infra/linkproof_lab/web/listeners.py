"""Binds services to their loopback addresses."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from linkproof_lab.settings import LabSettings
from linkproof_lab.web.contract import WebHost
from linkproof_lab.web.listener import Listener


class Listeners:
    """The running services of one part of the lab."""

    def __init__(self, close: Callable[[], None] = lambda: None) -> None:
        self._listeners: list[Listener] = []
        self._close = close

    async def listen(self, settings: LabSettings, hosts: Iterable[tuple[WebHost, tuple[str, ...]]]) -> None:
        """Serve each at its addresses, on both ports.

        Raises:
            OSError: an address or port is taken; nothing is left listening.
        """
        try:
            for host, addresses in hosts:
                listener = Listener(host.handle, host.choose_context)
                self._listeners.append(listener)
                for address in addresses:
                    await listener.listen(address, http_port=settings.http_port, https_port=settings.https_port)
        except BaseException:
            await self.stop()
            raise

    def health(self) -> str:
        return f"{sum(listener.addresses for listener in self._listeners)} addresses, plain and TLS"

    async def stop(self) -> None:
        for listener in self._listeners:
            await listener.stop()
        self._close()
