"""Declarations for the program, as text."""

from __future__ import annotations

from pathlib import Path

from tests.program.recorded import Recorded, run

ZONES = """version: 1
zones:
  example.net: {dns: route53, id: Z0EXAMPLE0NET}
  example.com: {dns: cloudflare, id: 023e105f4ecef8ad9ca31a8372d0c353}
  example.org: {dns: manual}
"""
EDGES = """edges:
  aws: {provider: cloudfront}
  cf: {provider: cloudflare}
"""
NET, COM, ORG = "url1.example.net", "url1.example.com", "url1.example.org"


def link(host: str, phase: str, edge: str | None = None, key: str = "one", more: str = "") -> str:
    zone = ".".join(host.split(".")[-2:])
    named = f", edge: {edge}" if edge else ""
    return (
        f"  {key}: {{sender: sendgrid, click_host: {host}, owner_host: 1234567.{zone}, phase: {phase}{named}{more}}}\n"
    )


def text(*links: str, zones: str = ZONES, edges: str = EDGES, more: str = "") -> str:
    return zones + edges + ("links:\n" + "".join(links) if links else "") + more


def one(work: Path, host: str, phase: str, edge: str | None = None) -> Recorded:
    """What the program registers for a declaration with this one link."""
    return run(text(link(host, phase, edge)), work=work)
