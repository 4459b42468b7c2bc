"""SendGrid's API of a lab, its DNS and its resolver, really running on loopback in a thread."""

from __future__ import annotations

import asyncio
import random
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
from linkproof_lab import apis, ca, nameservers
from linkproof_lab.apis.request_log import requests
from linkproof_lab.senders.sendgrid.control_plane import users
from linkproof_lab.senders.sendgrid.control_plane.faults import KIND as FAULT
from linkproof_lab.senders.sendgrid.facts import PARENT, SENDGRID_KEY
from linkproof_lab.server.hints import root_hints
from linkproof_lab.settings import LabSettings
from linkproof_lab.store import Store
from linkproof_lab.world import CustomerZone, seed

from tests.ports import free_port

ZONE = "Z0EXAMPLE0NET"
DOMAIN = "example.net"


class SendGridLab:
    """One lab with the zone example.net."""

    def __init__(self, folder: Path) -> None:
        net = random.randrange(60, 250)
        first = LabSettings(folder, net=net)
        self.settings = LabSettings(
            folder,
            net=net,
            dns_port=free_port(first.resolver),
            api_port=free_port(first.address(100, 3)),
        )
        ca.ensure(self.settings)
        self.store = Store(self.settings.database)
        seed(self.store, self.settings, [CustomerZone(ZONE, DOMAIN, "route53")])
        self.settings.hints_file.write_text(root_hints(self.settings))
        self.url = self.settings.api_url("senders/sendgrid")
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()
        self.dns = self.run(nameservers.start(self.settings, self.store))
        self._apis = self.run(apis.start(self.settings, self.store))

    def run(self, work: Any) -> Any:
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(30)

    def close(self) -> None:
        self.run(self._apis.stop())
        self.run(self.dns.stop())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(10)
        self._loop.close()
        self.store.close()

    def call(
        self, method: str, path: str, body: Any = None, *, key: str = SENDGRID_KEY, user: str = "", **query: str
    ) -> httpx.Response:
        """A call as a person makes it, behind everybody's back."""
        headers = {"Authorization": f"Bearer {key}"} if key else {}
        if user:
            headers["on-behalf-of"] = user
        return httpx.request(method, f"{self.url}/v3/{path}", json=body, params=query, headers=headers, trust_env=False)

    def link(self, subdomain: str = "url1", **more: Any) -> dict[str, Any]:
        made: dict[str, Any] = self.call(
            "POST", "whitelabel/links", {"domain": DOMAIN, "subdomain": subdomain, **more}
        ).json()
        assert "id" in made, made
        return made

    def publish(self, *records: tuple[str, str, str]) -> None:
        """Name, type and value of records in the zone; a record without a value is taken away."""
        changes = [(name, kind, 60, (value,) if value else ()) for name, kind, value in records]
        self.store.set_rrsets(ZONE, changes)
        self._loop.call_soon_threadsafe(self.dns.flush_resolver)

    def publish_link(self, link: dict[str, Any]) -> None:
        self.publish(*((one["host"], one["type"].upper(), f"{one['data']}.") for one in link["dns"].values()))

    def key(self, token: str, *scopes: str, user: str = PARENT) -> str:
        """Make a key that may do this."""
        document = {"api_key_id": f"id-{token[-6:]}", "name": "a test's", "scopes": list(scopes), "user": user}
        self.store.put(users.KEY, users.key_of(token), document)
        return token

    def subuser(self, username: str, region: str = "us") -> str:
        body = {"username": username, "email": "a@example.net", "password": "pass-word-1", "ips": [], "region": region}
        assert self.call("POST", "subusers", body).status_code == 201
        return username

    def fault(self, name: str, **fault: Any) -> None:
        self.store.put(FAULT, name, fault)

    def end_fault(self, name: str) -> None:
        self.store.delete(FAULT, name)

    def asked(self, method: str = "", ending: str = "") -> list[tuple[str, str, int]]:
        """Method, path and status of what the API was sent."""
        found = [
            (str(one["method"]), str(one["path"]), int(str(one["status"])))
            for one in self._log()
            if one["api"] == self.url
        ]
        return [one for one in found if one[0].startswith(method) and one[1].endswith(ending)]

    def _log(self) -> Iterator[dict[str, object]]:
        return requests(self.settings.request_log)


@contextmanager
def running(folder: Path) -> Iterator[SendGridLab]:
    made = SendGridLab(folder)
    try:
        yield made
    finally:
        made.close()
