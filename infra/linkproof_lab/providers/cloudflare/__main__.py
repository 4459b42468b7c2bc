"""`pulumi-resource-cloudflare` of the lab: started by the Pulumi engine."""

from __future__ import annotations

import sys
import threading
from importlib.metadata import version

from linkproof.providers.protocol.base import Package, Provider, by_token
from linkproof.providers.protocol.server import serve
from linkproof.providers.protocol.values import Properties

from linkproof_lab.providers.cloudflare import config
from linkproof_lab.providers.cloudflare.dns_record import DnsRecord
from linkproof_lab.providers.cloudflare.ruleset import Ruleset


def configure(given: Properties, cancelled: threading.Event) -> Package:
    client = config.client(given, cancelled)
    return Package(types=by_token(DnsRecord(client), Ruleset(client)), invokes={})


if __name__ == "__main__":
    serve(
        Provider("cloudflare", version("pulumi-cloudflare"), config.SECRET_NAMES, config.check, configure), sys.argv[1:]
    )
