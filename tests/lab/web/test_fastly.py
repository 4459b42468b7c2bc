"""Fastly's edge, over real handshakes: it does what the active version says, also where that is wrong."""

from __future__ import annotations

import json
from typing import Any

import pytest
from linkproof_lab import ca
from linkproof_lab.edges.fastly.control_plane.objects import KINDS, SETTINGS, read
from linkproof_lab.edges.fastly.control_plane.stats import request_log
from linkproof_lab.web.listener import Refusal

HOST = "url4821.example.net"
RIGHT: dict[str, Any] = {
    "port": 443,
    "use_ssl": True,
    "ssl_sni_hostname": "origin.example",
    "ssl_cert_hostname": "origin.example",
}
PASS = {"request_settings": [{"name": "no cache", "action": "pass"}]}
NO_RESTART = {"cache_settings": [{"name": "no second request", "action": "pass"}]}
MADE = {**PASS, **NO_RESTART}


def serve(lab: Any, host: str = HOST, *, backend: dict[str, Any] | None = None, ttl: int = 3600, **sets: Any) -> None:
    """An active version as the API holds it, and a certificate that is issued."""
    wanted = {
        "domain": [{"name": host}],
        "backend": [{"name": "origin", "address": "origin.example", **(RIGHT if backend is None else backend)}],
        **sets,
    }
    version = {
        "number": 1,
        "locked": True,
        "active": True,
        "settings": read(SETTINGS, {"general.default_ttl": ttl}),
        **{kind: [read(KINDS[kind], one) for one in wanted.get(kind, ())] for kind in KINDS},
    }
    lab.store.put("fastly-service", host, {"id": host, "customer": "c", "name": host, "versions": [version]})
    issued = ca.issue(lab.settings, [host], key="ec256")
    pems = {"cert_pem": issued.cert_pem, "chain_pem": issued.chain_pem, "key_pem": issued.key_pem}
    lab.store.put("fastly-subscription", host, {"id": host, "certificate": {"id": "c1", "names": [host], **pems}})


async def fetch(lab: Any, host: str = HOST, path: str = "/", **how: Any) -> Any:
    return await lab.fetch(lab.settings.edge_addresses("fastly")[0], host, path, **how)


def test_host_path_and_query_arrive_as_they_were_sent_and_the_origin_is_asked_by_its_own_name(lab: Any) -> None:
    serve(lab, **MADE)

    async def test() -> None:
        got = await fetch(lab, path="/ls/click?upn=a%2Bb&x=1&&x;y", headers={"User-Agent": "reader"})
        assert (got.status, got.cert_names) == (200, (HOST,))
        assert got.headers["x-served-by"].startswith("cache-")
        (seen,) = lab.echo.requests
        assert (seen["scheme"], seen["host"]) == ("https", HOST)
        assert seen["target"] == "/ls/click?upn=a%2Bb&x=1&&x;y"
        assert seen["headers"]["user-agent"] == "reader"
        assert lab.echo.names_asked == ["origin.example"]

    lab.run(test)


def test_port_80_answers_without_a_redirect_unless_it_is_told_to(lab: Any) -> None:
    serve(lab, **MADE)
    serve(lab, "forced.example.net", request_settings=[{"name": "tls", "force_ssl": True}])

    async def test() -> None:
        for address in lab.settings.edge_addresses("fastly"):
            assert (await lab.fetch(address, HOST, "/", tls=False)).status == 200
        got = await fetch(lab, "forced.example.net", "/a?b=c", tls=False)
        assert (got.status, got.headers["location"]) == (301, "https://forced.example.net/a?b=c")

    lab.run(test)


def test_the_default_backend_is_asked_in_the_clear(lab: Any) -> None:
    serve(lab, backend={}, **MADE)

    async def test() -> None:
        assert (await fetch(lab)).status == 200
        assert lab.echo.requests[0]["scheme"] == "http"

    lab.run(test)


def test_sni_and_the_certificate_s_name_are_two_settings(lab: Any) -> None:
    serve(lab, backend={**RIGHT, "ssl_sni_hostname": ""}, **MADE)
    serve(lab, "other.example.net", backend={**RIGHT, "ssl_cert_hostname": "somebody.example"}, **MADE)
    serve(
        lab,
        "unchecked.example.net",
        backend={**RIGHT, "ssl_cert_hostname": "x.example", "ssl_check_cert": False},
        **MADE,
    )

    async def test() -> None:
        await fetch(lab)
        assert lab.echo.names_asked == [None], "no name was sent"
        got = await fetch(lab, "other.example.net")
        assert (got.status, "hostname doesn't match against certificate" in got.body) == (503, True)
        assert (await fetch(lab, "unchecked.example.net")).status == 200

    lab.run(test)


def test_an_overridden_host_takes_the_click_host_away(lab: Any) -> None:
    serve(lab, backend={**RIGHT, "override_host": "origin.example"}, **MADE)

    async def test() -> None:
        await fetch(lab)
        assert lab.echo.requests[0]["host"] == "origin.example"

    lab.run(test)


def test_snippets_change_the_request_to_the_origin(lab: Any) -> None:
    content = f'unset bereq.http.Cookie;\nset bereq.http.X-Forwarded-Host = "{HOST}";'
    serve(lab, snippet=[{"name": "to the origin", "type": "pass", "content": content}], **MADE)

    async def test() -> None:
        await fetch(lab, headers={"Cookie": "a=b", "X-Forwarded-Host": "evil.example"})
        (seen,) = lab.echo.requests
        assert "cookie" not in seen["headers"]
        assert seen["headers"]["x-forwarded-host"] == HOST

    lab.run(test)


def test_without_pass_one_answer_is_kept_and_head_becomes_get(lab: Any) -> None:
    serve(lab)

    async def test() -> None:
        await fetch(lab, path="/a?u=1", method="HEAD")
        assert lab.echo.requests[0]["method"] == "GET", "a scanner's look is a click"
        got = await fetch(lab, path="/a?u=1")
        assert got.headers["x-cache"] == "HIT"
        assert len(lab.echo.requests) == 1
        assert (await fetch(lab, path="/a?u=2")).headers["x-cache"] == "MISS", "the query is in the key"

    lab.run(test)


def test_with_pass_nothing_is_kept_and_head_stays_head(lab: Any) -> None:
    serve(lab, **MADE)

    async def test() -> None:
        await fetch(lab, path="/a?u=1", method="HEAD")
        for _ in range(2):
            assert (await fetch(lab, path="/a?u=1")).headers["x-cache"] == "MISS"
        assert [seen["method"] for seen in lab.echo.requests] == ["HEAD", "GET", "GET"]
        await fetch(lab, method="POST", body="List-Unsubscribe=One-Click")
        assert lab.echo.requests[-1]["body"] == "List-Unsubscribe=One-Click"

    lab.run(test)


@pytest.mark.parametrize(("status", "sets", "times"), [(503, PASS, 2), (500, PASS, 2), (502, PASS, 1), (503, MADE, 1)])
def test_an_error_of_the_origin_is_asked_for_again_unless_fetch_ends_before(
    lab: Any, status: int, sets: dict[str, Any], times: int
) -> None:
    lab.echo.status = status
    serve(lab, **sets)

    async def test() -> None:
        assert (await fetch(lab)).status == status
        assert len(lab.echo.requests) == times

    lab.run(test)


def test_a_host_that_no_service_has(lab: Any) -> None:
    serve(lab, **MADE)

    async def test() -> None:
        got = await fetch(lab, "unknown.example.net", tls=False)
        assert (got.status, "Fastly error: unknown domain: unknown.example.net" in got.body) == (500, True)
        got = await fetch(lab, "unknown.example.net", judge=False)
        assert got.status == 421, "the connection's certificate is Fastly's own"
        got = await fetch(lab, "unknown.example.net", sni=HOST)
        assert (got.status, "Subject Alternative Names" in got.body) == (421, True)

    lab.run(test)


def test_an_origin_that_closes_is_a_503_with_its_reason(lab: Any) -> None:
    lab.echo.identity = Refusal.CLOSE
    serve(lab, **MADE)

    async def test() -> None:
        got = await fetch(lab)
        assert (got.status, "SSL handshake error" in got.body) == (503, True)
        lab.addresses.pop("origin.example")
        assert "No healthy IP" in (await fetch(lab)).body

    lab.run(test)


def test_each_request_to_a_service_is_counted_and_no_other(lab: Any) -> None:
    serve(lab, **MADE)

    async def test() -> None:
        await fetch(lab)
        await fetch(lab, tls=False, method="HEAD")
        await fetch(lab, "nobodys.example.net", tls=False)
        lines = request_log(lab.settings).read_text().splitlines()
        assert [json.loads(line)["service"] for line in lines] == [HOST, HOST]

    lab.run(test)
