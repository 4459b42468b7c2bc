"""The toy edge, from its own documentation."""

from __future__ import annotations

NAME = "Toy edge"
VENDOR = "toyedge"
PHASES = ("branded", "ready", "live", "secured")
CAS: tuple[str, ...] = ()
FAMILIES = (4,)
HAS_ACCOUNT = True
NEEDS_NO_ENTRY = False
DOMAIN = "toy-edge.example"
SOURCES = ("https://toy.example/edge",)
