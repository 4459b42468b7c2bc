"""Methods other than GET, and Expect."""

from __future__ import annotations

from linkproof.conformance.origin.orders import Order
from linkproof.conformance.run.found import Found, NotAskedError
from linkproof.conformance.run.session import Session, brief

_ONE_CLICK = b"List-Unsubscribe=One-Click"
_FORM = ("Content-Type", "application/x-www-form-urlencoded")


async def head(session: Session, found: Found) -> None:
    await _arrives(session, found, "HEAD")


async def options(session: Session, found: Found) -> None:
    await _arrives(session, found, "OPTIONS")


async def _arrives(session: Session, found: Found, method: str) -> None:
    seen = await session.ask(method=method, order=Order(status=204, headers=()))
    if seen.first is None or seen.first.method != method or seen.status != 204:
        found.fault(seen.sent, f"{method} at the origin, and its answer 204", seen.shown())


async def post(session: Session, found: Found) -> None:
    await _posted(session, found, ())


async def expect(session: Session, found: Found) -> None:
    plain = Found()
    await _posted(session, plain, ())
    if plain.faults:
        raise NotAskedError("no POST arrives as it was sent")
    await _posted(session, found, (("Expect", "100-continue"),))


async def _posted(session: Session, found: Found, headers: tuple[tuple[str, str], ...]) -> None:
    order = Order(status=200, headers=(("Content-Type", "text/plain"),), body="ok")
    seen = await session.ask(method="POST", headers=(_FORM, *headers), body=_ONE_CLICK, order=order)
    if seen.first is None or seen.first.method != "POST" or seen.status != 200:
        found.fault(seen.sent, "POST at the origin, and its answer 200", seen.shown())
    elif seen.first.body.encode("latin-1") != _ONE_CLICK or _FORM[1] not in seen.first.values("content-type"):
        found.fault(seen.sent, "the form as it was sent", brief(seen.first.body) or "no body")
