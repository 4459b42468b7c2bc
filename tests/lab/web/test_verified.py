"""The verifier at the lab's edges: what a setting of CloudFront or Cloudflare does to real links, seen from outside."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import pytest
from linkproof.expectations.model import parse
from linkproof.verify.options import VerifyOptions
from linkproof.verify.result import VerificationResult
from linkproof.verify.run import verify
from linkproof_lab.senders.sendgrid.links import FILES_KIND, make_link
from linkproof_lab.web import faults, origins
from linkproof_lab.web.clicks import read_clicks

from tests.lab.web.conftest import caching

HOST = "url4821.example.net"
PAGES = ("https://www.example.com/first", "https://www.example.com/second")
APPLE = "/.well-known/apple-app-site-association"
KEYLESS = {"cache_policy": caching(600), "origin_request_policy": {"id": "p", "headers": ["Host"], "query_strings": "all", "cookies": "none"}}  # fmt: skip


def check(lab: Any, provider: str, mode: str | None = None, **more: Any) -> VerificationResult:
    """Run edges and SendGrid's origin, and verify one live link with two canaries at the edge's first address."""
    lab.addresses["sendgrid.net"] = [lab.settings.origin_addresses("sendgrid")[0]]
    lab.store.put("sendgrid-host", HOST, {"valid": True})
    if mode is not None:
        faults.order(lab.store, HOST, mode)
    canaries = [{"url": f"https://{HOST}{make_link(lab.store, HOST, page)}", "leads_to": page} for page in PAGES]
    address = lab.settings.edge_addresses(provider)[0]
    endpoint = {"id": "link/edge", "path": "links.link", "host": HOST, "connect": address, "edge": provider, "sender": "sendgrid"}  # fmt: skip
    expectations = parse({"version": 1, "endpoints": [{**endpoint, "canaries": canaries, **more}]})
    hints = lab.settings.ca_file.parent / "hints"
    hints.write_text(f". 60 NS a.root.\na.root. 60 A {lab.settings.address(99, 1)}\n")
    options = VerifyOptions(
        hints=hints,
        ca=lab.settings.ca_file,
        http_port=lab.settings.http_port,
        https_port=lab.settings.https_port,
        control_address=lab.settings.address(99, 2),
        check_ranges=False,
        attempts=1,
    )
    found: list[VerificationResult] = []

    async def test() -> None:
        running = await origins.start(lab.settings, lab.store)
        try:
            found.append(await asyncio.to_thread(verify, expectations, options))
        finally:
            await running.stop()

    lab.run(test)
    return found[0]


def rules(result: VerificationResult) -> set[str]:
    return {finding.rule for finding in result.findings}


@pytest.mark.parametrize("provider", ["cloudfront", "cloudflare"])
@pytest.mark.parametrize(
    ("mode", "expected"),
    [
        (None, set()),
        ("drop-query", {"http.query-dropped"}),
        ("drop-path", {"http.path-dropped"}),
        ("cache-all", {"http.cached"}),
    ],
)
def test_what_is_lost_on_the_way_shows_by_two_real_links(
    lab: Any, provider: str, mode: str | None, expected: set[str]
) -> None:
    if provider == "cloudfront":
        lab.distribution("D1", [HOST], origin={"domain": "sendgrid.net"})
    else:
        lab.proxied(HOST, "sendgrid.net", ssl="full")
    result = check(lab, provider, mode)
    if (mode, provider) == ("cache-all", "cloudfront"):
        # What is kept here is the probe's own error, which CloudFront marks as an error. Its age is 0 where the next
        # question comes within a second, and a kept error by name where it does not.
        assert rules(result) - {"http.errors-cached"} in ({"http.cached"}, {"http.query-dropped"})
        return
    assert rules(result) == expected
    clicks = read_clicks(lab.settings)
    if mode is None:
        assert len(clicks) == 2, "each canary is one click, and the safe request none"


def test_a_cache_key_without_the_query_gives_one_recipients_redirect_to_all(lab: Any) -> None:
    lab.distribution("D1", [HOST], origin={"domain": "sendgrid.net"}, **KEYLESS)
    result = check(lab, "cloudfront")
    assert "http.cached" in rules(result)
    lab.distribution("D1", [HOST], origin={"domain": "sendgrid.net"}, cache_policy=caching(600, query_strings="all"))
    assert "gives" not in " ".join(finding.why for finding in check(lab, "cloudfront").findings)


@pytest.mark.parametrize(("paths", "expected"), [(["/uni/*"], set()), (["/orders/*"], {"app.universal-links"})])
def test_files_for_apps_come_through_the_edge(lab: Any, paths: list[str], expected: set[str]) -> None:
    app = "ABCDE12345.com.example.app"
    text = json.dumps({"applinks": {"details": [{"appID": app, "paths": paths}]}})
    lab.store.put(FILES_KIND, HOST, {APPLE: text})
    lab.distribution("D1", [HOST], origin={"domain": "sendgrid.net"})
    assert rules(check(lab, "cloudfront", universal_links={"apple": [app]})) == expected
