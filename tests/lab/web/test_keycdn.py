"""KeyCDN's edge, over real handshakes: it does what a zone says, also where that is wrong."""

from __future__ import annotations

from typing import Any

from linkproof.edges.keycdn.facts import SETTINGS
from linkproof_lab import ca
from linkproof_lab.edges.keycdn.control_plane.zones import Control

HOST = "url4821.example.net"


def serve(lab: Any, host: str = HOST, **settings: str) -> None:
    """A zone as the API makes it, with an alias and a certificate of the user's own."""
    issued = ca.issue(lab.settings, [host], key="ec256")
    body = {
        "name": "shop",
        "originurl": "https://origin.example",
        "customsslcert": issued.cert_pem + issued.chain_pem,
        "customsslkey": issued.key_pem,
        **SETTINGS,
        **settings,
    }
    control = Control(lab.store)
    zone = control.answer("POST", ["zones"], body)["zone"]
    control.answer("POST", ["zonealiases"], {"name": host, "zone_id": zone["id"]})


async def fetch(lab: Any, host: str = HOST, path: str = "/", **how: Any) -> Any:
    return await lab.fetch(lab.settings.edge_addresses("keycdn")[0], host, path, **how)


def test_host_path_and_query_arrive_as_they_were_sent_and_cookies_do_not(lab: Any) -> None:
    serve(lab)

    async def test() -> None:
        got = await fetch(lab, path="/ls/click?upn=a%2Bb&x=1&&x;y", headers={"Cookie": "a=b", "User-Agent": "reader"})
        assert (got.status, got.cert_names, got.headers["server"]) == (200, (HOST,), "keycdn-engine")
        (seen,) = lab.echo.requests
        assert (seen["scheme"], seen["host"]) == ("https", HOST)
        assert seen["target"] == "/ls/click?upn=a%2Bb&x=1&&x;y"
        assert seen["headers"]["user-agent"] == "reader"
        assert "cookie" not in seen["headers"]

    lab.run(test)


def test_as_it_is_made_by_default_the_query_is_ignored_and_the_origin_hears_its_own_name(lab: Any) -> None:
    serve(lab, cacheignorequerystring="enabled", cachehostheader="disabled", cachemaxexpire="1440")

    async def test() -> None:
        first = await fetch(lab, path="/ls/click?upn=one")
        second = await fetch(lab, path="/ls/click?upn=two")
        assert (first.headers["x-cache"], second.headers["x-cache"]) == ("MISS", "HIT")
        assert second.body == first.body, "one recipient's answer for another"
        assert [seen["host"] for seen in lab.echo.requests] == ["origin.example"]

    lab.run(test)


def test_what_the_origin_says_of_its_answers_is_heard_unless_that_is_ignored(lab: Any) -> None:
    lab.echo.headers = {"Cache-Control": "no-store"}
    serve(lab, cachemaxexpire="1440")

    async def test() -> None:
        for _ in range(2):
            assert (await fetch(lab)).headers["x-cache"] == "MISS"
        lab.echo.headers = {}
        for expected in ("MISS", "HIT"):
            assert (await fetch(lab, path="/a")).headers["x-cache"] == expected

    lab.run(test)


def test_nothing_is_kept_where_the_time_is_none(lab: Any) -> None:
    serve(lab)

    async def test() -> None:
        for _ in range(2):
            assert (await fetch(lab)).headers["x-cache"] == "MISS"

    lab.run(test)


def test_a_host_that_no_zone_has_is_forbidden_and_has_keycdn_s_certificate(lab: Any) -> None:
    serve(lab)

    async def test() -> None:
        got = await fetch(lab, "other.example.net", sni="shop-1ab0.kxcdn.com")
        assert (got.status, got.headers["server"]) == (403, "keycdn-engine")
        assert got.cert_names == ("*.kxcdn.com",)

    lab.run(test)
