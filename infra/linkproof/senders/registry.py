"""Senders by name: a plain dict, nothing scans."""

from __future__ import annotations

from importlib import import_module
from typing import Protocol, cast

from linkproof.senders.needs import EdgeNeeds

PLANS = {"sendgrid": "linkproof.senders.sendgrid.plan"}


class SenderPlan(Protocol):
    """The entry points of a sender's `plan.py`."""

    def target(self, region: str) -> str: ...
    def edge_needs(self, region: str) -> EdgeNeeds: ...


def sender_plan(name: str) -> SenderPlan:
    return cast("SenderPlan", import_module(PLANS[name]))
