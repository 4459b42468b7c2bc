"""The provider's config: base URL and token. Nothing but loopback is accepted."""

from __future__ import annotations

import os
import re
import threading
from collections.abc import Iterator
from typing import Any

from linkproof.providers.protocol.values import Properties, Unknown

from linkproof_lab.providers.http import Http, is_loopback
from linkproof_lab.vendors.cloudflare.stand_in.client import CloudflareClient

_FORM = re.compile(r"[A-Za-z0-9_-]{40,80}")
SECRET_NAMES = ("apiKey", "apiToken", "apiUserServiceKey")


def check(config: Properties) -> Iterator[tuple[str, str]]:
    base_url = config.get("baseUrl")
    if base_url is None:
        yield "baseUrl", "missing: this stand-in talks to a lab only; name the lab's address, with /client/v4"
    elif not isinstance(base_url, Unknown) and not is_loopback(str(base_url)):
        yield "baseUrl", f"{base_url} is not plain HTTP on loopback: this stand-in talks to a lab only"
    token = _token(config)
    if token is None:
        yield "apiToken", "missing: give one, or set CLOUDFLARE_API_TOKEN; this stand-in knows no other credential"
    elif isinstance(token, str) and token and not _FORM.fullmatch(token):
        yield (
            "apiToken",
            "API tokens must be 40 to 80 characters long and only contain a-z, A-Z, 0-9, hyphens and underscores",
        )


def _token(config: Properties) -> Any:
    """The option, else the environment's. An option that is there without a value is empty: it keeps the environment's away."""
    if "apiToken" in config:
        return "" if config["apiToken"] is None else config["apiToken"]
    return os.environ.get("CLOUDFLARE_API_TOKEN")


def client(config: Properties, cancelled: threading.Event) -> CloudflareClient:
    return CloudflareClient(str(config["baseUrl"]).rstrip("/"), str(_token(config)), Http(cancelled))
