"""`pulumi-resource-rfc2136`: started by the Pulumi engine, which finds it under `plugins` in Pulumi.yaml."""

from __future__ import annotations

import sys

from linkproof.providers.protocol.base import Provider
from linkproof.providers.protocol.server import serve
from linkproof.providers.rfc2136.config import SECRET_NAMES, check, configure

VERSION = "0.1.0"

if __name__ == "__main__":
    serve(Provider("rfc2136", VERSION, SECRET_NAMES, check, configure), sys.argv[1:])
