"""What a declaration asks for, in one short word: the same for the same, wherever and in whatever order it is written."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from linkproof.declaration.model import Declaration


def fingerprint(declaration: Declaration) -> str:
    """SHA-256 of all that decides what must exist; comments, places and the `verify:` defaults do not."""
    parts = (declaration.zones, declaration.edges, declaration.links, declaration.tracking_hosts)
    text = "\n".join(repr(sorted(part.items())) for part in parts)
    # which no representation shows, for they are their recipients' alone
    text += "".join(f"\n{canary.url}" for _, link in sorted(declaration.links.items()) for canary in link.canaries)
    return hashlib.sha256(f"{declaration.lab}\n{text}".encode()).hexdigest()
