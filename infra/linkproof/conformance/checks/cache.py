"""Whether an answer is anybody else's than its asker's, and whether it comes as the origin gave it."""

from __future__ import annotations

import asyncio
import gzip

from linkproof.conformance.checks.failing import recovered
from linkproof.conformance.origin.orders import LANDING, Order
from linkproof.conformance.run.found import Found
from linkproof.conformance.run.session import Session

_HTML = (("Content-Type", "text/html; charset=utf-8"),)
_PAGE = "<p>" + "the same words again " * 200 + "</p>"
_PIXEL = "GIF89a\x01\x00\x01\x00\x80\x00\x00\x00\x00\x00\xff\xff\xff!\xf9\x04\x01\x00\x00\x00\x00,"
_ETAG = '"v1"'
_REDIRECTS = tuple(Order(status=status, headers=(("Location", LANDING),)) for status in (301, 302, 307))
_ERRORS = tuple(Order(status=status, headers=_HTML, body="no") for status in (404, 500, 503))
_GONE = (Order(status=410, headers=_HTML, body="gone"),)
_OPENS = (
    Order(status=200, headers=(("Content-Type", "image/gif"),), body=_PIXEL),
    Order(
        status=200,
        headers=(("Content-Type", "image/gif"), ("Last-Modified", "Sat, 01 Jan 2000 00:00:00 GMT")),
        body=_PIXEL,
    ),
)


async def redirects(session: Session, found: Found) -> None:
    await _each_arrives(session, found, "/ls/{token}/click?upn=u001.abc", _REDIRECTS)


async def opens(session: Session, found: Found) -> None:
    await _each_arrives(session, found, "/wf/open/{token}.gif?upn=u001.abc", _OPENS)


async def errors(session: Session, found: Found) -> None:
    await _each_arrives(session, found, "/ls/{token}/click?upn=u001.abc", _ERRORS)
    key = session.token()
    await session.ask(order=Order(act="close"), key=key)
    await recovered(session)
    seen = await session.ask(order=Order(), key=key)
    if not seen.arrived:
        found.fault(f"{seen.sent}, after the origin had failed it once", "it is read again", seen.shown())


async def gone(session: Session, found: Found) -> None:
    await _each_arrives(session, found, "/ls/{token}/click?upn=u001.abc", _GONE)


async def _each_arrives(session: Session, found: Found, text: str, orders: tuple[Order, ...]) -> None:
    """Twice at once; where the sender wants answers kept for a while, again after that while."""
    kept_seconds = session.needs.cache_seconds if session.needs is not None else 0
    asked = []
    for order in orders:
        key = session.token()
        await session.ask(text, order=order, key=key)
        asked.append((order, key))
    if kept_seconds:
        await asyncio.sleep(kept_seconds + 1)
    for order, key in asked:
        seen = await session.ask(text, key=key)
        if not seen.arrived:
            when = f"again {kept_seconds + 1} s after the first" if kept_seconds else "a second time"
            found.fault(f"{seen.sent}, {when}, answered {order.status} before", "the origin reads it", seen.shown())


async def revalidation(session: Session, found: Found) -> None:
    order = Order(status=200, headers=_HTML, body=_PAGE, etag=_ETAG)
    seen = await session.ask(headers=(("If-None-Match", _ETAG),), order=order)
    if not seen.arrived or seen.status != 304:
        found.fault(seen.sent, "the origin's 304", seen.shown())


async def recompression(session: Session, found: Found) -> None:
    packed = gzip.compress(_PAGE.encode(), mtime=0).decode("latin-1")
    cases = (
        ("plain text", Order(status=200, headers=_HTML, body=_PAGE, etag=_ETAG)),
        ("gzip", Order(status=200, headers=(*_HTML, ("Content-Encoding", "gzip")), body=packed, etag=_ETAG)),
    )
    for name, order in cases:
        seen = await session.ask(headers=(("Accept-Encoding", "gzip, br"),), order=order)
        if seen.answer is None or seen.answer.body.decode("latin-1") != order.body:
            encoding = seen.answer.value("content-encoding") if seen.answer else ""
            found.fault(
                f"{seen.sent}, answered {name}",
                "the same octets",
                f"others ({encoding or 'not encoded'}); {seen.shown()}",
            )
        elif seen.answer.value("etag") != _ETAG:
            found.fault(f"{seen.sent}, answered ETag {_ETAG}", "the same", seen.answer.value("etag") or "none")
