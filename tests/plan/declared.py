"""A declaration from a few links, read as a user's file is."""

from __future__ import annotations

from typing import TypeVar

from linkproof.contract.items import Item
from linkproof.declaration.model import Declaration
from linkproof.plan.model import Plan

from tests.managed import read

Kind = TypeVar("Kind", bound=Item)

ZONES = """
zones:
  example.net: {dns: route53, id: Z0EXAMPLE0NET}
  example.com: {dns: cloudflare, id: 023e105f4ecef8ad9ca31a8372d0c353}
  example.org: {dns: manual}
edges:
  aws: {provider: cloudfront, account: cdn}
  cf: {provider: cloudflare}
  theirs: {provider: cloudflare, rulesets: external}
"""


def of(plan: Plan, kind: type[Kind]) -> list[Kind]:
    """The plan's items of one kind, in its order."""
    return [item for item in plan.items if isinstance(item, kind)]


def declared(*links: str, hosts: str = "") -> Declaration:
    """Links as `key: {…}` lines; every other value has its default."""
    text = f"version: 1{ZONES}" + ("links:\n" + "".join(f"  {link}\n" for link in links) if links else "")
    return read(text + (f"tracking_hosts:\n  {hosts}\n" if hosts else ""))


def link(key: str, host: str, phase: str, edge: str | None = "aws", *, owner: str | None = None, more: str = "") -> str:
    zone = ".".join(host.split(".")[-2:])
    named = f", edge: {edge}" if edge else ""
    return f"{key}: {{sender: sendgrid, click_host: {host}, owner_host: {owner or f'1234567.{zone}'}, phase: {phase}{named}{more}}}"
