"""Real servers with the configuration that is rendered for them: what a click is at the origin, and what is left of it elsewhere."""

from __future__ import annotations

import contextlib
import ssl
import subprocess
import time
from collections.abc import Iterator

import pytest
from linkproof import registry
from linkproof.verify.marks import edge_answers
from linkproof.verify.observations.edge import HttpObservation
from linkproof.verify.observations.vantage import Vantage

from tests.servers import programs
from tests.servers.origin import KEPT_OPEN, LOCATION, Request
from tests.servers.viewer import Answer
from tests.servers.world import (
    ANSWERED,
    CHALLENGE,
    IMPOSTOR,
    ORIGINS,
    SENDGRID,
    SPARKPOST,
    World,
    addresses,
    world,
)

RUNS = [one for one in programs.AVAILABLE if one[0] in registry.EDGES and registry.edge(one[0]).server is not None]
TOKEN = "u001.SeCrEt-2Btoken"
LONG = "/ls/click?upn=" + "u001." + "aB3-2F" * 1330
FOLLOWS_WITHIN_SECONDS = 30

TARGETS = {
    "everything": "/f/a%2Fb//%7E?u=a;b&b=%2e&x=100%&&a=1&",
    "ses": "/L0/https:%2F%2Fshop.example%2F%3Fa=b%26c=d/1/0100018f-abc/x1Y-z=123",
    "sendgrid": f"/ls/click?upn={TOKEN}-3D_abc",
    "sparkpost": "/f/a/Ab_c~/AAAB/RgRo~P0/",
    "slashes": "/a//b///c",
    "dots": "/a/../b/./c/%2e%2e/d",
    "unreserved": "/%7Eu%41/%2D",
    "percent": "/100%25/L0/https:%2F%2Fshop.example%2F50%25%2F",
    "percent at the end": "/a%25zz/100%25",
    "lower-case": "/a%2fb%c3%a9",
    "question": "/a%3Fb%23c%25d?x=%3F%23%25",
    "bare question": "/a?",
    "duplicates": "/a?b=2&a=1&b=1&a=",
    "plus": "/a%2Bb+c?d=%2B+%20",
    "braces": '/a?b={c}|[d]"e"',
    "utf-8 in the query": "/a?b=é".encode().decode("latin-1"),
    "long": LONG,
}
# What a program changes, or refuses, and nothing in its configuration helps; no sender of ours writes such links.
CHANGES: dict[str, dict[str, str | int]] = {
    "traefik": {
        "everything": "/f/a%2Fb//~?u=a&b&b=%2e&x=100%&&a=1&",
        "dots": "/a/../b/./c/../d",
        "unreserved": "/~uA/-",
        "lower-case": "/a%2Fb%C3%A9",
    },
    "envoy": {"utf-8 in the query": 400},
}


@pytest.fixture(scope="module", params=RUNS, ids="-".join)
def real(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    program = programs.program(*request.param)
    with world(program, tmp_path_factory.mktemp(program.name)) as made:
        yield made


@pytest.fixture(autouse=True)
def fresh(real: World) -> None:
    for origin in (real.at_origin, real.elsewhere):
        origin.requests.clear()
        origin.refused.clear()
        origin.answer = lambda request: KEPT_OPEN


def only(world: World) -> Request:
    assert len(world.at_origin.requests) == 1, [one.target for one in world.at_origin.requests]
    return world.at_origin.requests[0]


def test_its_own_check_takes_the_configuration(real: World) -> None:
    command = real.program.check(real.folder)
    if command is not None:
        done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False, cwd=real.folder)
        assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("target", TARGETS.values(), ids=TARGETS)
@pytest.mark.parametrize("tls", [True, False], ids=["https", "http"])
def test_path_and_query_arrive_as_they_were_sent(real: World, target: str, tls: bool) -> None:
    answer = real.viewer.get(SENDGRID, target, tls=tls)
    change = CHANGES.get(real.program.name, {}).get(next(key for key, value in TARGETS.items() if value == target))
    if isinstance(change, int):
        assert (answer.status, real.at_origin.requests) == (change, [])
        return
    assert (answer.status, answer.header("location"), answer.body) == (302, LOCATION, b"ok")
    assert only(real).target == (change or target)


def test_the_origin_gets_the_host_and_the_name_that_its_sender_wants(real: World) -> None:
    for host, asked in ORIGINS.items():
        if host == IMPOSTOR:
            continue
        real.at_origin.requests.clear()
        sent = [("User-Agent", "Mail/1"), ("Cookie", "session=secret"), ("X-Forwarded-For", "192.0.2.66")]
        forged = [("X-Forwarded-Host", "evil.example")] if asked.says_host else []
        assert real.viewer.get(host, "/x", headers=[*sent, *forged]).status == 302
        request = only(real)
        assert request.header("host") == (host if asked.sends_host else asked.name)
        assert request.sni == asked.name
        assert request.tls in {"TLSv1.2", "TLSv1.3"}
        assert request.version == "HTTP/1.1"
        assert request.header("user-agent") == "Mail/1"
        assert request.header("cookie") is None
        assert "192.0.2.66" not in (request.header("x-forwarded-for") or "")
        assert real.viewer._https[0] in (request.header("x-forwarded-for") or "") or "127." in str(
            request.header("x-forwarded-for")
        )
        if asked.says_host:
            assert request.header("x-forwarded-host") == host


def test_a_host_in_other_letters_or_with_a_port_is_the_same_host(real: World) -> None:
    for written in (SENDGRID.upper(), f"{SENDGRID}:443"):
        real.at_origin.requests.clear()
        assert real.viewer.get(written, "/x", sni=SENDGRID).status == 302
        assert (only(real).header("host") or "").lower().removesuffix(":443") == SENDGRID


def test_an_origin_with_the_certificate_of_another_name_gets_nothing(real: World) -> None:
    answer = real.viewer.get(IMPOSTOR, f"/ls/click?upn={TOKEN}")
    assert answer.status in {500, 502, 503}
    assert real.at_origin.requests == []
    # nor does the next link suffer from it
    assert real.viewer.get(SENDGRID, "/x").status == 302


def test_a_connection_that_is_dropped_counts_a_click_once(real: World) -> None:
    real.at_origin.answer = lambda request: None
    for tls in (True, False):
        real.at_origin.requests.clear()
        assert real.viewer.get(SENDGRID, "/dropped", tls=tls).status in {500, 502, 503}
        assert [one.target for one in real.at_origin.requests] == ["/dropped"]


def test_a_kept_connection_that_is_dropped_counts_a_click_once_and_loses_none(real: World) -> None:
    """The origin answers each connection's first request, and drops the second after it has read it."""
    seen: list[int] = []

    def answer(request: Request) -> bytes | None:
        seen.append(request.connection)
        return KEPT_OPEN if seen.count(request.connection) == 1 else None

    real.at_origin.answer = answer
    statuses = [real.viewer.get(SENDGRID, f"/kept/{number}").status for number in range(6)]
    assert [one.target for one in real.at_origin.requests] == [f"/kept/{number}" for number in range(6)]
    assert statuses == [302] * 6


def test_methods_and_bodies_pass(real: World) -> None:
    assert real.viewer.ask("HEAD", SENDGRID, "/x").status == 302
    assert only(real).method == "HEAD"
    real.at_origin.requests.clear()
    form = [("Content-Type", "application/x-www-form-urlencoded")]
    answer = real.viewer.ask(
        "POST", SENDGRID, "/wf/unsubscribe?upn=a%2Fb", headers=form, body=b"List-Unsubscribe=One-Click"
    )
    assert answer.status == 302
    request = only(real)
    assert (request.method, request.target, request.body) == (
        "POST",
        "/wf/unsubscribe?upn=a%2Fb",
        b"List-Unsubscribe=One-Click",
    )


def test_an_answer_comes_back_as_it_is_and_is_never_kept(real: World) -> None:
    text = b"<html>" + b"click " * 2000 + b"</html>"
    for status in ("200 OK", "404 Not Found", "301 Moved Permanently", "503 Service Unavailable"):
        real.at_origin.requests.clear()
        whole = (
            f'HTTP/1.1 {status}\r\nContent-Type: text/html\r\nCache-Control: max-age=600\r\nETag: "e"\r\n'
            f"Location: https://{ORIGINS[SENDGRID].name}/x\r\nSet-Cookie: a=1\r\nSet-Cookie: b=2\r\nContent-Length: {len(text)}\r\n\r\n"
        ).encode() + text
        real.at_origin.answer = lambda request, whole=whole: whole
        answers = [real.viewer.get(SENDGRID, "/same", headers=[("Accept-Encoding", "gzip, br")]) for _ in range(2)]
        for answer in answers:
            assert (answer.status, answer.body) == (int(status[:3]), text)
            assert answer.header("content-encoding") is None
            assert answer.header("location") == f"https://{ORIGINS[SENDGRID].name}/x"
            assert answer.header("etag") == '"e"'
            assert [value for key, value in answer.headers if key == "set-cookie"] == ["a=1", "b=2"]
            assert answer.header("strict-transport-security") is None
            assert answer.header("alt-svc") is None
        assert len(real.at_origin.requests) == 2


def test_a_location_as_long_as_a_link_comes_back(real: World) -> None:
    long = "https://shop.example/?" + "a" * 8000
    real.at_origin.answer = lambda request: (
        f"HTTP/1.1 302 Found\r\nLocation: {long}\r\nContent-Length: 0\r\n\r\n".encode()
    )
    assert real.viewer.get(SENDGRID, LONG).header("location") == long


def test_no_log_has_a_token(real: World) -> None:
    target = f"/L0/https:%2F%2Fshop.example%2F{TOKEN}/1?upn={TOKEN}"
    referrer = [("Referer", f"https://{SENDGRID}/{TOKEN}")]
    assert real.viewer.get(SENDGRID, target, headers=referrer).status == 302
    # errors are written elsewhere, and in other words
    assert real.viewer.get(IMPOSTOR, target, headers=referrer).status in {500, 502, 503}
    real.at_origin.answer = lambda request: None
    assert real.viewer.get(SENDGRID, target, headers=referrer).status in {500, 502, 503}
    real.at_origin.answer = lambda request: b"garbage\r\n\r\n"
    with contextlib.suppress(
        IndexError, ConnectionError
    ):  # nginx up to 1.26 takes it for HTTP/0.9, and passes it on; 1.30 closes
        real.viewer.get(SENDGRID, target, headers=referrer)
    real.viewer.get("unknown.example", target, headers=referrer, tls=False)
    until = time.monotonic() + 15
    while SENDGRID not in real.log:
        assert time.monotonic() < until, f"no line of {SENDGRID}: {real.log[-500:]}"
        time.sleep(0.1)
    assert TOKEN not in real.log, next(line for line in real.log.splitlines() if TOKEN in line)


def test_port_80_answers_without_a_redirect_to_https(real: World) -> None:
    answer = real.viewer.get(SENDGRID, TARGETS["everything"], tls=False)
    assert (answer.status, answer.header("location")) == (302, LOCATION)
    assert only(real).sni == ORIGINS[SENDGRID].name, "the origin is asked over TLS all the same"


def test_a_ca_finds_its_answer_on_port_80(real: World) -> None:
    for host in (SENDGRID, SPARKPOST):
        answer = real.viewer.get(host, f"{CHALLENGE}token-1", tls=False)
        assert (answer.status, answer.body) == (200, ANSWERED.encode())
    assert real.viewer.get(SENDGRID, f"{CHALLENGE}token-2", tls=False).status == 404
    assert real.at_origin.requests == []


def test_an_unknown_name_gets_nobody_s_link(real: World) -> None:
    for tls in (False, True):
        answer = real.viewer.get("unknown.example", "/ls/click?upn=x", tls=tls, sni=SENDGRID)
        assert 400 <= answer.status < 500
    if real.program.name == "apache":  # it has no word to refuse the handshake
        answer = real.viewer.get("unknown.example", "/ls/click?upn=x", trusting=False)
        assert 400 <= answer.status < 500
    else:
        with pytest.raises(OSError, match=r"(?i)alert|unrecognized|handshake|eof|reset"):
            real.viewer.connect("unknown.example", trusting=False)
    assert real.at_origin.requests == []


def meaning(world: World, answer: Answer) -> str:
    """What the verifier says of an answer where this is the declared edge."""
    vantage = Vantage("edge", "edge", "192.0.2.10", "http")
    seen = HttpObservation(
        vantage, "answered", "https://x/", status=answer.status, headers=answer.headers, body=answer.body
    )
    mark = edge_answers(world.program.name).first(seen)
    assert mark is not None, answer
    return mark.meaning


def test_what_it_answers_by_itself_has_its_mark(real: World) -> None:
    unknown = real.viewer.get("unknown.example", "/x", tls=False)
    assert meaning(real, unknown) == "http.edge-unconfigured"
    # Apache alone says that it is the handshake that failed
    refused = "http.origin-tls" if real.program.name == "apache" else "http.origin-unreachable"
    assert meaning(real, real.viewer.get(IMPOSTOR, "/x")) == refused
    real.at_origin.answer = lambda request: None
    assert meaning(real, real.viewer.get(SENDGRID, "/x")) == "http.origin-unreachable"


def test_tls_1_2_and_1_3_and_http_2_are_spoken(real: World) -> None:
    for version in (ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3):
        with real.viewer.connect(SENDGRID, version=version) as connection:
            assert isinstance(connection, ssl.SSLSocket)
            assert connection.version() == version.name.replace("_", ".").replace("TLSv1.", "TLSv1.")
    with real.viewer.connect(SENDGRID, alpn=("h2", "http/1.1")) as connection:
        assert isinstance(connection, ssl.SSLSocket)
        assert connection.selected_alpn_protocol() == "h2"


def test_it_is_reached_over_ipv6_too(real: World) -> None:
    for tls in (True, False):
        real.at_origin.requests.clear()
        assert real.over_ipv6.get(SENDGRID, "/six", tls=tls).status == 302
        assert only(real).target == "/six"


def test_a_dead_ipv6_address_of_the_origin_loses_no_click(real: World) -> None:
    statuses = [real.viewer.get(SENDGRID, f"/dead/{number}").status for number in range(8)]
    assert statuses == [302] * 8


def test_a_changed_address_of_the_origin_is_followed_while_clicks_go_on(real: World) -> None:
    here, there = addresses(real)
    for address, origin in ((there, real.elsewhere), (here, real.at_origin)):
        real.lead_to(address)
        before = len(origin.requests)
        until = time.monotonic() + FOLLOWS_WITHIN_SECONDS
        while len(origin.requests) == before:
            assert time.monotonic() < until, f"{address} is not asked yet"
            assert real.viewer.get(SENDGRID, "/moved").status == 302
            time.sleep(0.2)
