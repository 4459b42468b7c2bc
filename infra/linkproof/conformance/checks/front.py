"""The side of the readers: schemes, TLS, names, HTTP/2 and IPv6. Of a live host only what needs no click is asked."""

from __future__ import annotations

import secrets
import ssl

from linkproof.conformance.client import http2
from linkproof.conformance.client.front import NoAnswerError, Scheme, close
from linkproof.conformance.run.found import Found, NotAskedError
from linkproof.conformance.run.session import Seen, Session, brief

_SCHEMES: tuple[Scheme, ...] = ("http", "https")


async def _safe(session: Session, scheme: Scheme, address: str = "") -> Seen:
    """A click where an origin records, else the one request that is safe at the sender.

    Raises:
        NotAskedError: nothing is known to be safe.
    """
    if session.origin is not None:
        return await session.ask(scheme=scheme, address=address)
    if session.probe is None:
        raise NotAskedError("of a live host it takes a request that is safe: say --sender")
    probe = session.probe.sent()
    return await session.ask(probe.path, method=probe.method, scheme=scheme, address=address)


async def https(session: Session, found: Found) -> None:
    await _answers(session, found, "https")


async def http(session: Session, found: Found) -> None:
    seen = await _answers(session, found, "http")
    if seen is not None and seen.answer is not None and not seen.arrived:
        found.notes.append("port 80 redirects to https with path and query kept")


async def _answers(session: Session, found: Found, scheme: Scheme) -> Seen | None:
    seen = await _safe(session, scheme)
    onward = seen.answer.value("location") if seen.answer else ""
    is_upgrade = scheme == "http" and seen.status in {301, 302, 303, 307, 308} and onward in _secure(session, seen)
    is_there = bool(seen.arrived) if session.origin is not None else 0 < seen.status < 500
    if not is_upgrade and (not is_there or (not seen.arrived and onward.startswith(f"https://{session.front.host}"))):
        expected = "the click" if scheme == "https" else "the click, or a redirect to https that keeps path and query"
        found.fault(
            f"{seen.sent} over {scheme}", expected, seen.shown() + (f", Location: {brief(onward)}" if onward else "")
        )
        return None
    return seen if is_upgrade else None


def _secure(session: Session, seen: Seen) -> tuple[str, ...]:
    """The same target by https, with the port or without."""
    host = session.front.host
    return tuple(f"https://{name}{seen.target}" for name in (host, f"{host}:{session.front.https_port}"))


async def hsts(session: Session, found: Found) -> None:
    for scheme in _SCHEMES:
        seen = await _safe(session, scheme)
        said = seen.answer.value("strict-transport-security") if seen.answer else ""
        if said and session.origin is not None:
            found.fault(f"{seen.sent} over {scheme}", "no Strict-Transport-Security, as the origin sent none", said)
        elif said and "includesubdomains" in said.lower():
            found.fault(f"{seen.sent} over {scheme}", "no Strict-Transport-Security for hosts below", brief(said))


async def tls12(session: Session, found: Found) -> None:
    await _speaks(session, found, ssl.TLSVersion.TLSv1_2, "TLS 1.2")


async def tls13(session: Session, found: Found) -> None:
    await _speaks(session, found, ssl.TLSVersion.TLSv1_3, "TLS 1.3")


async def _speaks(session: Session, found: Found, version: ssl.TLSVersion, name: str) -> None:
    try:
        _, writer = await session.front.connect(context=session.front.context_of(version))
    except NoAnswerError as error:
        found.fault(f"a handshake that offers {name} alone", "a connection", str(error))
    else:
        await close(writer)


async def chain(session: Session, found: Found) -> None:
    try:
        _, writer = await session.front.connect(context=session.front.judging_context())
    except NoAnswerError as error:
        found.fault(f"a handshake for {session.front.host}", "a chain to a trusted root, for that name", str(error))
    else:
        await close(writer)


def _nobodys() -> str:
    return f"{secrets.token_hex(6)}.nobody.example"


async def unknown_host(session: Session, found: Found) -> None:
    for scheme in _SCHEMES:
        seen = await session.ask(host=_nobodys(), scheme=scheme)
        if seen.arrived:
            found.fault(
                f"{seen.sent} over {scheme}, Host: a name that nobody has", "not the link's sender", seen.shown()
            )


async def unknown_sni(session: Session, found: Found) -> None:
    name = _nobodys()
    seen = await session.ask(host=name, sni=name, scheme="https")
    if seen.arrived:
        found.fault(f"{seen.sent}, SNI and Host: a name that nobody has", "not the link's sender", seen.shown())


async def http_2(session: Session, found: Found) -> None:
    """As a browser: both are offered, and what is chosen must work."""
    if session.scheme != "https":
        raise NotAskedError("no click arrives by https")
    key = session.token()
    target = f"/ls/{key}/click?upn=u001.a%2Fb-2B"
    context = session.front.context_of(ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3)
    context.set_alpn_protocols(["h2", "http/1.1"])
    if session.origin is None:
        chosen = await _chosen(session, context)
        found.notes.append(f"of h2 and http/1.1 the edge chooses {chosen}")
        return
    before = await session.at.last()
    try:
        chosen, problem = await http2.get(session.front, target, context, session.limits.answer_seconds)
    except NoAnswerError as error:
        found.fault(f"GET {target} after an offer of h2 and http/1.1", "an answer", str(error))
        return
    found.notes.append(f"of h2 and http/1.1 the edge chooses {chosen}")
    read = [one.target for one in await session.at.since(before) if key in one.target]
    if problem or read != [target]:
        seen = problem or f"the origin read {', '.join(map(brief, read)) or 'nothing'}"
        found.fault(f"GET {target} over {chosen}", "the same target at the origin, and an answer", seen)


async def _chosen(session: Session, context: ssl.SSLContext) -> str:
    _, writer = await session.front.connect(context=context)
    chosen = writer.get_extra_info("ssl_object").selected_alpn_protocol()
    await close(writer)
    return chosen or "http/1.1"


async def ipv6(session: Session, found: Found) -> None:
    sixes = [address for address in session.front.addresses if ":" in address]
    if not sixes:
        raise NotAskedError("the host has no IPv6 address")
    for address in sixes:
        seen = await _safe(session, session.scheme, address=address)
        if not (seen.arrived if session.origin is not None else seen.answer):
            found.fault(f"{seen.sent} at {address}", "the click", seen.shown())
