"""SparkPost by the real engine, its own account behind CloudFront and somebody else's behind Cloudflare: proven in each phase."""

from __future__ import annotations

import http.client
from collections.abc import Iterator
from typing import Any

import pytest
from linkproof_lab.senders.sparkpost.links import make_link
from linkproof_lab.store import Store
from linkproof_lab.web.clicks import read_clicks

from tests.engine.sandbox import Sandbox, linked, sandbox

AT_AWS, AT_CLOUDFLARE = "click.example.net", "click.example.com"
PAGE = "https://www.example.com/a%20b?x=1&y=2"


def declaration(phase: str) -> dict[str, Any]:
    return linked(
        {
            "net": {"sender": "mail", "phase": phase, "click_host": AT_AWS, "edge": "aws"},
            "com": {"sender": "braze", "phase": phase, "click_host": AT_CLOUDFLARE, "edge": "cf"},
        },
        senders={
            "mail": {"provider": "sparkpost", "region": "eu"},
            "braze": {"provider": "sparkpost", "account": "external"},
        },
    )


@pytest.fixture(scope="module")
def deployed(engine_present: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sandbox]:
    with sandbox(tmp_path_factory.mktemp("project")) as made:
        made.stack("dev", declaration("branded"))
        yield made


@pytest.mark.parametrize("phase", ["branded", "ready", "live", "secured"])
def test_sparkpost_is_proven_in_each_phase(deployed: Sandbox, phase: str) -> None:
    deployed.declare("dev", declaration(phase))
    deployed.linkproof("guard", "dev")
    deployed.up("dev")
    code, report = deployed.verify("dev")
    assert code in (0, 4), (report["findings"], report["could_not_check"])
    records = {one["name"]: one["data"] for one in deployed.control.records("Z0EXAMPLE0NET")["rrsets"]}
    at_sender = records[AT_AWS] == ["eu.spgo.io."]
    assert at_sender == (phase in ("branded", "ready"))


@pytest.mark.parametrize(("host", "edge"), [(AT_AWS, "cloudfront"), (AT_CLOUDFLARE, "cloudflare")])
def test_a_click_arrives_with_its_host_whatever_the_reader_forges(deployed: Sandbox, host: str, edge: str) -> None:
    path = make_link(Store(deployed.lab.database), PAGE, in_query=True)
    got = http.client.HTTPConnection(deployed.lab.edge_addresses(edge)[0], deployed.lab.http_port, timeout=20)
    try:
        forged = {"Host": host, "User-Agent": "reader/1", "X-Forwarded-Host": "evil.example.org"}
        got.request("GET", path, headers=forged)
        answer = got.getresponse()
        assert (answer.status, answer.getheader("Location")) == (302, PAGE)
    finally:
        got.close()
    (line,) = [one for one in read_clicks(deployed.lab) if one["host"] == host]
    assert (line["sender"], line["path"], line["user_agent"]) == ("sparkpost", path, "reader/1")


def test_what_is_deployed_stays_as_it_is_and_goes_step_by_step(deployed: Sandbox) -> None:
    deployed.pulumi("preview", "--stack", "dev", "--expect-no-changes")
    for phase in ("live", "ready", "branded"):
        deployed.declare("dev", declaration(phase))
        deployed.up("dev")
    kinds = {one["type"] for one in deployed.state("dev")["deployment"]["resources"]}
    assert not kinds & {"aws:cloudfront/cachePolicy:CachePolicy", "cloudflare:index/ruleset:Ruleset"}
