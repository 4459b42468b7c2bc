"""Edges by provider: plain dicts, nothing scans."""

from __future__ import annotations

from importlib import import_module
from typing import Protocol, cast

from infra.plan.items import Items
from infra.plan.subject import Subject
from infra.senders.needs import EdgeNeeds

PLANS = {"cloudfront": "infra.edges.cloudfront.plan", "cloudflare": "infra.edges.cloudflare.plan"}


class EdgePlan(Protocol):
    """The entry point that every edge's `plan.py` has."""

    def edge_items(self, subject: Subject, needs: EdgeNeeds) -> Items: ...


def edge_plan(provider: str) -> EdgePlan:
    return cast("EdgePlan", import_module(PLANS[provider]))
