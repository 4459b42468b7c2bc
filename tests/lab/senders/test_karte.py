"""KARTE's first-party tracking host."""

from __future__ import annotations

import ssl
from dataclasses import asdict
from typing import Any

import pytest
from linkproof_lab import ca
from linkproof_lab.web.clicks import read_clicks

HOST = "t.example.com"


def upload(lab: Any, host: str, issued: ca.IssuedCertificate) -> None:
    parts = asdict(issued)
    lab.store.put("karte-host", host, {key: parts[key] for key in ("cert_pem", "chain_pem", "key_pem")})


def test_the_uploaded_certificate_is_shown_for_its_host_alone(lab: Any) -> None:
    upload(lab, HOST, ca.issue(lab.settings, [HOST]))

    async def test() -> None:
        assert (await lab.fetch(lab.settings.origin_addresses("karte")[0], HOST, "/track", tls=True)).cert_names == (
            HOST,
        )
        with pytest.raises(ssl.SSLCertVerificationError, match="Hostname mismatch"):
            await lab.fetch(lab.settings.origin_addresses("karte")[0], "other.example.com", "/track", tls=True)
        got = await lab.fetch(lab.settings.origin_addresses("karte")[0], "x", "/track", tls=True, sni="cname.karte.io")
        assert got.cert_names == ("*.karte.io",)

    lab.run(test)


def test_a_new_upload_counts_from_the_next_handshake_on(lab: Any) -> None:
    async def test() -> None:
        upload(lab, HOST, ca.self_signed([HOST]))
        with pytest.raises(ssl.SSLCertVerificationError, match="self-signed"):
            await lab.fetch(lab.settings.origin_addresses("karte")[0], HOST, "/track", tls=True)
        upload(lab, HOST, ca.issue(lab.settings, [HOST], key="ec256"))
        assert (await lab.fetch(lab.settings.origin_addresses("karte")[0], HOST, "/track", tls=True)).status == 200

    lab.run(test)


def test_a_broken_upload_shows_the_default_certificate(lab: Any) -> None:
    upload(lab, HOST, ca.issue(lab.settings, [HOST], key="ec256"))
    doc = lab.store.get("karte-host", HOST)
    lab.store.put("karte-host", HOST, {**doc, "key_pem": ca.self_signed([HOST]).key_pem})

    async def test() -> None:
        with pytest.raises(ssl.SSLCertVerificationError, match="Hostname mismatch"):
            await lab.fetch(lab.settings.origin_addresses("karte")[0], HOST, "/track", tls=True)

    lab.run(test)


def test_track_is_an_empty_200_for_any_site_and_all_else_is_missing(lab: Any) -> None:
    async def test() -> None:
        got = await lab.fetch(lab.settings.origin_addresses("karte")[0], HOST, "/track", method="POST")
        assert (got.status, got.headers["access-control-allow-origin"], got.body) == (200, "*", b"")
        assert (await lab.fetch(lab.settings.origin_addresses("karte")[0], HOST, "/")).status == 404

    lab.run(test)


def test_every_request_is_recorded_and_a_handshake_alone_is_not(lab: Any) -> None:
    upload(lab, HOST, ca.issue(lab.settings, [HOST], key="ec256"))
    seen: list[int] = []

    async def test() -> None:
        import asyncio

        context = ssl.create_default_context(cafile=str(lab.settings.ca_file))
        where = (lab.settings.origin_addresses("karte")[0], lab.settings.https_port)
        _, writer = await asyncio.open_connection(*where, ssl=context, server_hostname=HOST)
        writer.close()
        await writer.wait_closed()
        seen.append(len(read_clicks(lab.settings)))
        await lab.fetch(lab.settings.origin_addresses("karte")[0], HOST, "/favicon.ico", tls=True, method="HEAD")
        await lab.fetch(lab.settings.origin_addresses("karte")[0], HOST, "/track?x=1", method="POST")

    lab.run(test)
    assert seen == [0]
    lines = read_clicks(lab.settings)
    assert [(line["sender"], line["method"], line["path"], line["scheme"]) for line in lines] == [
        ("karte", "HEAD", "/favicon.ico", "https"),
        ("karte", "POST", "/track?x=1", "http"),
    ]


@pytest.mark.parametrize("state", ["verifying", "preparing"])
def test_before_it_is_in_use_karte_shows_its_own_certificate(lab: Any, state: str) -> None:
    upload(lab, HOST, ca.issue(lab.settings, [HOST], key="ec256"))
    lab.store.put("karte-host", HOST, {**lab.store.get("karte-host", HOST), "state": state})

    async def test() -> None:
        where = lab.settings.origin_addresses("karte")[0]
        with pytest.raises(ssl.SSLCertVerificationError, match="Hostname mismatch"):
            await lab.fetch(where, HOST, "/track", tls=True)
        lab.store.put("karte-host", HOST, {**lab.store.get("karte-host", HOST), "state": "in-use"})
        assert (await lab.fetch(where, HOST, "/track", tls=True)).cert_names == (HOST,)

    lab.run(test)
