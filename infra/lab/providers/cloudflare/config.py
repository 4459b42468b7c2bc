"""The provider's config: base URL and token. Nothing but loopback is accepted."""

from __future__ import annotations

import threading
from collections.abc import Iterator

from infra.lab.providers.cloudflare.client import CloudflareClient
from infra.lab.providers.http import Http, is_loopback
from infra.providers.protocol.values import Properties, Unknown

SECRET_NAMES = ("apiKey", "apiToken", "apiUserServiceKey")


def check(config: Properties) -> Iterator[tuple[str, str]]:
    base_url = config.get("baseUrl")
    if base_url is None:
        yield "baseUrl", "missing: this stand-in talks to a lab only; name the lab's address, with /client/v4"
    elif not isinstance(base_url, Unknown) and not is_loopback(str(base_url)):
        yield "baseUrl", f"{base_url} is not plain HTTP on loopback: this stand-in talks to a lab only"
    if "apiToken" not in config:
        yield (
            "apiToken",
            "missing: this stand-in knows no other credential, and does not read the environment's; give any text",
        )


def client(config: Properties, cancelled: threading.Event) -> CloudflareClient:
    return CloudflareClient(str(config["baseUrl"]).rstrip("/"), str(config["apiToken"]), Http(cancelled))
