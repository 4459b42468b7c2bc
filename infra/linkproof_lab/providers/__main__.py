"""`python -m linkproof_lab.providers PACKAGE …`: a stand-in, as the Pulumi engine starts it."""

from __future__ import annotations

import sys

from linkproof.providers.protocol.server import serve

from linkproof_lab.providers.packages import provider

if __name__ == "__main__":
    serve(provider(sys.argv[1]), sys.argv[2:])
