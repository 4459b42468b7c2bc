"""Following a link through the edge."""

from __future__ import annotations

from collections.abc import Iterator

from linkproof.contract.declared import PHASES_AT_EDGE
from linkproof.contract.state import State
from linkproof.plan.model import Plan

from linkproof_lab.settings import LabSettings


def hints(lab: LabSettings, ca: str, plan: Plan, state: State) -> Iterator[tuple[str, list[str]]]:
    """For the first link that is live here."""
    del state
    at_edge = (link for link in plan.links if link.phase in PHASES_AT_EDGE and link.edge_provider == "cloudfront")
    for link in at_edge:
        at = f"--connect-to {link.click_host}:443:{lab.edge_addresses('cloudfront')[0]}:{lab.https_port}"
        url = f"https://{link.click_host}/ls/click?upn=demo"
        yield "follow a tracked link through the edge", [f"curl -sD - -o /dev/null --cacert {ca} {at} '{url}'"]
        return
