"""SparkPost's API of a lab, its DNS and its resolver, really running on loopback in a thread."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
from linkproof_lab.senders.sparkpost.api import FAULT_KIND
from linkproof_lab.senders.sparkpost.control_plane import keys
from linkproof_lab.senders.sparkpost.facts import SPARKPOST_KEY

from tests.lab.sendgrid.running import SendGridLab

HOST = "click.example.net"


class SparkPostLab(SendGridLab):
    """One lab with the zone example.net, its other API."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.url = self.settings.api_url("senders/sparkpost")

    def call(
        self, method: str, path: str, body: Any = None, *, key: str = SPARKPOST_KEY, user: str = "", **query: str
    ) -> httpx.Response:
        """A call as a person makes it, behind everybody's back.

        Args:
            user: a subaccount's number.
        """
        headers = {"Authorization": key} if key else {}
        if user:
            headers["X-MSYS-SUBACCOUNT"] = user
        return httpx.request(
            method, f"{self.url}/api/v1/{path}", json=body, params=query, headers=headers, trust_env=False
        )

    def held(self, domain: str = HOST, user: str = "") -> dict[str, Any]:
        found: dict[str, Any] = self.call("GET", f"tracking-domains/{domain}", user=user).json()["results"]
        return found

    def key(self, token: str, *grants: str, user: str = "", region: str = "us") -> str:
        document: dict[str, Any] = {"region": region, "grants": list(grants)}
        self.store.put(keys.KEY, keys.key_of(token), document | ({"subaccount": int(user)} if user else {}))
        return token

    def fault(self, name: str, **fault: Any) -> None:
        self.store.put(FAULT_KIND, name, fault)

    def end_fault(self, name: str) -> None:
        self.store.delete(FAULT_KIND, name)


@contextmanager
def running(folder: Path) -> Iterator[SparkPostLab]:
    made = SparkPostLab(folder)
    try:
        yield made
    finally:
        made.close()
