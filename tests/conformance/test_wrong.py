"""For each requirement an edge that is wrong in that point alone: the suite must say that one, and no other."""

from __future__ import annotations

import asyncio
import gzip
import ssl
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from linkproof.conformance.client.front import Answer, close
from linkproof.conformance.origin.identity import nobodys
from linkproof.conformance.requirements.all import ALL
from linkproof.conformance.run.start import needs_of
from linkproof.verify.observe import http1

from tests.conformance.conftest import HOST, ORIGIN, Authority, broken, conformance_of
from tests.conformance.proxy import Leg, OriginFailedError, Proxy, Viewer, with_header

CASES: dict[str, type[Proxy]] = {}


def wrong_in(requirement: str) -> Callable[[type[Proxy]], type[Proxy]]:
    def keep(kind: type[Proxy]) -> type[Proxy]:
        CASES[requirement] = kind
        return kind

    return keep


def target(requirement: str, change: Callable[[str, str], tuple[str, str]]) -> None:
    """An edge that changes path or query."""

    class Wrong(Proxy):
        def leg(self, viewer: Viewer) -> Leg:
            leg = super().leg(viewer)
            path, mark, query = leg.target.partition("?")
            path, query = change(path, query)
            leg.target = f"{path}{mark}{query}"
            return leg

    CASES[requirement] = Wrong


target("bytes.path", lambda path, query: (path.replace("~", "%7E"), query))
target("bytes.path-unusual", lambda path, query: (path.replace("//", "/"), query))
target("bytes.query", lambda path, query: (path, query.replace("%3A", ":")))
target("bytes.query-unusual", lambda path, query: (path, query.replace("&&", "&")))
target("bytes.semicolon", lambda path, query: (path, query.replace(";", "&")))


def refuses(requirement: str, status: int, when: Callable[[Viewer], bool]) -> None:
    """An edge that answers some requests itself."""

    class Wrong(Proxy):
        async def answer(self, viewer: Viewer) -> Answer:
            return Answer(status, (), b"") if when(viewer) else await super().answer(viewer)

    CASES[requirement] = Wrong


refuses("reach", 200, lambda viewer: True)
refuses("bytes.long", 414, lambda viewer: 3500 < len(viewer.target) < 6000)
refuses("bytes.longest", 414, lambda viewer: len(viewer.target) > 6000)
refuses("method.post", 405, lambda viewer: viewer.method == "POST")
refuses("method.options", 405, lambda viewer: viewer.method == "OPTIONS")
refuses("method.expect", 417, lambda viewer: bool(viewer.value("expect")))
refuses("front.https", 502, lambda viewer: viewer.scheme == "https")
refuses("front.ipv6", 502, lambda viewer: ":" in viewer.address)


def answers(requirement: str, change: Callable[[Viewer, Answer], Answer]) -> None:
    """An edge that changes what comes back."""

    class Wrong(Proxy):
        def came(self, viewer: Viewer, answer: Answer) -> Answer:
            return change(viewer, answer)

    CASES[requirement] = Wrong


def _packed(viewer: Viewer, answer: Answer) -> Answer:
    if "gzip" not in viewer.value("accept-encoding") or answer.value("content-encoding"):
        return answer
    return with_header(replace(answer, body=gzip.compress(answer.body)), "content-encoding", "gzip")


def _relocated(answer: Answer, old: str, new: str) -> Answer:
    value = answer.value("location")
    return with_header(answer, "location", value.replace(old, new)) if value else answer


answers("bytes.location", lambda viewer, answer: _relocated(answer, " ", "%20"))
answers("bytes.location-unusual", lambda viewer, answer: _relocated(answer, "latin-\xe9", "latin-\xc3\xa9"))
answers("bytes.location-own", lambda viewer, answer: _relocated(answer, f"https://{ORIGIN}", f"http://{HOST}"))
answers("cache.recompression", _packed)
answers(
    "app-files",
    lambda viewer, answer: (
        with_header(answer, "content-type", "text/plain") if "json" in answer.value("content-type") else answer
    ),
)
answers("front.hsts", lambda viewer, answer: with_header(answer, "strict-transport-security", "max-age=300"))


def headers(requirement: str, change: Callable[[Viewer, Leg], list[tuple[str, str]]]) -> None:
    """An edge that asks with other headers."""

    class Wrong(Proxy):
        def leg(self, viewer: Viewer) -> Leg:
            leg = super().leg(viewer)
            leg.headers = change(viewer, leg)
            return leg

    CASES[requirement] = Wrong


def _with(leg: Leg, name: str, value: str) -> list[tuple[str, str]]:
    kept = [one for one in leg.headers if one[0].lower() != name.lower()]
    return [*kept, (name, value)] if value else kept


headers("host.origin", lambda viewer, leg: _with(leg, "Host", ORIGIN))
headers("host.forged", lambda viewer, leg: _with(leg, "X-Forwarded-Host", viewer.value("x-forwarded-host") or HOST))
headers(
    "host.forwarded",
    lambda viewer, leg: _with(leg, "X-Forwarded-Host", HOST if viewer.value("x-forwarded-host") else ORIGIN),
)
headers("headers.user-agent", lambda viewer, leg: _with(leg, "User-Agent", "edge/1.0"))
headers("headers.client-address", lambda viewer, leg: _with(leg, "X-Forwarded-For", viewer.value("x-forwarded-for")))
headers("headers.cookies", lambda viewer, leg: _with(leg, "Cookie", viewer.value("cookie")))
headers("headers.token", lambda viewer, leg: _with(leg, "X-Original-URL", viewer.target))
headers("cache.revalidation", lambda viewer, leg: _with(leg, "If-None-Match", ""))


@wrong_in("host.sni")
class NoName(Proxy):
    def leg(self, viewer: Viewer) -> Leg:
        self.trusted.check_hostname = False
        leg = super().leg(viewer)
        leg.sni = ""
        return leg


@wrong_in("host.version")
class OldHttp(Proxy):
    def leg(self, viewer: Viewer) -> Leg:
        leg = super().leg(viewer)
        leg.version = "HTTP/1.0"
        return leg


@wrong_in("host.verified")
class TakesAnyCertificate(Proxy):
    async def connect(self, leg: Leg) -> Any:
        self.trusted.check_hostname, self.trusted.verify_mode = False, ssl.CERT_NONE
        return await super().connect(leg)


@wrong_in("method.head")
class HeadIsGet(Proxy):
    def leg(self, viewer: Viewer) -> Leg:
        leg = super().leg(viewer)
        leg.method = "GET" if leg.method == "HEAD" else leg.method
        return leg


def caches(requirement: str, what: Callable[[Answer], bool]) -> None:
    """An edge that keeps some answers for ever."""

    class Wrong(Proxy):
        async def ask(self, leg: Leg) -> Answer:
            self.others = self.others or {}
            if leg.target not in self.others or leg.method != "GET":
                answer = await super().ask(leg)
                if not what(answer):
                    return answer
                self.others[leg.target] = answer
            return self.others[leg.target]

    CASES[requirement] = Wrong


caches("cache.redirects", lambda answer: answer.status == 301)
caches("cache.errors", lambda answer: answer.status == 404)
caches("cache.gone", lambda answer: answer.status == 410)
caches("cache.opens", lambda answer: answer.value("content-type") == "image/gif")


@wrong_in("front.http")
class LosesThePath(Proxy):
    async def answer(self, viewer: Viewer) -> Answer:
        if viewer.scheme == "http":
            return Answer(301, (("location", f"https://{HOST}/"),), b"")
        return await super().answer(viewer)


@wrong_in("front.tls12")
class OnlyNew(Proxy):
    async def start(self, *addresses: str) -> None:
        self.identity.minimum_version = ssl.TLSVersion.TLSv1_3
        await super().start(*addresses)


@wrong_in("front.tls13")
class OnlyOld(Proxy):
    async def start(self, *addresses: str) -> None:
        self.identity.maximum_version = ssl.TLSVersion.TLSv1_2
        await super().start(*addresses)


@wrong_in("front.chain")
class SignedByNobody(Proxy):
    async def start(self, *addresses: str) -> None:
        self.identity = nobodys(self.others)
        await super().start(*addresses)


@wrong_in("front.unknown-host")
class AnyHost(Proxy):
    def knows(self, viewer: Viewer) -> bool:
        return True


@wrong_in("front.unknown-sni")
class AnyName(Proxy):
    def named(self, connection: Any, name: str | None, context: ssl.SSLContext) -> int | None:
        super().named(connection, name, context)
        return None

    def knows(self, viewer: Viewer) -> bool:
        return super().knows(viewer) or viewer.sni not in {"", HOST}


@wrong_in("front.http2")
class SaysWhatItDoesNotSpeak(Proxy):
    async def start(self, *addresses: str) -> None:
        self.identity.set_alpn_protocols(["h2", "http/1.1"])
        await super().start(*addresses)


def again(requirement: str, method: str) -> None:
    """An edge that sends a request again when the connection ends."""

    class Wrong(Proxy):
        async def ask(self, leg: Leg) -> Answer:
            try:
                return await super().ask(leg)
            except OriginFailedError:
                if leg.method != method:
                    raise
                return await super().ask(leg)

    CASES[requirement] = Wrong


again("retry.get", "GET")
again("retry.post", "POST")


@wrong_in("loss.spreads")
class LeavesTheOriginOut(Proxy):
    async def ask(self, leg: Leg) -> Answer:
        if self.others:
            self.others -= 1
            raise OriginFailedError
        try:
            return await super().ask(leg)
        except OriginFailedError:
            self.others = 5
            raise


@wrong_in("origin.failure")
class SaysAllIsWell(Proxy):
    async def answer(self, viewer: Viewer) -> Answer:
        self.others = None
        answer = await super().answer(viewer)
        return Answer(200, (), b"come back later") if self.others else answer

    async def connect(self, leg: Leg) -> Any:
        try:
            return await super().connect(leg)
        except OriginFailedError:
            self.others = "refused"
            raise


@wrong_in("origin.garbage")
class TakesAnythingForAnAnswer(Proxy):
    async def ask(self, leg: Leg) -> Answer:
        reader, writer = await self.connect(leg)
        try:
            writer.write(leg.encode())
            answer = http1.read_answer(reader, leg.method, 1024 * 1024)
            return Answer(*await asyncio.wait_for(answer, self.origin_seconds))
        except http1.MalformedAnswerError:
            return Answer(200, (), b"this is not HTTP")
        except (OSError, EOFError, TimeoutError) as error:
            raise OriginFailedError from error
        finally:
            await close(writer)


@wrong_in("origin.silent")
class WaitsForEver(Proxy):
    async def start(self, *addresses: str) -> None:
        self.origin_seconds = 600
        await super().start(*addresses)


@wrong_in("origin.ipv6")
class FourAlone(Proxy):
    async def connect(self, leg: Leg) -> Any:
        self.origins[:] = [one for one in self.origins if ":" not in one[0]]
        return await super().connect(leg)


@wrong_in("origin.dead-ipv6")
class FirstAlone(Proxy):
    async def connect(self, leg: Leg) -> Any:
        del self.origins[1:]
        return await super().connect(leg)


@wrong_in("origin.moved")
class RemembersTheOldAddress(Proxy):
    async def connect(self, leg: Leg) -> Any:
        self.others = self.others or next(one for one in self.origins if ":" not in one[0])
        self.origins[:] = [one if ":" in one[0] else self.others for one in self.origins]
        return await super().connect(leg)


def test_every_requirement_has_an_edge_that_is_wrong_in_it() -> None:
    assert set(CASES) == {one.id for one in ALL}


@pytest.mark.parametrize("requirement", [one.id for one in ALL])
def test_an_edge_that_is_wrong_in_one_point_is_told_that_point_alone(authority: Authority, requirement: str) -> None:
    needs = needs_of("sparkpost") if requirement in {"host.forwarded", "host.forged"} else None
    if needs is not None:
        needs = replace(needs, cache_seconds=0)
    said = {"others": authority.files("edge")[0]} if requirement == "front.chain" else {}
    run = conformance_of(authority, CASES[requirement], needs=needs, **said)
    found = broken(run)
    assert set(found) == {requirement}, found
    assert run.exit_code == (1 if next(one for one in ALL if one.id == requirement).is_must else run.exit_code)
