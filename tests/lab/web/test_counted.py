"""What the edges of KeyCDN, Azure and Google write down for their vendors' counters: each request, by what those tell apart."""

from __future__ import annotations

from typing import Any

from linkproof_lab.edges.azure.control_plane.reports import request_log as azure_log
from linkproof_lab.edges.gcp.control_plane.time_series import request_log as gcp_log
from linkproof_lab.edges.keycdn.control_plane.reports import request_log as keycdn_log
from linkproof_lab.web.counted_log import CountedLog

from tests.lab.web import test_azure, test_gcp, test_keycdn

HOST = "url4821.example.net"
STRANGER = "nobody.example.net"


def written(log: Any) -> list[dict[str, Any]]:
    return [{key: one[key] for key in one if key != "time"} for one in CountedLog(log).lines(0, float("inf"))]


def test_keycdn_s_by_zone_with_what_the_cache_and_the_status_were(lab: Any) -> None:
    test_keycdn.serve(lab, cacheignorequerystring="enabled", cachemaxexpire="1440")

    async def test() -> None:
        for path in ("/a", "/a"):
            await test_keycdn.fetch(lab, path=path)
        await test_keycdn.fetch(lab, STRANGER, tls=False)

    lab.run(test)
    hit = {"zone": "10001", "status": 200, "is_hit": True}
    assert written(keycdn_log(lab.settings)) == [{**hit, "is_hit": False}, hit]


def test_azure_s_by_profile_and_domain(lab: Any) -> None:
    address = test_azure.door(lab)

    async def test() -> None:
        for tls in (True, False):
            await lab.fetch(address, HOST, "/", tls=tls)
        await lab.fetch(address, STRANGER, "/", tls=False)

    lab.run(test)
    came = {"profile": test_azure.PROFILE, "host": HOST, "scheme": "https"}
    assert written(azure_log(lab.settings)) == [came, {**came, "scheme": "http"}]


def test_google_s_by_url_map_and_backend_service_nobody_s_host_too(lab: Any) -> None:
    address = test_gcp.balancer(lab)

    async def test() -> None:
        await lab.fetch(address, HOST, "/")
        await lab.fetch(address, STRANGER, "/", tls=False)

    lab.run(test)
    came = {"url_map": f"{test_gcp.PROJECT}/global/urlMaps/m", "backend": "o"}
    assert written(gcp_log(lab.settings)) == [came, {**came, "backend": ""}]
