"""SparkPost's tracking endpoints."""

from __future__ import annotations

import ssl
from typing import Any

import pytest
from linkproof_lab.senders.sparkpost.facts import ENDPOINTS
from linkproof_lab.senders.sparkpost.links import DOMAIN_KIND, make_link
from linkproof_lab.web.clicks import read_clicks

HOST, REGION = "click.example.net", "eu"
PAGE = "https://www.example.com/a%20b?x=1&y=2"
PROBE = "/f/a/b/c/d"


def address(lab: Any, region: str = REGION) -> str:
    return str(lab.settings.addresses([ENDPOINTS[region][1]])[0])


def attached(lab: Any, *, in_query: bool = False) -> str:
    lab.store.put(DOMAIN_KIND, HOST, {"region": REGION})
    return make_link(lab.store, PAGE, in_query=in_query)


def test_the_guide_s_own_check_is_answered_and_no_click(lab: Any) -> None:
    attached(lab)

    async def test() -> None:
        got = await lab.fetch(address(lab), HOST, PROBE)
        assert (got.status, got.body, got.headers["server"]) == (302, b"", "msys-http")
        assert "location" not in got.headers
        assert (await lab.fetch(address(lab), HOST, PROBE, method="OPTIONS")).status == 405
        assert (await lab.fetch(address(lab), "nobody.example", "/robots.txt")).body.startswith(b"User-Agent: *")
        assert (await lab.fetch(address(lab), HOST, "/f/")).status == 404

    lab.run(test)
    assert read_clicks(lab.settings) == []


@pytest.mark.parametrize("in_query", [False, True])
def test_a_click_is_led_on_and_logged_under_the_host_that_an_edge_tells(lab: Any, in_query: bool) -> None:
    path = attached(lab, in_query=in_query)

    async def test() -> None:
        told = {"X-Forwarded-Host": HOST, "User-Agent": "reader/1"}
        got = await lab.fetch(address(lab), "eu.spgo.io", path, headers=told)
        assert (got.status, got.headers["location"], got.headers["x-robots-tag"]) == (302, PAGE, "noindex")
        if in_query:
            lost = await lab.fetch(address(lab), HOST, path.partition("?")[0])
            assert "location" not in lost.headers, "an edge has dropped the query"
        opened = await lab.fetch(address(lab), HOST, path.replace("/f/", "/q/"))
        assert (opened.status, len(opened.body)) == (200, 44)

    lab.run(test)
    click, opened = read_clicks(lab.settings)
    assert (click["event"], click["host"], click["user_agent"]) == ("click", HOST, "reader/1")
    assert opened["event"] == "open"


@pytest.mark.parametrize("spoilt", ["region", "host", "told"])
def test_a_host_that_is_no_tracking_domain_there_has_no_click(lab: Any, spoilt: str) -> None:
    path = attached(lab)
    where = address(lab, "us" if spoilt == "region" else REGION)
    told = {"X-Forwarded-Host": "other.example.net"} if spoilt == "told" else {}

    async def test() -> None:
        got = await lab.fetch(where, "eu.spgo.io" if spoilt == "host" else HOST, path, headers=told)
        assert (got.status, got.headers["content-type"]) == (404, "text/plain")

    lab.run(test)
    assert read_clicks(lab.settings) == []


def test_over_tls_it_wants_sni_and_shows_its_own_name(lab: Any) -> None:
    attached(lab)

    async def test() -> None:
        assert (await lab.fetch(address(lab), HOST, PROBE, tls=True, sni="eu.spgo.io")).status == 302
        with pytest.raises(ssl.SSLCertVerificationError, match="Hostname mismatch"):
            await lab.fetch(address(lab), HOST, PROBE, tls=True, sni=HOST)
        with pytest.raises((ssl.SSLError, ConnectionError)):
            await lab.fetch(address(lab), HOST, PROBE, tls=True, sni="127.0.0.1", judge=False)

    lab.run(test)
