"""A link that new mail has no more, and that lives on for mail already sent: until when, and how it goes then."""

from __future__ import annotations

from datetime import date

from linkproof.contract.declared import Link
from linkproof.declaration.model import Declaration
from linkproof.declaration.past import phases_of


def kept(link: Link, declaration: Declaration, today: date) -> str:
    """A clause of a link with a successor: until when it stays; after that day that it may go, and in which order."""
    assert link.successor is not None
    until, key = link.successor.until, link.successor.link
    if today < until:
        new = declaration.links.get(key)
        host = f" ({new.click_host})" if new is not None else ""
        return f"until {until} for mail already sent; new mail has {key}{host}"
    return f"until {until}, which has come: it may go: {way_out(link, declaration)}"


def way_out(link: Link, declaration: Declaration) -> str:
    """Every deployment until the link is gone, in order."""
    way = phases_of(link, declaration)
    before = list(reversed(way[: way.index(link.phase)])) if link.phase in way else []
    back = f"deploy {' → '.join(before)} one at a time, then " if before else ""
    return f"{back}`linkproof retire {link.key}`, and take it out of the file"
