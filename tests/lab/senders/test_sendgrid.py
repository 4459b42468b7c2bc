"""SendGrid's click and open servers."""

from __future__ import annotations

import ssl
import time
from typing import Any

import pytest
from linkproof_lab import ca
from linkproof_lab.senders.sendgrid.links import CERTIFICATE_KIND, make_link
from linkproof_lab.web.clicks import read_clicks

HOST = "url4821.example.net"


def test_a_click_on_a_known_link_is_redirected_and_logged(lab: Any) -> None:
    lab.store.put("sendgrid-host", HOST, {"valid": True})
    path = make_link(lab.store, HOST, "https://example.com/page?a=1&b=2")
    begun = time.time()

    async def test() -> None:
        headers = {"User-Agent": "reader/1", "X-Forwarded-For": "203.0.113.9"}
        got = await lab.fetch(lab.settings.origin_addresses("sendgrid")[0], HOST, path, headers=headers)
        assert (got.status, got.headers["location"]) == (302, "https://example.com/page?a=1&b=2")

    lab.run(test)
    (line,) = read_clicks(lab.settings)
    assert begun <= line.pop("time") <= time.time()
    assert line == {
        "sender": "sendgrid",
        "event": "click",
        "method": "GET",
        "host": HOST,
        "path": path,
        "scheme": "http",
        "user_agent": "reader/1",
        "x_forwarded_for": "203.0.113.9",
    }


def test_the_scheme_logged_is_the_one_that_reached_the_origin(lab: Any) -> None:
    lab.store.put("sendgrid-host", HOST, {"valid": True})
    path = make_link(lab.store, HOST, "https://example.com/")

    async def test() -> None:
        got = await lab.fetch(lab.settings.origin_addresses("sendgrid")[0], HOST, path, tls=True, sni="sendgrid.net")
        assert got.status == 302

    lab.run(test)
    assert [line["scheme"] for line in read_clicks(lab.settings)] == ["https"]


@pytest.mark.parametrize(
    "path", ["/ls/click?upn=", "/wf/click?upn=", "/ls/click", "/ls/click?upn=never-made", "/wf/open?upn=never-made"]
)
def test_an_empty_missing_or_bad_token_is_a_wrong_link_and_no_click(lab: Any, path: str) -> None:
    lab.store.put("sendgrid-host", HOST, {"valid": True})

    async def test() -> None:
        got = await lab.fetch(lab.settings.origin_addresses("sendgrid")[0], HOST, path)
        assert b"<title>Wrong Link</title>" in got.body
        assert "location" not in got.headers

    lab.run(test)
    assert read_clicks(lab.settings) == []


@pytest.mark.parametrize("host", ["stranger.example.net", "sendgrid.net", HOST])
def test_a_host_that_is_not_valid_is_a_bad_hostname_even_with_a_good_token(lab: Any, host: str) -> None:
    lab.store.put("sendgrid-host", HOST, {"valid": False})
    path = make_link(lab.store, HOST, "https://example.com/")

    async def test() -> None:
        got = await lab.fetch(lab.settings.origin_addresses("sendgrid")[0], host, path)
        assert b"<title>Bad Hostname in Link</title>" in got.body

    lab.run(test)
    assert read_clicks(lab.settings) == []


def test_an_open_is_a_picture_and_logged_as_an_open(lab: Any) -> None:
    lab.store.put("sendgrid-host", HOST, {"valid": True})
    token = make_link(lab.store, HOST, "https://example.com/").partition("=")[2]

    async def test() -> None:
        got = await lab.fetch(lab.settings.origin_addresses("sendgrid")[0], HOST, f"/wf/open?upn={token}")
        assert (got.status, got.headers["content-type"], got.body[:3]) == (200, "image/gif", b"GIF")

    lab.run(test)
    assert [line["event"] for line in read_clicks(lab.settings)] == ["open"]


def test_root_and_app_link_files_are_missing_unless_they_were_set_up(lab: Any) -> None:
    lab.store.put("sendgrid-host", HOST, {"valid": True})
    file = "/.well-known/assetlinks.json"

    async def test() -> None:
        for path in ("/", file, "/.well-known/apple-app-site-association"):
            assert (await lab.fetch(lab.settings.origin_addresses("sendgrid")[0], HOST, path)).status == 404
        lab.store.put("sendgrid-files", HOST, {file: "[]"})
        got = await lab.fetch(lab.settings.origin_addresses("sendgrid")[0], HOST, file)
        assert (got.status, got.headers["content-type"], got.body) == (200, "application/json", b"[]")

    lab.run(test)


def test_over_tls_a_branded_host_gets_sendgrids_own_certificate(lab: Any) -> None:
    async def test() -> None:
        with pytest.raises(ssl.SSLCertVerificationError, match="Hostname mismatch"):
            await lab.fetch(lab.settings.origin_addresses("sendgrid")[0], HOST, "/", tls=True)
        got = await lab.fetch(lab.settings.origin_addresses("sendgrid")[0], HOST, "/", tls=True, sni="u1.sendgrid.net")
        assert set(got.cert_names) == {"sendgrid.net", "*.sendgrid.net"}

    lab.run(test)


def test_links_and_clicks_outlive_the_process(lab: Any) -> None:
    lab.store.put("sendgrid-host", HOST, {"valid": True})
    path = make_link(lab.store, HOST, "https://example.com/")

    async def test() -> None:
        assert (await lab.fetch(lab.settings.origin_addresses("sendgrid")[0], HOST, path)).status == 302

    lab.run(test)
    lab.run(test)
    assert len(read_clicks(lab.settings)) == 2


def test_a_host_with_auto_ssl_shows_its_own_certificate_and_others_sendgrid_s(lab: Any) -> None:
    issued = ca.issue(lab.settings, [HOST], key="ec256")
    pems = {"cert_pem": issued.cert_pem, "chain_pem": issued.chain_pem, "key_pem": issued.key_pem}
    lab.store.put(CERTIFICATE_KIND, HOST, pems)

    async def test() -> None:
        address = lab.settings.origin_addresses("sendgrid")[0]
        assert (await lab.fetch(address, HOST, "/ls/click?upn=", tls=True)).status == 404
        with pytest.raises(ssl.SSLCertVerificationError):
            await lab.fetch(address, "url2.example.net", "/ls/click?upn=", tls=True)

    lab.run(test)
