"""Links that live on for mail already sent: neither they nor their edge go before the day that the declaration names."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, time

from linkproof.contract.declared import PHASES_AT_EDGE, Link
from linkproof.contract.guard import Refusal
from linkproof.declaration.model import Declaration
from linkproof.declaration.successors import way_out
from linkproof.engine.guard.deployed import Deployed


def judge_successor(deployed: Deployed, declaration: Declaration, now: datetime) -> Iterator[Refusal]:
    """At most one refusal: the day is the declared one, or where nothing is declared any more that of the last deployment."""
    until = _until(deployed)
    link = deployed.link
    if until is None or now >= until or (link is not None and not _lets_go(deployed, link)):
        return
    what = "the link leaves the declaration" if link is None else f"{deployed.shown} → {link.phase} lets its edge go"
    back = "put it back as it was" if link is None else f"write phase {deployed.shown} again"
    then = way_out(link, declaration) if link is not None else "step it to branded, retire it and remove it"
    yield Refusal(
        "move.kept-until",
        deployed.host,
        f"{what}, and links of mail already sent must work until {until.date()}",
        f"{back}; from that day on: {then}",
        until,
    )


def _until(deployed: Deployed) -> datetime | None:
    """00:00 UTC of the day from which it may go; None where it is not kept for anything."""
    if deployed.link is not None and deployed.link.successor is not None:
        return _begin_of(deployed.link.successor.until)
    said = deployed.said.get("kept_until") if deployed.said is not None else None
    try:
        return _begin_of(date.fromisoformat(said)) if isinstance(said, str) else None
    except ValueError:
        return None


def _begin_of(day: date) -> datetime:
    return datetime.combine(day, time(), UTC)


def _lets_go(deployed: Deployed, link: Link) -> bool:
    """The edge that answers https:// links is left."""
    return (
        not deployed.past.isdisjoint(PHASES_AT_EDGE)
        and link.phase not in PHASES_AT_EDGE
        and not link.stands_at_own_edge
    )
