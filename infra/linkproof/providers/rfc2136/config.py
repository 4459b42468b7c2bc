"""The provider's config: a primary server, and the key that it takes updates with."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator

from linkproof.dns.rfc2136.account import ALGORITHMS
from linkproof.dns.rfc2136.client import SECRET_VARIABLE
from linkproof.dns.rfc2136.exchange import Exchange
from linkproof.dns.rfc2136.primary import Primary
from linkproof.dns.rfc2136.secret import secret_octets
from linkproof.errors import LinkproofError
from linkproof.providers.protocol.base import Package, by_token
from linkproof.providers.protocol.values import Properties, Unknown
from linkproof.providers.rfc2136.record_set import RecordSets

SECRET_NAMES = ("secret",)


def check(config: Properties) -> Iterator[tuple[str, str]]:
    for name in ("server", "keyName"):
        if not config.get(name):
            yield name, "missing: say it in the account"
    port = config.get("port", "53")
    if not isinstance(port, Unknown) and not str(port).isdecimal():
        yield "port", "must be a number"
    algorithm = config.get("algorithm", "hmac-sha256")
    if not isinstance(algorithm, Unknown) and algorithm not in ALGORITHMS:
        yield "algorithm", f"must be one of {', '.join(ALGORITHMS)}"
    secret = config.get("secret") or os.environ.get(SECRET_VARIABLE)
    if not secret:
        yield "secret", f"missing: give one, or set {SECRET_VARIABLE}"
    elif isinstance(secret, str):
        try:
            secret_octets(secret)
        except LinkproofError as error:
            yield "secret", str(error)


def configure(config: Properties, cancelled: threading.Event) -> Package:
    secret = str(config.get("secret") or os.environ.get(SECRET_VARIABLE))
    exchange = Exchange(
        str(config["server"]),
        int(config.get("port", 53)),
        str(config["keyName"]),
        str(config.get("algorithm", "hmac-sha256")),
        secret_octets(secret),
    )
    return Package(types=by_token(RecordSets(Primary(exchange), cancelled)), invokes={})
