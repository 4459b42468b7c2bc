"""What the engine's state says of KARTE's certificates."""

from __future__ import annotations

from linkproof.acm import CERTIFICATE, late

__all__ = ["TYPES", "late"]

TYPES = frozenset({CERTIFICATE})
