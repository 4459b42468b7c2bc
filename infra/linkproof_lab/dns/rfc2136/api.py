"""The hidden primary: signed questions, transfers and updates over TCP, on the port of all DNS servers of the lab."""

from __future__ import annotations

import asyncio
import logging

from linkproof_lab import tasks
from linkproof_lab.apis.contract import ApiAnswer, ApiRequest
from linkproof_lab.dns.rfc2136.control_plane.primary import Primary
from linkproof_lab.dns.rfc2136.facts import FACTS
from linkproof_lab.nameservers.transport import converse
from linkproof_lab.nameservers.wire import NoReply
from linkproof_lab.settings import LabSettings
from linkproof_lab.store import Store

_log = logging.getLogger(__name__)


def api(settings: LabSettings, store: Store, parts: tuple[()]) -> HiddenPrimary:
    return HiddenPrimary(settings, store)


class HiddenPrimary:
    """It takes no HTTP: that port only says where to go."""

    def __init__(self, settings: LabSettings, store: Store) -> None:
        assert FACTS.api is not None
        self._address, self._port = settings.address(*FACTS.api), settings.dns_port
        self._primary = Primary(store)
        self._tasks: set[asyncio.Task[None]] = set()

    def answer(self, request: ApiRequest) -> ApiAnswer:
        return ApiAnswer(404, f"dynamic updates come to {self._address} port {self._port} over TCP\n".encode())

    async def run(self) -> None:
        try:
            server = await asyncio.start_server(self._connected, self._address, self._port)
        except OSError as error:  # the APIs beside it go on
            _log.error("%s port %d takes no dynamic updates: %s", self._address, self._port, error)
            return
        try:
            await server.serve_forever()
        finally:
            server.close()
            await tasks.end(self._tasks)

    def _connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.create_task(converse(reader, writer, self._answer, f"{self._address} port {self._port}"))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _answer(self, packet: bytes) -> bytes | NoReply:
        return self._primary.answer(packet)
