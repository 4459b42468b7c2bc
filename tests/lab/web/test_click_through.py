"""A click through an edge to SendGrid's origin, as a recipient makes it."""

from __future__ import annotations

from typing import Any

import pytest
from linkproof_lab.senders.sendgrid.links import make_link
from linkproof_lab.web import faults, origins
from linkproof_lab.web.clicks import read_clicks

HOST = "url4821.example.net"


@pytest.fixture(params=["cloudfront", "cloudflare"])
def fetch(request: pytest.FixtureRequest, lab: Any) -> Any:
    lab.addresses["sendgrid.net"] = [lab.settings.origin_addresses("sendgrid")[0]]
    lab.store.put("sendgrid-host", HOST, {"valid": True})
    if request.param == "cloudfront":
        lab.distribution("D1", [HOST], origin={"domain": "sendgrid.net"})
    else:
        lab.proxied(HOST, "sendgrid.net", ssl="full")
    return getattr(lab, request.param)


def test_a_click_arrives_whole_and_a_lost_host_or_query_shows_as_sendgrid_says_it(lab: Any, fetch: Any) -> None:
    path = make_link(lab.store, HOST, "https://example.com/page")

    async def test() -> None:
        running = await origins.start(lab.settings, lab.store)
        try:
            got = await fetch(HOST, path)
            assert (got.status, got.headers["location"]) == (302, "https://example.com/page")
            assert "<title>Wrong Link</title>" in (await fetch(HOST, "/ls/click?upn=")).body
            for mode, title in (("drop-host", "Bad Hostname in Link"), ("drop-query", "Wrong Link")):
                key = faults.order(lab.store, HOST, mode)
                assert f"<title>{title}</title>" in (await fetch(HOST, path)).body
                faults.cancel(lab.store, key)
        finally:
            await running.stop()

    lab.run(test)
    (line,) = read_clicks(lab.settings)
    assert (line["host"], line["path"], line["scheme"], line["user_agent"]) == (HOST, path, "https", "test")
    assert line["x_forwarded_for"].startswith("127.")


def test_a_location_outside_ascii_comes_through_octet_for_octet(lab: Any, fetch: Any) -> None:
    url = "https://example.com/製品?名=値"
    path = make_link(lab.store, HOST, url)

    async def test() -> None:
        running = await origins.start(lab.settings, lab.store)
        try:
            location = (await fetch(HOST, path)).headers["location"]
            assert location.encode("latin-1").decode("utf-8") == url
        finally:
            await running.stop()

    lab.run(test)
