"""A lab with a net of its own and its origins."""

from __future__ import annotations

import asyncio
import http.client
import io
import random
import ssl
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from linkproof_lab.settings import LabSettings
from linkproof_lab.store import Store
from linkproof_lab.web import origins

from tests.ports import free_port


@dataclass(frozen=True)
class Got:
    status: int
    headers: dict[str, str]
    body: bytes
    cert_names: tuple[str, ...] = ()


@dataclass
class OriginLab:
    settings: LabSettings
    store: Store

    def run(self, test: Callable[[], Awaitable[None]]) -> None:
        async def all_of_it() -> None:
            running = await origins.start(self.settings, self.store)
            try:
                await asyncio.wait_for(test(), 30)
            finally:
                await running.stop()

        asyncio.run(all_of_it())

    async def fetch(
        self,
        address: str,
        host: str,
        path: str,
        *,
        tls: bool = False,
        sni: str | None = None,
        judge: bool = True,
        method: str = "GET",
        headers: dict[str, str] | None = None,
    ) -> Got:
        context = ssl.create_default_context(cafile=str(self.settings.ca_file))
        context.check_hostname = judge
        port = self.settings.https_port if tls else self.settings.http_port
        reader, writer = await asyncio.open_connection(
            address, port, ssl=context if tls else None, server_hostname=(sni or host) if tls else None
        )
        cert = (writer.get_extra_info("peercert") or {}) if tls else {}
        lines = {"Host": host, "Connection": "close", **(headers or {})}
        head = "".join(f"{name}: {value}\r\n" for name, value in lines.items())
        writer.write(f"{method} {path} HTTP/1.1\r\n{head}\r\n".encode())
        raw = await asyncio.wait_for(reader.read(), 20)
        writer.close()

        class Recorded:
            def makefile(self, mode: str) -> io.BytesIO:
                return io.BytesIO(raw)

        response = http.client.HTTPResponse(Recorded(), method=method)  # type: ignore[arg-type]
        response.begin()
        found = {name.lower(): value for name, value in response.getheaders()}
        return Got(response.status, found, response.read(), tuple(v for _, v in cert.get("subjectAltName", ())))


@pytest.fixture
def lab(tmp_path: Path) -> Iterator[OriginLab]:
    net = random.randrange(60, 250)
    ports = [free_port(f"127.{net}.120.1") for _ in range(2)]
    settings = LabSettings(tmp_path, net=net, http_port=ports[0], https_port=ports[1])
    store = Store(settings.database)
    yield OriginLab(settings, store)
    store.close()
