"""The request line, and the Location that comes back: octet for octet."""

from __future__ import annotations

from collections.abc import Iterable

from linkproof.conformance.client.front import Scheme
from linkproof.conformance.origin.orders import Order
from linkproof.conformance.run.found import Found
from linkproof.conformance.run.session import Session, brief
from linkproof.conformance.targets import (
    LOCATIONS,
    PATHS,
    QUERIES,
    SEMICOLONS,
    UNUSUAL_LOCATIONS,
    UNUSUAL_PATHS,
    UNUSUAL_QUERIES,
    Target,
)

_LONG, _LONGEST = 4_000, 8_000


async def reach(session: Session, found: Found) -> None:
    """By https, else by http, by which then everything is asked."""
    schemes: tuple[Scheme, ...] = ("https", "http")
    for scheme in schemes:
        seen = await session.ask(order=Order(), scheme=scheme)
        if seen.arrived and seen.status == 302:
            session.scheme = scheme
            found.faults.clear()
            return
        found.fault(f"{seen.sent} over {scheme}", "the origin reads it, and its 302 comes back", seen.shown())


async def path(session: Session, found: Found) -> None:
    await _as_sent(session, found, PATHS)


async def path_unusual(session: Session, found: Found) -> None:
    await _as_sent(session, found, UNUSUAL_PATHS)


async def query(session: Session, found: Found) -> None:
    await _as_sent(session, found, QUERIES)


async def query_unusual(session: Session, found: Found) -> None:
    await _as_sent(session, found, UNUSUAL_QUERIES)


async def semicolon(session: Session, found: Found) -> None:
    await _as_sent(session, found, SEMICOLONS)


async def long(session: Session, found: Found) -> None:
    await _as_sent(session, found, _of_length(_LONG))


async def longest(session: Session, found: Found) -> None:
    await _as_sent(session, found, _of_length(_LONGEST))


def _of_length(octets: int) -> tuple[Target, ...]:
    """One in the query and one in the path, so long with the token's 12 octets."""
    return tuple(
        Target(f"{start}{'a' * (octets - len(start) + len('{token}') - 12)}", "")
        for start in ("/ls/click?upn=u001.{token}", "/CL0/{token}/")
    )


async def _as_sent(session: Session, found: Found, targets: Iterable[Target]) -> None:
    for target in targets:
        seen = await session.ask(target.text)
        if seen.first is None or seen.first.target != seen.target:
            found.fault(seen.sent, "the same target at the origin", seen.shown())


async def location(session: Session, found: Found) -> None:
    for text in LOCATIONS:
        await _comes_back(session, found, text)


async def location_unusual(session: Session, found: Found) -> None:
    for text in UNUSUAL_LOCATIONS:
        await _comes_back(session, found, text)


async def location_own(session: Session, found: Found) -> None:
    arrived = (await session.ask()).first
    at_origin = arrived.values("host")[0] if arrived and arrived.values("host") else session.front.host
    names = dict.fromkeys((at_origin, arrived.sni if arrived and arrived.sni else at_origin, session.front.host))
    for name in names:
        for scheme in ("http", "https"):
            await _comes_back(session, found, f"{scheme}://{name}/wf/unsubscribe?a=1")
    await _comes_back(session, found, "/relative/path?a=1")


async def _comes_back(session: Session, found: Found, text: str) -> None:
    seen = await session.ask(order=Order(headers=(("Location", text),)))
    values = seen.answer.values("location") if seen.answer else ()
    if values != (text,) or seen.status != 302:
        came = ", ".join(map(brief, values)) or (seen.trouble or f"answered {seen.status} without one")
        found.fault(f"the origin answered Location: {brief(text)}", "the same", came)
