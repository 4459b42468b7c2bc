"""A lab's APIs really running on loopback, with a small DNS server that answers what the store holds."""

from __future__ import annotations

import asyncio
import functools
import gc
import importlib
import random
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import boto3
import cloudflare
import dns.flags
import dns.message
import dns.rcode
import dns.rrset
import pytest
from botocore.config import Config
from linkproof_lab import apis, ca
from linkproof_lab.apis.follow import ZoneFinder
from linkproof_lab.settings import LabSettings
from linkproof_lab.store import Store
from linkproof_lab.vendors.cloudflare.control_plane import tokens

from tests.ports import free_port

CF_ZONE = "023e105f4ecef8ad9ca31a8372d0c353"
R53_ZONE = "Z0EXAMPLE"
GCP_ZONE = "example-info"
AZURE_ZONE = "mail/example.biz"
# May do anything in every zone, as an administrator's token does.
ADMIN_TOKEN = "a-token-of-an-administrator-0123456789-abcdef"


@functools.cache
def _load_resources() -> None:
    """The SDK loads hundreds of modules when it is first used. A collection of garbage that loads one itself, in the middle of that, makes
    Python 3.11 fail with a KeyError (python/cpython#91351, mended in 3.12), so there is none meanwhile.
    """
    gc.disable()
    try:
        importlib.import_module("cloudflare.resources.dns")
    finally:
        gc.enable()


class StoreDns(asyncio.DatagramProtocol):
    """Answers authoritatively from the store; a CNAME answers every type. `broken` answers REFUSED."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self.broken = False
        self.asked: list[tuple[str, str]] = []

    def connection_made(self, transport: Any) -> None:
        self.transport = transport

    def datagram_received(self, data: bytes, addr: Any) -> None:
        query = dns.message.from_wire(data)
        question = query.question[0]
        name, rtype = question.name.to_text().lower().rstrip("."), question.rdtype.name
        self.asked.append((name, rtype))
        reply = dns.message.make_response(query)
        zone = ZoneFinder(self.store).zone_of(name)
        if self.broken or zone is None:
            reply.set_rcode(dns.rcode.REFUSED)
        else:
            reply.flags |= dns.flags.AA
            found = self.store.rrset(zone.id, name, rtype) or self.store.rrset(zone.id, name, "CNAME")
            if found:
                reply.answer.append(dns.rrset.from_text_list(name + ".", found.ttl, "IN", found.type, found.data))
        self.transport.sendto(reply.to_wire(), addr)


class Lab:
    """One lab: settings, store, running APIs and clients."""

    def __init__(self, folder: Path) -> None:
        net = random.randrange(60, 250)
        first = LabSettings(folder, net=net)
        self.settings = LabSettings(
            folder,
            net=net,
            dns_port=free_port(first.server_addresses("route53")[0]),
            api_port=free_port(first.address(100, 1)),
        )
        ca.ensure(self.settings)
        self._sdks: dict[str, cloudflare.Cloudflare] = {}
        self._clients: dict[tuple[str, str, str], Any] = {}
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()
        self.start()

    def start(self) -> None:
        self.store = Store(self.settings.database)
        self.token(ADMIN_TOKEN, "*")
        s = self.settings
        servers = tuple(
            (f"ns-{n}.awsdns-0{n}.com", address) for n, address in enumerate(s.server_addresses("route53"), 1)
        )
        self.store.ensure_zone(R53_ZONE, "example.net", "route53", servers)
        self.store.ensure_zone("Z0OTHER", "example.org", "route53", servers)
        cf_servers = tuple(
            (f"{n}.ns.cloudflare.com", address)
            for n, address in zip(("ada", "bob"), s.server_addresses("cloudflare"), strict=True)
        )
        self.store.ensure_zone(CF_ZONE, "example.com", "cloudflare", cf_servers)
        self.store.ensure_zone(GCP_ZONE, "example.info", "gcp", servers[:2])
        self.store.ensure_zone(AZURE_ZONE, "example.biz", "azure", servers[:2])
        vendor = tuple((f"ns{n}.vendors.net", address) for n, address in enumerate(s.vendor_servers, 1))
        self.store.ensure_zone("cloudfront.net", "cloudfront.net", "vendor", vendor)
        self.store.ensure_zone("sendgrid.net", "sendgrid.net", "vendor", vendor)
        for tld in ("net", "com", "org"):
            self.store.ensure_zone(tld, tld, "tld", vendor)
        self.store.set_rrsets("sendgrid.net", [("sendgrid.net", "A", 300, (s.origin_addresses("sendgrid")[0],))])
        self.dns = StoreDns(self.store)
        self._transports: list[Any] = []
        self.run(
            self._start_dns((*s.server_addresses("route53"), *s.server_addresses("cloudflare"), *s.vendor_servers))
        )
        self._apis = self.run(apis.start(self.settings, self.store))

    async def _start_dns(self, addresses: tuple[str, ...]) -> None:
        for address in addresses:
            protocol = StoreDns(self.store)
            protocol.asked = self.dns.asked
            local = (address, self.settings.dns_port)
            transport, _ = await self._loop.create_datagram_endpoint(lambda p=protocol: p, local_addr=local)
            self._transports.append(transport)

    async def _stop_dns(self) -> None:
        for transport in self._transports:
            transport.close()
        await asyncio.sleep(0)  # a transport closes its socket in the loop's next turn

    def run(self, work: Any) -> Any:
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(30)

    def stop(self) -> None:
        self.run(self._apis.stop())
        self.run(self._stop_dns())
        self.store.close()

    def restart(self) -> None:
        self.stop()
        self.start()

    def close(self) -> None:
        for client in (*self._clients.values(), *self._sdks.values()):
            client.close()
        self.stop()
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(10)
        self._loop.close()

    # clients -----------------------------------------------------------------------------------
    def aws(self, service: str, key: str = "AKIALAB1", region: str = "us-east-1") -> Any:
        if (service, key, region) not in self._clients:
            self._clients[service, key, region] = boto3.client(
                service,
                region_name=region,
                aws_access_key_id=key,
                aws_secret_access_key="not-a-secret",
                endpoint_url=self.settings.api_url("vendors/aws"),
                config=Config(retries={"max_attempts": 1}),
            )
        return self._clients[service, key, region]

    def cloudflare(self, token: str = ADMIN_TOKEN) -> cloudflare.Cloudflare:
        _load_resources()
        base = f"{self.settings.api_url('vendors/cloudflare')}/client/v4"
        if token not in self._sdks:
            self._sdks[token] = cloudflare.Cloudflare(api_token=token, base_url=base, max_retries=0)
        return self._sdks[token]

    def token(self, token: str, *scopes: str, zones: tuple[str, ...] = ("*",)) -> str:
        """Make a token that may do this, in these zones."""
        self.store.put(tokens.KIND, tokens.key_of(token), {"scopes": list(scopes), "zones": list(zones)})
        return token

    def served(self, zone_id: str, name: str, rtype: str) -> tuple[int, tuple[str, ...]] | None:
        found = self.store.rrset(zone_id, name, rtype)
        return (found.ttl, found.data) if found else None

    def records(self, *changes: tuple[str, str, str, list[str], int]) -> Any:
        """Change Route 53 sets: action, name, type, values, TTL."""
        batch = [
            {
                "Action": action,
                "ResourceRecordSet": {
                    "Name": name,
                    "Type": rtype,
                    "TTL": ttl,
                    "ResourceRecords": [{"Value": v} for v in values],
                },
            }
            for action, name, rtype, values, ttl in changes
        ]
        return self.aws("route53").change_resource_record_sets(HostedZoneId=R53_ZONE, ChangeBatch={"Changes": batch})

    def eventually(self, look: Callable[[], Any], seconds: float = 20) -> Any:
        """What `look` returns once it is true."""
        until = time.monotonic() + seconds
        while True:
            found = look()
            if found:
                return found
            assert time.monotonic() < until, "it did not become true"
            time.sleep(0.05)

    def certificate(self, *names: str, key: str = "AKIALAB1", region: str = "us-east-1") -> str:
        """ARN of a certificate that is issued, its records published in the zone example.net."""
        acm = self.aws("acm", key, region)
        arn = acm.request_certificate(DomainName=names[0], SubjectAlternativeNames=list(names), ValidationMethod="DNS")[
            "CertificateArn"
        ]
        for option in acm.describe_certificate(CertificateArn=arn)["Certificate"]["DomainValidationOptions"]:
            record = option["ResourceRecord"]
            self.records(("UPSERT", record["Name"], "CNAME", [record["Value"]], 60))
        self.eventually(lambda: acm.describe_certificate(CertificateArn=arn)["Certificate"]["Status"] == "ISSUED")
        return str(arn)


@pytest.fixture
def lab(tmp_path: Path) -> Iterator[Lab]:
    lab = Lab(tmp_path / "lab")
    yield lab
    lab.close()
