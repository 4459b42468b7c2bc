"""What an edge makes of the origin's addresses. It takes a name whose addresses the run can change."""

from __future__ import annotations

import asyncio
import time

from linkproof.conformance.checks.failing import recovered
from linkproof.conformance.run.found import Found
from linkproof.conformance.run.session import Seen, Session

_PAUSE_SECONDS = 0.2


async def ipv6(session: Session, found: Found) -> None:
    four, six, _ = _addresses(session)
    await _with(session, found, (six,), six, back=(four,))


async def dead_ipv6(session: Session, found: Found) -> None:
    four, _, dead = _addresses(session)
    await _with(session, found, (dead, four), four, back=(four,))


async def moved(session: Session, found: Found) -> None:
    """While clicks go on, so that a connection that is kept for ever shows too."""
    four, six, _ = _addresses(session)
    other = session.at.names.other if session.at.names else six
    await session.ask()
    await _with(session, found, (other,), other, back=(four,))


def _addresses(session: Session) -> tuple[str, str, str]:
    names = session.at.names
    assert names is not None
    return names.four, names.six, names.dead


async def _with(session: Session, found: Found, addresses: tuple[str, ...], wanted: str, back: tuple[str, ...]) -> None:
    """Clicks until one arrives at the address, at most a little longer than its TTL."""
    names = session.at.names
    assert names is not None
    await names.set(addresses)
    try:
        seen = await _until(session, wanted, names.ttl_seconds + session.limits.failure_seconds)
    finally:
        await names.set(back)
    if seen.first is None or seen.first.at != wanted:
        where = seen.first.at if seen.first else "nowhere"
        said = " and ".join(addresses)
        found.fault(
            f"{seen.sent}, while the origin's name has {said}", f"the click at {wanted}", f"at {where}; {seen.shown()}"
        )
    await _until(session, back[0], names.ttl_seconds + session.limits.failure_seconds)
    await recovered(session)


async def _until(session: Session, wanted: str, seconds: float) -> Seen:
    until = time.monotonic() + seconds
    while True:
        seen = await session.ask()
        if (seen.first is not None and seen.first.at == wanted) or time.monotonic() >= until:
            return seen
        await asyncio.sleep(_PAUSE_SECONDS)
