"""Google's edge, over real handshakes: what it does is what the objects of its API say."""

from __future__ import annotations

import ssl
from typing import Any

import pytest
from linkproof_lab import ca
from linkproof_lab.edges.gcp.control_plane.objects import CERTIFICATES, COMPUTE

HOST = "url4821.example.net"
PROJECT = "projects/acme"


def balancer(lab: Any, *, issued: bool = True, action: Any = None, headers: Any = None, **service: Any) -> str:
    """A load balancer for one host; gives its address."""
    address = lab.settings.edge_addresses("gcp")[1]
    objects: dict[str, dict[str, Any]] = {
        "networkEndpointGroups/o": {"endpoints": [{"fqdn": "origin.example", "port": 443}]},
        "backendServices/o": {
            "protocol": "HTTPS",
            "backends": [{"group": f"{PROJECT}/global/networkEndpointGroups/o"}],
            **service,
        },
        "urlMaps/m": {
            "defaultService": f"{PROJECT}/global/backendServices/o",
            "defaultRouteAction": {"faultInjectionPolicy": {"abort": {"httpStatus": 404, "percentage": 100}}},
            "hostRules": [{"hosts": [HOST], "pathMatcher": "p"}],
            "pathMatchers": [
                {
                    "name": "p",
                    "defaultService": f"{PROJECT}/global/backendServices/o",
                    "defaultRouteAction": action or {},
                    "headerAction": headers or {},
                }
            ],
        },
        "targetHttpsProxies/s": {
            "urlMap": f"{PROJECT}/global/urlMaps/m",
            "certificateMap": f"//certificatemanager.googleapis.com/{PROJECT}/locations/global/certificateMaps/m",
        },
        "targetHttpProxies/p": {"urlMap": f"{PROJECT}/global/urlMaps/m"},
        "forwardingRules/443": {
            "IPAddress": address, "portRange": "443-443", "target": f"{PROJECT}/global/targetHttpsProxies/s",
        },
        "forwardingRules/80": {
            "IPAddress": address, "portRange": "80-80", "target": f"{PROJECT}/global/targetHttpProxies/p",
        },
    }  # fmt: skip
    for path, doc in objects.items():
        lab.store.put(COMPUTE, f"{PROJECT}/global/{path}", doc)
    below = f"{PROJECT}/locations/global"
    entry = {"hostname": HOST, "certificates": [f"{below}/certificates/c"]}
    lab.store.put(CERTIFICATES, f"{below}/certificateMaps/m/certificateMapEntries/e", entry)
    certificate: dict[str, Any] = {"managed": {"state": "ACTIVE" if issued else "PROVISIONING"}}
    if issued:
        made = ca.issue(lab.settings, [HOST], key="ec256")
        certificate["pem"] = {"cert_pem": made.cert_pem, "chain_pem": made.chain_pem, "key_pem": made.key_pem}
    lab.store.put(CERTIFICATES, f"{below}/certificates/c", certificate)
    return str(address)


def test_a_click_arrives_as_it_was_sent_but_for_what_is_removed(lab: Any) -> None:
    address = balancer(lab, headers={"requestHeadersToRemove": ["Cookie"]})

    async def test() -> None:
        for tls in (True, False):
            got = await lab.fetch(
                address, HOST, "/ls/click?upn=a%2Bb&&x=1", tls=tls, headers={"Cookie": "a=1", "User-Agent": "reader"}
            )
            assert (got.status, got.headers["via"], got.headers["server"]) == (200, "1.1 google", "echo")
        for seen in lab.echo.requests:
            assert (seen["scheme"], seen["host"], seen["target"]) == ("https", HOST, "/ls/click?upn=a%2Bb&&x=1")
            assert "cookie" not in seen["headers"]
            assert seen["headers"]["user-agent"] == "reader"
        assert [seen["headers"]["x-forwarded-proto"] for seen in lab.echo.requests] == ["https", "http"]

    lab.run(test)


def test_sni_and_the_verified_name_are_the_endpoint_s_whatever_host_says(lab: Any) -> None:
    address = balancer(lab)

    async def test() -> None:
        assert (await lab.fetch(address, HOST, "/")).status == 200
        assert lab.echo.names_asked == ["origin.example"]

    lab.run(test)


def test_host_can_be_rewritten_and_told_in_a_header_that_a_reader_cannot_forge(lab: Any) -> None:
    added = {"headerName": "X-Forwarded-Host", "headerValue": HOST, "replace": True}
    address = balancer(
        lab, action={"urlRewrite": {"hostRewrite": "origin.example"}}, headers={"requestHeadersToAdd": [added]}
    )

    async def test() -> None:
        await lab.fetch(address, HOST, "/", headers={"X-Forwarded-Host": "evil.example"})
        (seen,) = lab.echo.requests
        assert (seen["host"], seen["headers"]["x-forwarded-host"]) == ("origin.example", HOST)

    lab.run(test)


def test_without_a_certificate_for_the_name_the_handshake_fails(lab: Any) -> None:
    address = balancer(lab, issued=False)

    async def test() -> None:
        with pytest.raises(ssl.SSLError, match=r"HANDSHAKE_FAILURE|handshake failure"):
            await lab.fetch(address, HOST, "/")
        assert (await lab.fetch(address, HOST, "/", tls=False)).status == 200

    lab.run(test)


def test_a_host_that_no_rule_names_is_answered_by_nobody(lab: Any) -> None:
    address = balancer(lab)

    async def test() -> None:
        got = await lab.fetch(address, "other.example.net", "/", sni=HOST, judge=False)
        assert (got.status, got.body, got.headers["via"]) == (404, "fault filter abort", "1.1 google")
        assert lab.echo.requests == []

    lab.run(test)


def test_a_protocol_that_is_not_said_is_http_and_does_not_reach_port_443(lab: Any) -> None:
    address = balancer(lab, protocol="HTTP")

    async def test() -> None:
        got = await lab.fetch(address, HOST, "/")
        assert got.status == 502
        assert "The server encountered a temporary error and could not complete your request" in got.body

    lab.run(test)


def test_another_address_of_google_s_is_not_this_load_balancer(lab: Any) -> None:
    balancer(lab)
    other = lab.settings.edge_addresses("gcp")[0]

    async def test() -> None:
        with pytest.raises((ConnectionError, ssl.SSLError, AssertionError)):
            await lab.fetch(other, HOST, "/", tls=False)
        assert lab.echo.requests == []

    lab.run(test)
