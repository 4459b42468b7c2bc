"""What an edge makes of the origin's addresses. It takes a name whose addresses the run can change."""

from __future__ import annotations

import asyncio
import time

from linkproof.conformance.checks.failing import recovered
from linkproof.conformance.run.found import Found
from linkproof.conformance.run.origins import Names
from linkproof.conformance.run.session import Seen, Session

_PAUSE_SECONDS = 0.2
_CLICKS = 8


async def ipv6(session: Session, found: Found) -> None:
    names = _names(session)
    await _with(session, found, names.six)


async def dead_ipv6(session: Session, found: Found) -> None:
    """Several clicks once the edge knows of the dead address: of an edge that goes round, the first one may be lucky."""
    names = _names(session)
    await names.set((names.dead, names.four))
    try:
        until = time.monotonic() + names.ttl_seconds + session.limits.failure_seconds
        while not names.are_known() and time.monotonic() < until:
            await session.ask()
            await asyncio.sleep(_PAUSE_SECONDS)
        for number in range(1, _CLICKS + 1):
            seen = await session.ask()
            if not seen.arrived:
                sent = f"{seen.sent}, click {number} while the origin's name has {names.dead} and {names.four}"
                found.fault(sent, f"the click at {names.four}", seen.shown())
                break
            await asyncio.sleep(_PAUSE_SECONDS)
    finally:
        await _back(session)


async def moved(session: Session, found: Found) -> None:
    """While clicks go on, so that a connection that is kept for ever shows too."""
    await session.ask()
    await _with(session, found, _names(session).other)


def _names(session: Session) -> Names:
    names = session.at.names
    assert names is not None
    return names


async def _with(session: Session, found: Found, address: str) -> None:
    """Clicks until one arrives at the name's new address."""
    await _names(session).set((address,))
    try:
        seen = await _until(session, address)
    finally:
        await _back(session)
    if seen.first is None or seen.first.at != address:
        where = seen.first.at if seen.first else "nowhere"
        sent = f"{seen.sent}, while the origin's name has {address}"
        found.fault(sent, f"the click at {address}", f"at {where}; {seen.shown()}")


async def _back(session: Session) -> None:
    names = _names(session)
    await names.set((names.four,))
    await _until(session, names.four)
    await recovered(session)


async def _until(session: Session, wanted: str) -> Seen:
    """The click that arrived there, or the last of those in vain: once the edge has asked for the name, half of the time is enough."""
    names, seconds = _names(session), session.limits.failure_seconds
    until, is_known = time.monotonic() + names.ttl_seconds + seconds, False
    while True:
        seen = await session.ask()
        if (seen.first is not None and seen.first.at == wanted) or time.monotonic() >= until:
            return seen
        if not is_known and names.are_known():
            until, is_known = min(until, time.monotonic() + seconds / 2), True
        await asyncio.sleep(_PAUSE_SECONDS)
