"""The provider's config: base URL and token. Nothing but loopback is accepted."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from typing import Any

from linkproof.providers.protocol.values import Properties, Unknown

from linkproof_lab.edges.fastly.stand_in.client import FastlyClient
from linkproof_lab.providers.http import Http, is_loopback

SECRET_NAMES = ("apiKey",)


def check(config: Properties) -> Iterator[tuple[str, str]]:
    base_url = config.get("baseUrl")
    if base_url is None:
        yield "baseUrl", "missing: this stand-in talks to a lab only; name the lab's address"
    elif not isinstance(base_url, Unknown) and not is_loopback(str(base_url)):
        yield "baseUrl", f"{base_url} is not plain HTTP on loopback: this stand-in talks to a lab only"
    if not _key(config):
        yield "apiKey", "missing: give one, or set FASTLY_API_KEY"


def _key(config: Properties) -> Any:
    """The option, else the environment's."""
    return config.get("apiKey") or os.environ.get("FASTLY_API_KEY")


def client(config: Properties, cancelled: threading.Event) -> FastlyClient:
    return FastlyClient(str(config["baseUrl"]).rstrip("/"), str(_key(config)), Http(cancelled))
