"""`pulumi-resource-keycdn`: started by the Pulumi engine, which finds it under `plugins` in Pulumi.yaml."""

from __future__ import annotations

import sys

from linkproof.providers.keycdn.config import SECRET_NAMES, check, configure
from linkproof.providers.protocol.base import Provider
from linkproof.providers.protocol.server import serve

VERSION = "0.1.0"

if __name__ == "__main__":
    serve(Provider("keycdn", VERSION, SECRET_NAMES, check, configure), sys.argv[1:])
