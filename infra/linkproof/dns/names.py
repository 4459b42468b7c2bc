"""The DNS hosts by the words of the declaration."""

from __future__ import annotations

MANUAL = "manual"
