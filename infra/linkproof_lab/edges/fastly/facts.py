"""Where it is and whose it is."""

from __future__ import annotations

from typing import Final

from linkproof_lab.service import Facts

FACTS = Facts(title="Fastly", package="fastly", api=(100, 21), edges=((114, 1), (114, 2)))

# The token that the lab's Fastly knows from the start, of one account. It opens nothing but a lab.
FASTLY_KEY: Final = "lab-fastly-key-that-opens-nothing-but-a-lab"
# The TLS configuration that every account has: its id, and the name that hosts lead to.
CONFIGURATION: Final = "LabTlsConfiguration001"
TARGET: Final = "j.sni.global.fastly.net"
# What answers DNS challenges is below it.
VALIDATIONS: Final = "fastly-validations.com"
