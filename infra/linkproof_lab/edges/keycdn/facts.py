"""Where it is and whose it is."""

from __future__ import annotations

from typing import Final

from linkproof_lab.service import Facts

FACTS = Facts(title="KeyCDN", api=(100, 22), edges=((115, 1), (115, 2)))

# The key that the lab's KeyCDN knows from the start, of one account. It opens nothing but a lab.
KEYCDN_KEY: Final = "lab-keycdn-key-that-opens-nothing-but-a-lab"
# What every zone's own name ends with: the account's.
SUFFIX: Final = "1ab0"
DOMAIN: Final = "kxcdn.com"
