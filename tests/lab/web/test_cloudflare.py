"""Cloudflare's edge, over real handshakes."""

from __future__ import annotations

import ssl
from typing import Any

import pytest
from linkproof_lab import ca
from linkproof_lab.edges.cloudflare.data_plane.hosts import LEFT_KIND, ONCE_PROXIED
from linkproof_lab.web.contexts import Identity
from linkproof_lab.web.listener import Refusal

HOST = "url4821.example.net"


def identity(lab: Any, *names: str) -> Identity:
    return Identity.from_issued(ca.issue(lab.settings, list(names), key="ec256"))


def test_a_proxied_host_shows_the_universal_certificate_and_forwards_all_as_it_came(lab: Any) -> None:
    lab.proxied(HOST, ssl="full")

    async def test() -> None:
        got = await lab.cloudflare(HOST, "/ls/click?upn=a%2Bb", headers={"Cookie": "a=1", "Accept-Language": "ja"})
        assert got.status == 200
        assert set(got.cert_names) == {"example.net", "*.example.net"}
        assert got.headers["server"] == "cloudflare"
        assert got.headers["cf-ray"]
        assert got.headers["cf-cache-status"] == "DYNAMIC"
        (seen,) = lab.echo.requests
        assert (seen["scheme"], seen["host"], seen["target"]) == ("https", HOST, "/ls/click?upn=a%2Bb")
        assert (seen["headers"]["cookie"], seen["headers"]["accept-language"]) == ("a=1", "ja")
        assert lab.echo.names_asked == [HOST]

    lab.run(test)


def test_the_universal_certificate_stays_the_same(lab: Any) -> None:
    lab.proxied(HOST, ssl="full")
    docs = []

    async def test() -> None:
        await lab.cloudflare(HOST)
        docs.append(dict(lab.store.all("edge-certificate")))

    lab.run(test)
    lab.run(test)
    assert docs[0] == docs[1]
    assert list(docs[0]) == ["cloudflare/example.net"]


def test_a_deeper_host_and_an_unknown_name_have_no_certificate(lab: Any) -> None:
    lab.proxied(f"a.{HOST}", ssl="full")

    async def test() -> None:
        for name in (f"a.{HOST}", "elsewhere.example.org"):
            with pytest.raises(ssl.SSLError, match=r"(?i)handshake.failure"):
                await lab.cloudflare(name)
        assert (await lab.cloudflare(f"a.{HOST}", tls=False)).status == 200

    lab.run(test)


def test_with_universal_ssl_switched_off_there_is_no_certificate(lab: Any) -> None:
    lab.proxied(HOST, ssl="full")
    (zone,) = lab.store.zones("cloudflare")
    lab.store.put("cloudflare-universal-ssl", zone.id, {"enabled": False})

    async def test() -> None:
        with pytest.raises(ssl.SSLError, match=r"(?i)handshake.failure"):
            await lab.cloudflare(HOST)

    lab.run(test)


def test_a_host_that_is_not_proxied_is_a_409_with_code_1001(lab: Any) -> None:
    lab.proxied(HOST)

    async def test() -> None:
        for tls in (True, False):
            got = await lab.cloudflare("other.example.net", tls=tls)
            assert (got.status, got.body, got.headers["server"]) == (409, "error code: 1001", "cloudflare")
            assert got.headers["cf-ray"]

    lab.run(test)


def test_whether_a_host_that_was_proxied_once_is_still_answered_for_is_to_be_ordered(lab: Any) -> None:
    """Cloudflare's documents do not say it."""
    lab.proxied(HOST)

    async def test() -> None:
        proxied = await lab.cloudflare(HOST, tls=False)
        record = lab.store.get("cloudflare-record", HOST)
        lab.store.put("cloudflare-record", HOST, {**record, "proxied": False})
        assert (await lab.cloudflare(HOST, tls=False)).status == 409
        lab.store.put(LEFT_KIND, ONCE_PROXIED, {"answers": True})
        assert (await lab.cloudflare(HOST, tls=False)).status == proxied.status != 409
        assert (await lab.cloudflare("other.example.net", tls=False)).status == 409

    lab.run(test)


@pytest.mark.parametrize(
    ("mode", "viewer_tls", "origin_scheme"),
    [
        ("flexible", True, "http"),
        ("full", True, "https"),
        ("strict", True, "https"),
        ("origin_pull", False, "https"),
        ("full", False, "http"),
        ("flexible", False, "http"),
        ("off", False, "http"),
    ],
)
def test_the_ssl_mode_decides_how_the_origin_is_reached(
    lab: Any, mode: str, viewer_tls: bool, origin_scheme: str
) -> None:
    lab.proxied(HOST, ssl=mode)

    async def test() -> None:
        assert (await lab.cloudflare(HOST, tls=viewer_tls)).status == 200
        assert [seen["scheme"] for seen in lab.echo.requests] == [origin_scheme]

    lab.run(test)


def test_with_ssl_off_https_is_sent_back_to_http(lab: Any) -> None:
    lab.proxied(HOST, ssl="off")

    async def test() -> None:
        got = await lab.cloudflare(HOST, "/p?a=1")
        assert (got.status, got.headers["location"]) == (301, f"http://{HOST}/p?a=1")

    lab.run(test)


def test_full_takes_any_certificate_and_strict_one_for_host_or_target(lab: Any) -> None:
    async def test() -> None:
        for names, full, strict in (
            (["origin.example"], 200, 200),
            ([HOST], 200, 200),
            (["somebody.example"], 200, 526),
        ):
            lab.echo.identity = identity(lab, *names)
            lab.proxied(HOST, ssl="full")
            assert (await lab.cloudflare(HOST)).status == full
            lab.proxied(HOST, ssl="strict")
            got = await lab.cloudflare(HOST)
            assert got.status == strict
        assert got.body == "error code: 526"
        lab.echo.identity = Identity.from_issued(ca.self_signed([HOST]))
        assert (await lab.cloudflare(HOST)).status == 526

    lab.run(test)


def test_each_failure_of_the_origin_has_its_own_status(lab: Any) -> None:
    lab.proxied(HOST, ssl="full")
    lab.proxied("lost.example.net", "nowhere.example", ssl="full")
    lab.proxied("down.example.net", lab.settings.address(250, 1), ssl="full")
    lab.proxied("loop.example.net", lab.settings.edge_addresses("cloudflare")[1], ssl="full")

    async def test() -> None:
        lost, down, loop = [await lab.cloudflare(f"{name}.example.net") for name in ("lost", "down", "loop")]
        assert (lost.status, lost.body) == (530, "error code: 1016")
        assert down.status == 521
        assert (loop.status, loop.body) == (403, "error code: 1000")
        for refusal in (Refusal.ALERT, Refusal.CLOSE):
            lab.echo.identity = refusal
            assert (await lab.cloudflare(HOST)).status == 525

    lab.run(test)


def test_the_browser_check_refuses_requests_without_a_user_agent(lab: Any) -> None:
    lab.proxied(HOST, ssl="full", browser_check="on")

    async def test() -> None:
        for agent in (None, "", " "):
            got = await lab.cloudflare(HOST, headers={"User-Agent": agent})
            assert (got.status, got.body) == (403, "error code: 1010")
        assert (await lab.cloudflare(HOST)).status == 200
        lab.proxied(HOST, ssl="full", browser_check="off")
        assert (await lab.cloudflare(HOST, headers={"User-Agent": None})).status == 200

    lab.run(test)


def test_address_obfuscation_rewrites_pages_but_no_other_answers(lab: Any) -> None:
    lab.proxied(HOST, ssl="full", email_obfuscation="on")
    lab.echo.body = "write to someone@example.com"

    async def test() -> None:
        assert (await lab.cloudflare(HOST)).body == lab.echo.body
        lab.echo.headers = {"Content-Type": "text/html"}
        assert "someone@example.com" not in (await lab.cloudflare(HOST)).body
        lab.proxied(HOST, ssl="full", email_obfuscation="off")
        assert (await lab.cloudflare(HOST)).body == lab.echo.body

    lab.run(test)


def test_only_static_files_are_cached_unless_a_rule_forbids_it(lab: Any) -> None:
    lab.proxied(HOST, ssl="full")
    (zone,) = lab.store.zones("cloudflare")

    async def status(path: str) -> str:
        return str((await lab.cloudflare(HOST, path)).headers["cf-cache-status"])

    async def test() -> None:
        assert [await status("/a.png?x=1") for _ in range(2)] == ["MISS", "HIT"]
        assert await status("/a.png?x=2") == "MISS"
        assert [await status("/.well-known/assetlinks.json") for _ in range(2)] == ["DYNAMIC", "DYNAMIC"]
        rule = {
            "ref": "r",
            "enabled": True,
            "expression": f'(http.host eq "{HOST}")',
            "action": "set_cache_settings",
            "action_parameters": {"cache": False},
        }
        lab.store.put("cloudflare-ruleset", f"{zone.id}/http_request_cache_settings", {"rules": [rule]})
        assert [await status("/a.png?x=1") for _ in range(2)] == ["BYPASS", "BYPASS"]

    lab.run(test)


def test_a_wildcard_record_serves_hosts_without_a_record_of_their_own(lab: Any) -> None:
    lab.proxied("*.example.net", ssl="full")

    async def test() -> None:
        assert (await lab.cloudflare("anything.example.net")).status == 200
        assert (await lab.cloudflare("example.net", tls=False)).status == 409

    lab.run(test)
