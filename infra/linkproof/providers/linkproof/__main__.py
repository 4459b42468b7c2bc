"""`pulumi-resource-linkproof`: started by the Pulumi engine, which finds it under `plugins` in Pulumi.yaml."""

from __future__ import annotations

import sys
import threading
from collections.abc import Iterator

from linkproof.providers.linkproof.records import RecordHistory, RecordsSettled
from linkproof.providers.linkproof.servers import ServerHost
from linkproof.providers.protocol.base import Package, Provider, by_token
from linkproof.providers.protocol.server import serve
from linkproof.providers.protocol.values import Properties

VERSION = "0.1.0"


def _no_config(config: Properties) -> Iterator[tuple[str, str]]:
    """It needs none; the engine adds a version of its own."""
    yield from ()


def _configure(config: Properties, cancelled: threading.Event) -> Package:
    return Package(types=by_token(RecordHistory(), RecordsSettled(), ServerHost()), invokes={})


if __name__ == "__main__":
    serve(Provider("linkproof", VERSION, (), _no_config, _configure), sys.argv[1:])
