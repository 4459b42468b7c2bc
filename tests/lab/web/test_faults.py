"""Each fault that can be ordered for a host shows from outside, on that host alone, and goes when it is cancelled."""

from __future__ import annotations

import asyncio
import logging
import ssl
from typing import Any

import pytest
from linkproof_lab.web import faults

HOST = "url4821.example.net"
OTHER = "url9999.example.net"


@pytest.fixture(params=["cloudfront", "cloudflare"])
def fetch(request: pytest.FixtureRequest, lab: Any) -> Any:
    """Asks one kind of edge, with both hosts served by it."""
    if request.param == "cloudfront":
        lab.distribution("D1", [HOST])
        lab.distribution("D2", [OTHER])
    else:
        lab.proxied(HOST, ssl="full")
        lab.proxied(OTHER, ssl="full")
    return getattr(lab, request.param)


def certificate_problem(lab: Any, fetch: Any, mode: str) -> str:
    """What OpenSSL says about the certificate while the fault holds."""
    said: list[str] = []

    async def test() -> None:
        assert (await fetch(HOST)).status == 200
        key = faults.order(lab.store, HOST, mode)
        with pytest.raises(ssl.SSLCertVerificationError) as caught:
            await fetch(HOST)
        said.append(caught.value.verify_message)
        assert (await fetch(OTHER)).status == 200
        faults.cancel(lab.store, key)
        assert (await fetch(HOST)).status == 200

    lab.run(test)
    return said[0]


@pytest.mark.parametrize(
    ("mode", "message"),
    [
        ("expired-certificate", "certificate has expired"),
        ("not-yet-valid", "certificate is not yet valid"),
        ("wrong-name", "Hostname mismatch"),
        ("untrusted", "self-signed certificate"),
        ("incomplete-chain", "unable to get local issuer certificate"),
    ],
)
def test_a_fault_of_the_certificate_is_what_openssl_calls_so(lab: Any, fetch: Any, mode: str, message: str) -> None:
    assert message in certificate_problem(lab, fetch, mode)


def test_tls_1_0_only_has_no_version_in_common_with_a_modern_client(lab: Any, fetch: Any) -> None:
    async def test() -> None:
        faults.order(lab.store, HOST, "tls-1-0-only")
        with pytest.raises(ssl.SSLError, match=r"(?i)protocol.version"):
            await fetch(HOST)
        assert (await fetch(OTHER)).status == 200

    lab.run(test)


@pytest.mark.parametrize(
    ("mode", "host", "target"),
    [
        ("drop-host", "origin.example", "/ls/click?upn=1"),
        ("drop-query", HOST, "/ls/click"),
        ("drop-path", HOST, "/?upn=1"),
    ],
)
def test_a_fault_of_forwarding_is_seen_by_the_origin(lab: Any, fetch: Any, mode: str, host: str, target: str) -> None:
    async def test() -> None:
        key = faults.order(lab.store, HOST, mode)
        await fetch(HOST, "/ls/click?upn=1")
        await fetch(OTHER, "/ls/click?upn=1")
        faults.cancel(lab.store, key)
        await fetch(HOST, "/ls/click?upn=1")
        seen = [(request["host"], request["target"]) for request in lab.echo.requests]
        assert seen == [(host, target), (OTHER, "/ls/click?upn=1"), (HOST, "/ls/click?upn=1")]

    lab.run(test)


def test_cache_all_gives_one_recipients_answer_to_the_next(lab: Any, fetch: Any) -> None:
    async def test() -> None:
        faults.order(lab.store, HOST, "cache-all")
        lab.echo.headers = {"Cache-Control": "no-store"}
        first, second = await fetch(HOST, "/ls/click?upn=1"), await fetch(HOST, "/ls/click?upn=2")
        assert second.body == first.body
        assert "age" in second.headers
        await fetch(OTHER, "/ls/click?upn=2")
        assert len(lab.echo.requests) == 2

    lab.run(test)


def test_close_443_and_close_80_end_their_own_port_only(lab: Any, fetch: Any) -> None:
    async def test() -> None:
        key = faults.order(lab.store, HOST, "close-443")
        with pytest.raises((ConnectionError, ssl.SSLError)):
            await fetch(HOST)
        assert (await fetch(HOST, tls=False)).status == 200
        faults.cancel(lab.store, key)
        faults.order(lab.store, HOST, "close-80")
        with pytest.raises(ConnectionError):
            await fetch(HOST, tls=False)
        assert (await fetch(HOST)).status == 200
        assert (await fetch(OTHER, tls=False)).status == 200
        assert len(lab.echo.requests) == 3

    lab.run(test)


def test_status_502_is_the_edges_own_answer(lab: Any, fetch: Any) -> None:
    async def test() -> None:
        faults.order(lab.store, HOST, "status-502")
        got = await fetch(HOST)
        assert got.status == 502
        assert got.headers["server"] in {"CloudFront", "cloudflare"}
        assert not lab.echo.requests

    lab.run(test)


def test_slow_answers_late_but_answers(lab: Any, fetch: Any) -> None:
    async def test() -> None:
        faults.order(lab.store, HOST, "slow", seconds=1.5)
        loop = asyncio.get_running_loop()
        begun = loop.time()
        assert (await fetch(HOST)).status == 200
        # The edge may take longer, never less.
        assert loop.time() - begun >= 1.5

    lab.run(test)


def test_several_faults_of_a_host_hold_together(lab: Any, fetch: Any) -> None:
    async def test() -> None:
        faults.order(lab.store, HOST, "drop-host")
        faults.order(lab.store, HOST, "drop-query")
        await fetch(HOST, "/p?a=1")
        assert [(seen["host"], seen["target"]) for seen in lab.echo.requests] == [("origin.example", "/p")]

    lab.run(test)


def test_an_unknown_mode_is_refused_with_the_known_ones(lab: Any) -> None:
    with pytest.raises(faults.UnknownFaultError, match="drop-host, drop-path"):
        faults.order(lab.store, HOST, "drop-hots")
    assert lab.store.all("edge-fault") == []


def test_a_document_that_is_no_fault_is_reported_and_the_others_hold(
    lab: Any, fetch: Any, caplog: pytest.LogCaptureFixture
) -> None:
    async def test() -> None:
        lab.store.put("edge-fault", "a", {"host": HOST, "mode": "drop-hots"})
        lab.store.put("edge-fault", "b", {"host": HOST, "mode": "status-502"})
        assert (await fetch(HOST)).status == 502

    with caplog.at_level(logging.ERROR):
        lab.run(test)
    assert "drop-hots" in caplog.text
