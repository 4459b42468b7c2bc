"""A lab with a net of its own, its edges, and an origin that says what reached it."""

from __future__ import annotations

import asyncio
import http.client
import io
import json
import random
import ssl
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web
from linkproof.edges.cloudfront.facts import ERROR_STATUSES
from linkproof_lab import ca
from linkproof_lab.settings import LabSettings
from linkproof_lab.store import Store
from linkproof_lab.web import edges
from linkproof_lab.web.contexts import Identity, server_context
from linkproof_lab.web.errors import OriginNameError
from linkproof_lab.web.listener import Connection, Listener, Refusal
from linkproof_lab.web.viewer import read_viewer

from tests.ports import free_port

ZONE_ID = "023e105f4ecef8ad9ca31a8372d0c353"


@dataclass(frozen=True)
class Got:
    status: int
    headers: dict[str, str]
    body: str
    cert_names: tuple[str, ...] = ()
    tls_version: str | None = None


@dataclass
class EchoOrigin:
    """Answers any request with what it was asked, and remembers it."""

    identity: Identity | Refusal
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    body: str | None = None
    requests: list[dict[str, Any]] = field(default_factory=list)
    names_asked: list[str | None] = field(default_factory=list)

    def choose_context(self, server_name: str | None) -> ssl.SSLContext | Refusal:
        self.names_asked.append(server_name)
        return self.identity if isinstance(self.identity, Refusal) else server_context(self.identity)

    async def handle(self, request: web.BaseRequest, connection: Connection) -> web.StreamResponse:
        viewer = await read_viewer(request, connection)
        seen = {
            "scheme": viewer.scheme,
            "method": viewer.method,
            "host": viewer.authority,
            "target": viewer.path if viewer.query is None else f"{viewer.path}?{viewer.query}",
            "headers": {name.lower(): value for name, value in viewer.headers},
            "body": viewer.body.decode(),
        }
        self.requests.append(seen)
        text = json.dumps(seen) if self.body is None else self.body
        return web.Response(status=self.status, text=text, headers={"Server": "echo", **self.headers})


@dataclass
class EdgeLab:
    settings: LabSettings
    store: Store
    echo: EchoOrigin
    addresses: dict[str, list[str]]

    def run(self, test: Callable[[], Awaitable[None]]) -> None:
        """Start edges and origin, run the test in their loop, stop them."""

        async def resolve(host: str) -> list[str]:
            if host not in self.addresses:
                raise OriginNameError(host, "no such name in this test")
            return self.addresses[host]

        async def all_of_it() -> None:
            listener = Listener(self.echo.handle, self.echo.choose_context)
            address = self.settings.address(130, 1)
            await listener.listen(address, http_port=self.settings.http_port, https_port=self.settings.https_port)
            running = await edges.start(self.settings, self.store, resolve=resolve)
            try:
                await asyncio.wait_for(test(), 30)
            finally:
                await running.stop()
                await listener.stop()

        asyncio.run(all_of_it())

    # what the APIs would hold --------------------------------------------------------------------
    def certificate(self, arn: str, names: list[str]) -> str:
        issued = ca.issue(self.settings, names, key="ec256")
        doc = {"status": "ISSUED", "names": names, "cert_pem": issued.cert_pem, "chain_pem": issued.chain_pem}
        self.store.put("acm-certificate", arn, {**doc, "key_pem": issued.key_pem})
        return arn

    def distribution(self, ident: str, aliases: list[str], **changes: Any) -> dict[str, Any]:
        served = self.served(ident, aliases, **changes)
        self.put_distribution(ident, served)
        return served

    def put_distribution(
        self, ident: str, served: dict[str, Any], deployed: dict[str, Any] | None = None, deploys_at: float = 0
    ) -> None:
        doc = {"pending_config": served, "deployed_config": deployed, "deploys_at": deploys_at}
        self.store.put("cloudfront-distribution", ident, doc)

    def served(self, ident: str, aliases: list[str], **changes: Any) -> dict[str, Any]:
        arn = self.certificate(f"arn:{ident}", aliases) if aliases else None
        origin = {
            "domain": "origin.example",
            "http_port": 80,
            "https_port": 443,
            "protocol_policy": "https-only",
            "ssl_protocols": ["TLSv1.2"],
            "custom_headers": {},
        }
        return {
            "id": ident,
            "domain": f"{ident.lower()}.cloudfront.net",
            "aliases": aliases,
            "enabled": True,
            "certificate_arn": arn,
            "minimum_protocol_version": "TLSv1.2_2021",
            "origin": {**origin, **changes.pop("origin", {})},
            "viewer_protocol_policy": "allow-all",
            "allowed_methods": ["GET", "HEAD"],
            "cache_policy": caching(0),
            "origin_request_policy": {
                "id": "p", "headers": ["Host", "User-Agent"], "query_strings": "all", "cookies": "none"
            },
            "error_caching": [[status, 0] for status in ERROR_STATUSES],
            "ipv6": True,
            "http_version": "http2",
            **changes,
        }  # fmt: skip

    def proxied(self, host: str, target: str = "origin.example", **settings: str) -> None:
        """A proxied record in the zone example.net, with zone-wide settings."""
        self.store.ensure_zone(ZONE_ID, "example.net", "cloudflare", (("ada.example", "127.0.0.1"),))
        record = {"id": host, "zone_id": ZONE_ID, "name": host, "type": "CNAME", "content": target, "proxied": True}
        self.store.put("cloudflare-record", host, record)
        for setting, value in {"browser_check": "off", "email_obfuscation": "off", **settings}.items():
            self.store.put("cloudflare-zone-setting", f"{ZONE_ID}/{setting}", {"value": value})

    # what clients do -----------------------------------------------------------------------------
    async def cloudfront(self, host: str, path: str = "/", **how: Any) -> Got:
        return await self.fetch(self.settings.edge_addresses("cloudfront")[0], host, path, **how)

    async def cloudflare(self, host: str, path: str = "/", **how: Any) -> Got:
        return await self.fetch(self.settings.edge_addresses("cloudflare")[0], host, path, **how)

    async def fetch(
        self,
        address: str,
        host: str,
        path: str,
        *,
        tls: bool = True,
        sni: str | None = None,
        method: str = "GET",
        headers: dict[str, str] | None = None,
        body: str = "",
        context: ssl.SSLContext | None = None,
        judge: bool = True,
    ) -> Got:
        context = context or ssl.create_default_context(cafile=str(self.settings.ca_file))
        if not judge:
            context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
        port = self.settings.https_port if tls else self.settings.http_port
        reader, writer = await asyncio.open_connection(
            address, port, ssl=context if tls else None, server_hostname=(sni or host) if tls else None
        )
        try:
            cert = (writer.get_extra_info("peercert") or {}) if tls else {}
            version = writer.get_extra_info("ssl_object").version() if tls else None
            lines = {"Host": host, "User-Agent": "test", "Connection": "close", **(headers or {})}
            if body:
                lines["Content-Length"] = str(len(body))
            head = "".join(f"{name}: {value}\r\n" for name, value in lines.items() if value is not None)
            writer.write(f"{method} {path} HTTP/1.1\r\n{head}\r\n{body}".encode())
            raw = await asyncio.wait_for(reader.read(), 20)
        finally:
            writer.close()
        names = tuple(value for _, value in cert.get("subjectAltName", ()))
        return replace(parse(raw, method), cert_names=names, tls_version=version)


def parse(raw: bytes, method: str) -> Got:
    if not raw:
        raise ConnectionResetError("closed without an answer")

    class Recorded:
        def makefile(self, mode: str) -> io.BytesIO:
            return io.BytesIO(raw)

    response = http.client.HTTPResponse(Recorded(), method=method)  # type: ignore[arg-type]
    response.begin()
    headers = {name.lower(): value for name, value in response.getheaders()}
    return Got(response.status, headers, response.read().decode())


def caching(seconds: int, **key: Any) -> dict[str, Any]:
    """A cache policy with this default TTL; 0 switches caching off."""
    policy = {"id": "c", "min_ttl": 0, "default_ttl": seconds, "max_ttl": 86400 if seconds else 0}
    return {**policy, "query_strings": "none", "headers": [], "cookies": "none", **key}


@pytest.fixture
def lab(tmp_path: Path) -> Iterator[EdgeLab]:
    net = random.randrange(60, 250)
    ports = [free_port(f"127.{net}.110.1") for _ in range(2)]
    settings = LabSettings(tmp_path, net=net, http_port=ports[0], https_port=ports[1])
    store = Store(settings.database)
    identity = Identity.from_issued(ca.issue(settings, ["origin.example", "*.origin.example"], key="ec256"))
    yield EdgeLab(settings, store, EchoOrigin(identity), {"origin.example": [settings.address(130, 1)]})
    store.close()
