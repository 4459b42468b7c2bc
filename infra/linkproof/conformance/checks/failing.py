"""What an edge does while the origin fails: it tells the reader, and asks nothing twice."""

from __future__ import annotations

import asyncio
import time

from linkproof.conformance.client.front import NoAnswerError, request
from linkproof.conformance.origin.orders import Act, Order
from linkproof.conformance.run.found import Found
from linkproof.conformance.run.session import USER_AGENT, Seen, Session

_DROPS: tuple[tuple[Act, str], ...] = (("close", "closes"), ("reset", "resets the connection"))
_AT_A_TIME = 10
_FAILURE = "an answer 5xx, or none"
_FORM = (("Content-Type", "application/x-www-form-urlencoded"),)


async def retry_get(session: Session, found: Found) -> None:
    await _asked_once(session, found, "GET")


async def retry_post(session: Session, found: Found) -> None:
    await _asked_once(session, found, "POST")


async def _asked_once(session: Session, found: Found, method: str) -> None:
    """On a connection that the edge may have kept, and on one that it must make anew."""
    body, headers = (b"List-Unsubscribe=One-Click", _FORM) if method == "POST" else (b"", ())
    for act, does in _DROPS:
        for connection in ("kept", "new"):
            await recovered(session)
            if connection == "new" and "going" in session.at.abilities:
                await session.at.go()
                await session.at.come()
            seen = await session.ask(method=method, body=body, headers=headers, order=Order(act=act))
            if len(seen.arrived) > 1:
                sent = f"{seen.sent}, which the origin reads and then {does} ({connection} connection)"
                found.fault(sent, "read once", f"read {len(seen.arrived)} times; {seen.trouble or seen.status}")
    await recovered(session)


async def lost(session: Session, found: Found) -> None:
    """Counts what becomes of clicks while the origin loses one in some."""
    key, count, every = session.token(), session.limits.lost_of, session.limits.lost_every
    before = await session.at.last()
    await session.at.order(key, Order(act="lose", every=every))
    gate = asyncio.Semaphore(_AT_A_TIME)

    async def click(number: int) -> bool:
        target = f"/ls/{key}/{number}/click?upn=u001.abc"
        raw = request("GET", target, session.front.host, (("User-Agent", USER_AGENT),))
        async with gate:
            try:
                answer = await session.front.exchange(
                    raw, "GET", scheme=session.scheme, seconds=session.limits.answer_seconds
                )
            except NoAnswerError:
                return False
        return answer.status == 302

    followed = await asyncio.gather(*(click(number) for number in range(count)))
    read: dict[str, int] = {}
    for one in await session.at.since(before):
        if key in one.target:
            number = one.target.partition(key)[2].split("/")[1]
            read[number] = read.get(number, 0) + 1
    doubled, lost_ones = sum(times > 1 for times in read.values()), followed.count(False)
    most = count // every
    said = f"{doubled} counted twice, {lost_ones} lost"
    found.notes.append(f"of {count} clicks, {most} of which the origin lost: {said}")
    if lost_ones > most:
        found.fault(f"{count} clicks, while the origin loses one in {every}", f"at most {most} lost", said)
    await recovered(session)


async def failure(session: Session, found: Found) -> None:
    for act, does in _DROPS:
        await _failing(session, found, Order(act=act), f"reads it and then {does}")
    if "going" not in session.at.abilities:
        found.notes.append("a refused connection was not tried: the origin cannot go")
        return
    seconds = session.limits.failure_seconds
    await session.at.go()
    try:
        seen = await session.ask(seconds=seconds)
    finally:
        await session.at.come()
    if not _shows_failure(seen):
        found.fault(f"{seen.sent}, while the origin refuses connections", _FAILURE, seen.shown())
    await recovered(session)


async def garbage(session: Session, found: Found) -> None:
    await _failing(session, found, Order(act="garbage"), "answers what is not HTTP")


async def _failing(session: Session, found: Found, order: Order, does: str) -> None:
    seen = await session.ask(order=order, seconds=session.limits.failure_seconds)
    if not _shows_failure(seen):
        found.fault(f"{seen.sent}, while the origin {does}", _FAILURE, seen.shown())
    await recovered(session)


async def silent(session: Session, found: Found) -> None:
    seconds = session.limits.silent_seconds
    seen = await session.ask(order=Order(act="silent"), seconds=seconds)
    if not _shows_failure(seen):
        found.fault(
            f"{seen.sent}, which the origin reads and never answers",
            f"an answer 5xx within {seconds:g} s",
            seen.shown(),
        )


def _shows_failure(seen: Seen) -> bool:
    if seen.answer is None:
        return not seen.trouble.startswith(("no HTTP", "no answer within"))
    return seen.status >= 500


async def recovered(session: Session) -> None:
    """Ask until a click arrives again, for as long as an edge may leave out an origin that failed."""
    until = time.monotonic() + 2 * session.limits.failure_seconds
    while time.monotonic() < until:
        if (await session.ask(order=Order())).arrived:
            return
        await asyncio.sleep(0.1)
