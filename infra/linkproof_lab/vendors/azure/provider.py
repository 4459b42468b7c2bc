"""The provider's config: metadata host, subscription and service principal. Nothing but loopback is accepted."""

from __future__ import annotations

import threading
from collections.abc import Iterator

from linkproof.providers.protocol.values import Properties, Unknown

from linkproof_lab.providers.http import Http, is_loopback
from linkproof_lab.vendors.azure.stand_in.client import AzureClient

SECRET_NAMES = ("clientSecret", "clientCertificatePassword", "oidcToken", "oidcRequestToken")
_NEEDED = ("subscriptionId", "tenantId", "clientId", "clientSecret")


def check(config: Properties) -> Iterator[tuple[str, str]]:
    host = config.get("metadataHost")
    if host is None:
        yield "metadataHost", "missing: this stand-in talks to a lab only; name the lab's address"
    elif not isinstance(host, Unknown) and not is_loopback(f"http://{host}"):
        yield "metadataHost", f"{host} is not on loopback: this stand-in talks to a lab only"
    for name in _NEEDED:
        if config.get(name) is None:
            yield name, "missing: this stand-in looks for it nowhere else"


def client(config: Properties, cancelled: threading.Event) -> AzureClient:
    subscription, tenant, principal, secret = (str(config[name]) for name in _NEEDED)
    return AzureClient(str(config["metadataHost"]), subscription, tenant, principal, secret, Http(cancelled))
