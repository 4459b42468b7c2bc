"""Links as tenants of one CloudFront distribution, by the real engine: from nothing to live, a mode that is refused, and back to nothing."""

from __future__ import annotations

import http.client
import json
from typing import Any

from linkproof_lab.senders.sendgrid.links import make_link
from linkproof_lab.store import Store
from linkproof_lab.web.clicks import read_clicks

from tests.engine.sandbox import Sandbox, link

HOST, OTHER = "url1.example.net", "url2.example.net"
PAGE = "https://www.example.com/a%20b?x=1&y=2"
KINDS = ("cloudfront-distribution", "cloudfront-connection-group", "cloudfront-tenant")


def at(phase: str, **edge: str) -> dict[str, Any]:
    """One link in a phase, and one that is got ready as long as the first is not in branded."""
    beside = "branded" if phase == "branded" else "ready"
    return {
        "zones": {"example.net": {"dns": "route53", "id": "Z0EXAMPLE0NET", "propagation_seconds": 1}},
        "edges": {"many": {"provider": "cloudfront", "mode": "tenant", **edge}},
        "links": {
            "one": link(HOST, phase, "many", ttl_seconds=1),
            "two": link(OTHER, beside, "many", ttl_seconds=1),
        },
    }


def held(box: Sandbox) -> list[int]:
    with box.control as control:
        return [len(control.documents(kind)) for kind in KINDS]


def clicked(box: Sandbox, path: str) -> tuple[int, str | None]:
    connection = http.client.HTTPConnection(box.lab.edge_addresses("cloudfront")[0], box.lab.http_port, timeout=20)
    try:
        connection.request("GET", path, headers={"Host": HOST, "User-Agent": "reader/1"})
        answer = connection.getresponse()
        return answer.status, answer.getheader("Location")
    finally:
        connection.close()


def test_links_become_tenants_are_proven_keep_their_mode_and_go_back(box: Sandbox) -> None:
    box.stack("dev", at("live"))
    box.up("dev")
    assert held(box) == [1, 1, 2]
    code, report = box.verify("dev")
    assert code == 0, (report["verdict"], report["findings"], report["could_not_check"])
    path = make_link(Store(box.lab.database), HOST, PAGE)
    assert clicked(box, path) == (302, PAGE)
    (line,) = read_clicks(box.lab)
    assert (line["sender"], line["host"], line["path"]) == ("sendgrid", HOST, path)
    box.up("dev", "--refresh", "--expect-no-changes")

    box.declare("dev", at("live", mode="distribution"))
    refused = json.loads(box.linkproof("guard", "dev", "--json", code=2).stdout)["refusals"]
    assert {(one["rule"], one["host"]) for one in refused} == {
        ("move.cloudfront-mode", HOST),
        ("move.cloudfront-mode", OTHER),
    }

    box.declare("dev", at("ready"))
    box.linkproof("guard", "dev")
    assert [one for one in box.steps_of_up("dev") if "replace" in one[0] or "delete" in one[0]] == []
    box.declare("dev", at("branded"))
    box.linkproof("guard", "dev", "--wait", "1m")
    box.up("dev")
    assert held(box) == [0, 0, 0]
