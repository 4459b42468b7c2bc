"""The provider's config: endpoints, project and token. Nothing but loopback is accepted."""

from __future__ import annotations

import threading
from collections.abc import Iterator

from linkproof.providers.protocol.values import Properties, Unknown

from linkproof_lab.providers.http import Http, is_loopback
from linkproof_lab.vendors.gcp.stand_in.client import GcpClient

SECRET_NAMES = ("accessToken", "credentials")
_ENDPOINTS = ("computeCustomEndpoint", "certificateManagerCustomEndpoint", "dnsCustomEndpoint")


def check(config: Properties) -> Iterator[tuple[str, str]]:
    for name in _ENDPOINTS:
        url = config.get(name)
        if url is None:
            yield name, "missing: this stand-in talks to a lab only; name the lab's address"
        elif not isinstance(url, Unknown) and not is_loopback(str(url)):
            yield name, f"{url} is not plain HTTP on loopback: this stand-in talks to a lab only"
    for name in ("project", "accessToken"):
        if config.get(name) is None:
            yield name, "missing: this stand-in looks for it nowhere else"


def client(config: Properties, cancelled: threading.Event) -> GcpClient:
    urls = {name.removesuffix("CustomEndpoint"): str(config[name]) for name in _ENDPOINTS}
    return GcpClient(urls, str(config["project"]), str(config["accessToken"]), Http(cancelled))
