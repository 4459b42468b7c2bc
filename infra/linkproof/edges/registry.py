"""Edges by provider: plain dicts, nothing scans."""

from __future__ import annotations

from importlib import import_module
from typing import Protocol, cast

from linkproof.plan.items import Items
from linkproof.plan.subject import Subject
from linkproof.senders.needs import EdgeNeeds

PLANS = {"cloudfront": "linkproof.edges.cloudfront.plan", "cloudflare": "linkproof.edges.cloudflare.plan"}


class EdgePlan(Protocol):
    """The entry point that every edge's `plan.py` has."""

    def edge_items(self, subject: Subject, needs: EdgeNeeds) -> Items: ...


def edge_plan(provider: str) -> EdgePlan:
    return cast("EdgePlan", import_module(PLANS[provider]))
