"""Declarations with the sender's own HTTPS, with the records that a sender's page would show for it."""

from __future__ import annotations

import re

from linkproof.declaration.load import load_text
from linkproof.declaration.model import Declaration

RECORDS = "{_acme-challenge: url.abc.dcv.cloudflare.com, _cf-custom-hostname: 0a1b2c}"


def read(text: str) -> Declaration:
    """The declaration in a text. A link says `edge: managed`, or `own_https` beside another edge, without the records."""
    whole = re.sub(r"\bown_https(?=[,}])", f"own_https: {RECORDS}", text)
    whole = re.sub(r"\bedge: managed\b", f"edge: managed, own_https: {RECORDS}", whole)
    loaded = load_text(whole, "test.yaml")
    assert loaded.declaration is not None, [str(problem) for problem in loaded.problems]
    return loaded.declaration
