"""Alias records in use: no phase step before the record is a CNAME, which is one change where one record stands for it."""

from __future__ import annotations

from collections.abc import Iterator

from linkproof.contract.guard import Refusal
from linkproof.contract.state import State
from linkproof.engine.guard.deployed import Deployed
from linkproof.engine.state import record_sides


def judge_alias(deployed: Deployed, state: State) -> Iterator[Refusal]:
    """At most one refusal."""
    link, host = deployed.link, deployed.host
    record = state.record(f"{host}/CNAME")
    if link is None or record is None or not any(side.alias for side in record_sides(record)):
        return
    if deployed.past != {link.phase}:
        yield Refusal(
            "phase.alias",
            host,
            f"{deployed.shown} → {link.phase}, and the click record is an alias: it would move and become a CNAME in one go",
            f"write phase {deployed.shown} and remove `record: alias`; deploy that, which is one change batch at the DNS host;"
            " step afterwards",
        )
    elif not link.is_alias and (beside := state.record(f"{host}/AAAA")) is not None:
        yield Refusal(
            "move.alias-pair",
            host,
            f"a CNAME stands alone, and {beside.name} is an alias beside it: the engine changes one record at a time, so the"
            " change would be refused, or leave a gap",
            f"make one change batch by hand (`linkproof explain move.alias-pair`), then `pulumi refresh -s {state.stack}` and"
            f" `linkproof adopt {state.stack}`",
        )
