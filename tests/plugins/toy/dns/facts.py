"""The toy DNS host, from its own documentation."""

from __future__ import annotations

from collections.abc import Mapping

from linkproof.contract.dns import AliasTarget, ZoneId

NAME = "Toy DNS"
VENDOR = "toydns"
ZONE_ID = ZoneId("Z[0-9]+", "Z and digits", "copy it from the zone's page")
PROPAGATION_SECONDS = 10
NEGATIVE_TTL_SECONDS = 300
TTL_SECONDS: tuple[int, int] | None = None
PROXY: str | None = None
ALIASES: Mapping[str, AliasTarget] = {}
SOURCES = ("https://toy.example/dns",)
