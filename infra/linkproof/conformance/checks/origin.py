"""How the origin is asked: its names, versions and certificate, and what an edge adds or leaves out."""

from __future__ import annotations

from linkproof.conformance.run.found import Found, NotAskedError
from linkproof.conformance.run.session import Seen, Session, brief

# Where edges write the client's address.
_ADDRESS_HEADERS = (
    "x-forwarded-for",
    "forwarded",
    "x-real-ip",
    "true-client-ip",
    "cf-connecting-ip",
    "cloudfront-viewer-address",
    "fastly-client-ip",
    "x-azure-clientip",
)
_FORGED = "203.0.113.77"
_COOKIE = "shop_session=linkproof-secret"


async def host(session: Session, found: Found) -> None:
    seen = await session.ask()
    said = _values(seen, "host")
    if [value.partition(":")[0].lower() for value in said] != [session.front.host]:
        found.fault(seen.sent, f"Host: {session.front.host} at the origin", _shown("Host", said, seen))


async def forwarded_host(session: Session, found: Found) -> None:
    await _told(session, found, ())


async def forged_host(session: Session, found: Found) -> None:
    await _told(session, found, (("X-Forwarded-Host", "elsewhere.example"),))


async def _told(session: Session, found: Found, headers: tuple[tuple[str, str], ...]) -> None:
    """By X-Forwarded-Host, or by Host where the other does not contradict it."""
    seen = await session.ask(headers=headers)
    said = [value.lower() for value in _values(seen, "x-forwarded-host")]
    hosts = [value.lower() for value in _values(seen, "host")]
    if said != [session.front.host] and (said or hosts != [session.front.host]):
        expected = f"X-Forwarded-Host: {session.front.host}, or that Host and none"
        found.fault(seen.sent, expected, _shown("X-Forwarded-Host", said, seen))


async def sni(session: Session, found: Found) -> None:
    seen = await session.ask()
    if seen.first is not None and not seen.first.tls:
        raise NotAskedError("the edge asks this origin over plain HTTP")
    if seen.first is None or not seen.first.sni:
        found.fault(seen.sent, "a name in the edge's handshake with the origin", "none" if seen.first else seen.shown())
    else:
        found.notes.append(f"the edge asks for {seen.first.sni}")


async def version(session: Session, found: Found) -> None:
    seen = await session.ask()
    if seen.first is None:
        found.fault(seen.sent, "HTTP/1.1 at the origin", seen.shown())
    elif seen.first.version != "HTTP/1.1" or seen.first.tls not in {"", "TLSv1.2", "TLSv1.3"}:
        found.fault(seen.sent, "HTTP/1.1, over TLS 1.2 or 1.3", f"{seen.first.version} {seen.first.tls}".rstrip())


async def verified(session: Session, found: Found) -> None:
    """The second half shows that it was the certificate: with the right one the same click arrives."""
    right = await session.ask()
    if right.first is None or not right.first.tls:
        raise NotAskedError("the edge asks this origin over plain HTTP")
    await session.at.show_wrong(wrong=True)
    try:
        seen = await session.ask()
    finally:
        await session.at.show_wrong(wrong=False)
    if seen.arrived:
        found.fault(
            f"{seen.sent}, while the origin shows a certificate that no authority signed",
            "nothing is sent to it",
            seen.shown(),
        )
    for _ in range(20):  # an edge may leave an origin out for a while that failed it
        if (await session.ask()).arrived:
            return
    found.notes.append("after it the edge did not come back to the origin at once")


async def user_agent(session: Session, found: Found) -> None:
    agent = "Mozilla/5.0 (iPhone; linkproof) Mobile/15E148"
    seen = await session.ask(user_agent=agent)
    if _values(seen, "user-agent") != [agent]:
        found.fault(
            f"{seen.sent}, User-Agent: {agent}", "the same", _shown("User-Agent", _values(seen, "user-agent"), seen)
        )


async def client_address(session: Session, found: Found) -> None:
    """Whatever the client says there itself must not stand alone."""
    seen = await session.ask(headers=(("X-Forwarded-For", _FORGED),))
    said = [value for name in _ADDRESS_HEADERS for value in _values(seen, name)]
    addresses = {part.strip() for value in said for part in value.split(",")}
    if not (addresses - {_FORGED}) and not (seen.first and seen.first.proxy):
        found.fault(seen.sent, "the client's own address in a header", ", ".join(said) or "in none")


async def cookies(session: Session, found: Found) -> None:
    seen = await session.ask(headers=(("Cookie", _COOKIE),))
    if seen.first is None:
        found.fault(seen.sent, "the click without the cookie", seen.shown())
    elif _values(seen, "cookie"):
        found.fault(seen.sent, "no Cookie at the origin", _shown("Cookie", _values(seen, "cookie"), seen))


async def token(session: Session, found: Found) -> None:
    key = session.token()
    seen = await session.ask(key=key)
    for one in seen.arrived:
        for name, value in one.headers:
            if key in value:
                found.fault(seen.sent, "the link's token in the request line alone", brief(f"{name}: {value}"))
    for name, value in seen.answer.headers if seen.answer else ():
        if key in value:
            found.fault(seen.sent, "the link's token in no header of the answer", brief(f"{name}: {value}"))


def _values(seen: Seen, name: str) -> list[str]:
    return list(seen.first.values(name)) if seen.first else []


def _shown(name: str, values: list[str], seen: Seen) -> str:
    if seen.first is None:
        return seen.shown()
    return brief(f"{name}: {', '.join(values)}") if values else f"no {name}"
