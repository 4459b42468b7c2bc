"""Azure's edge, over real handshakes: what it does is what the objects of its API say."""

from __future__ import annotations

import ssl
from typing import Any

import pytest
from linkproof_lab import ca
from linkproof_lab.edges.azure.control_plane.profiles import KIND

HOST = "url4821.example.net"
PROFILE = "/subscriptions/s/resourceGroups/g/providers/Microsoft.Cdn/profiles/p"
NAME = "door-0a1b.z01.azurefd.net"


def door(lab: Any, *, state: str = "Approved", actions: Any = (), origin: Any = None, **route: Any) -> str:
    """A profile for one host; gives an address of its edge."""
    issued = ca.issue(lab.settings, [HOST], key="ec256")
    pem = {"cert_pem": issued.cert_pem, "chain_pem": issued.chain_pem, "key_pem": issued.key_pem}
    objects: dict[str, dict[str, Any]] = {
        "afdEndpoints/e": {"hostName": NAME, "enabledState": "Enabled"},
        "originGroups/o": {},
        "originGroups/o/origins/o": {
            "hostName": "origin.example", "httpPort": 80, "httpsPort": 443, "enforceCertificateNameCheck": True,
            "enabledState": "Enabled", **(origin or {}),
        },
        "ruleSets/r": {},
        "ruleSets/r/rules/r": {"order": 1, "actions": [{"name": "ModifyRequestHeader", "parameters": one} for one in actions]},
        "customDomains/d": {"hostName": HOST, "domainValidationState": state},
        "afdEndpoints/e/routes/r": {
            "originGroup": {"id": f"{PROFILE}/originGroups/o"}, "customDomains": [{"id": f"{PROFILE}/customDomains/d"}],
            "ruleSets": [{"id": f"{PROFILE}/ruleSets/r"}], "supportedProtocols": ["Http", "Https"], "enabledState": "Enabled",
            "forwardingProtocol": "HttpsOnly", "httpsRedirect": "Disabled", "linkToDefaultDomain": "Disabled", **route,
        },
    }  # fmt: skip
    for path, properties in objects.items():
        held = {"pem": pem} if path == "customDomains/d" and state == "Approved" else {}
        lab.store.put(KIND, f"{PROFILE}/{path}", {"properties": properties, **held})
    return str(lab.settings.edge_addresses("azure")[0])


def test_a_click_arrives_as_it_was_sent_but_for_what_a_rule_removes(lab: Any) -> None:
    address = door(lab, actions=[{"headerAction": "Delete", "headerName": "Cookie"}])

    async def test() -> None:
        sent = {"Cookie": "a=1", "User-Agent": "reader", "X-Forwarded-Host": "evil.example", "X-FD-Own": "1"}
        for tls in (True, False):
            got = await lab.fetch(address, HOST, "/ls/click?upn=a%2Bb&&x=1", tls=tls, headers=sent)
            assert (got.status, got.headers["x-cache"], got.headers["server"]) == (200, "CONFIG_NOCACHE", "echo")
            assert got.headers["x-azure-ref"]
        for seen in lab.echo.requests:
            assert (seen["scheme"], seen["host"], seen["target"]) == ("https", HOST, "/ls/click?upn=a%2Bb&&x=1")
            assert not {"cookie", "x-fd-own"} & set(seen["headers"])
            assert (seen["headers"]["user-agent"], seen["headers"]["x-forwarded-host"]) == ("reader", HOST)
        assert [seen["headers"]["x-forwarded-proto"] for seen in lab.echo.requests] == ["https", "http"]

    lab.run(test)


def test_a_host_header_of_the_origin_s_takes_the_viewer_s_place(lab: Any) -> None:
    address = door(lab, origin={"originHostHeader": "origin.example"})

    async def test() -> None:
        await lab.fetch(address, HOST, "/")
        (seen,) = lab.echo.requests
        assert (seen["host"], seen["headers"]["x-forwarded-host"]) == ("origin.example", HOST)

    lab.run(test)


def test_the_name_in_the_origin_s_certificate_is_the_origin_s_or_where_azure_means_it_so_the_host_s(lab: Any) -> None:
    by_host = {"certificateNameCheckValidationMode": "IncomingHostHeader"}

    async def test() -> None:
        assert (await lab.fetch(door(lab), HOST, "/")).status == 200
        refused = await lab.fetch(door(lab, origin=by_host), HOST, "/", judge=False)
        assert (refused.status, "Our services aren't available right now" in refused.body) == (502, True)
        unchecked = {**by_host, "enforceCertificateNameCheck": False}
        assert (await lab.fetch(door(lab, origin=unchecked), HOST, "/")).status == 200
        assert lab.echo.names_asked == ["origin.example", HOST, HOST]

    lab.run(test)


def test_a_domain_that_is_not_validated_is_served_by_nobody(lab: Any) -> None:
    address = door(lab, state="Pending")

    async def test() -> None:
        with pytest.raises(ssl.SSLCertVerificationError):
            await lab.fetch(address, HOST, "/")
        for host in (HOST, "other.example.net", NAME):
            got = await lab.fetch(address, host, "/", tls=False, judge=False)
            assert (got.status, "We weren't able to find your Azure Front Door Service" in got.body) == (404, True)
        assert lab.echo.requests == []

    lab.run(test)


def test_a_redirect_and_a_cache_are_what_the_route_says(lab: Any) -> None:
    async def test() -> None:
        address = door(lab, httpsRedirect="Enabled")
        got = await lab.fetch(address, HOST, "/a?b=1", tls=False, judge=False)
        assert (got.status, got.headers["location"]) == (307, f"https://{HOST}/a?b=1")
        address = door(lab, cacheConfiguration={"queryStringCachingBehavior": "IgnoreQueryString"})
        states = [
            (await lab.fetch(address, HOST, f"/kept?recipient={n}", judge=False)).headers["x-cache"] for n in (1, 2)
        ]
        assert states == ["TCP_MISS", "TCP_HIT"]
        address = door(lab, supportedProtocols=["Https"])
        assert (await lab.fetch(address, HOST, "/", tls=False, judge=False)).status == 404

    lab.run(test)


@pytest.mark.parametrize(("octets", "status"), [(4000, 200), (4200, 414)])
def test_a_query_has_4096_octets_at_most(lab: Any, octets: int, status: int) -> None:
    address = door(lab)

    async def test() -> None:
        got = await lab.fetch(address, HOST, f"/ls/click?upn={'a' * octets}", judge=False)
        assert got.status == status

    lab.run(test)
