"""SparkPost by the real engine, its own account behind CloudFront and somebody else's behind Cloudflare, from secured back to branded."""

from __future__ import annotations

import http.client
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from linkproof_lab.senders.sparkpost.control_plane.sending_domains import KIND as SENDING_KIND
from linkproof_lab.senders.sparkpost.facts import SPARKPOST_KEY
from linkproof_lab.senders.sparkpost.links import make_link
from linkproof_lab.store import Store
from linkproof_lab.web.clicks import read_clicks

from tests.engine.sandbox import Sandbox, linked, sandbox
from tests.engine.test_recover import leave_creating

AT_AWS, AT_CLOUDFLARE = "click.example.net", "click.example.com"
PAGE = "https://www.example.com/a%20b?x=1&y=2"


def declaration(phase: str) -> dict[str, Any]:
    manage = {"default": "net", "sending_domains": {"example.net": "net"}}
    return linked(
        {
            "net": {"sender": "mail", "phase": phase, "click_host": AT_AWS, "edge": "aws"},
            "com": {"sender": "braze", "phase": phase, "click_host": AT_CLOUDFLARE, "edge": "cf"},
        },
        senders={
            "mail": {"provider": "sparkpost", "manage": manage},
            "braze": {"provider": "sparkpost", "region": "eu", "account": "external"},
        },
    )


def call(box: Sandbox, method: str, path: str, body: Any = None) -> Any:
    """A call as a person makes it, behind everybody's back."""
    url = f"{box.lab.api_url('senders/sparkpost')}/api/v1/{path}"
    answer = httpx.request(method, url, json=body, headers={"Authorization": SPARKPOST_KEY}, trust_env=False)
    assert answer.status_code in (200, 204), answer.text
    return answer.json()["results"] if answer.content else None


@pytest.fixture(scope="module")
def deployed(engine_present: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sandbox]:
    with sandbox(tmp_path_factory.mktemp("project")) as made:
        made.stack(
            "dev",
            declaration("secured"),
            options={"sparkpost": {"baseUrl": made.lab.api_url("senders/sparkpost")}},
            secrets={"sparkpostApiKey": SPARKPOST_KEY},
        )
        held = {"region": "us", "subaccount": 0, "statuses": {}, "shared": False, "tracking_domain": ""}
        with made.control as control:
            control.put_document(SENDING_KIND, "example.net", held)
        yield made


def test_sparkpost_is_proven_and_told_the_scheme(deployed: Sandbox) -> None:
    deployed.linkproof("guard", "dev")
    deployed.up("dev")
    code, report = deployed.verify("dev")
    assert code in (0, 4), (report["findings"], report["could_not_check"])
    tracking = call(deployed, "GET", f"tracking-domains/{AT_AWS}")
    assert (tracking["secure"], tracking["default"]) == (True, True)
    assert tracking["status"]["verified"] is True, "by a request of its own, through the edge"
    assert call(deployed, "GET", "sending-domains/example.net")["tracking_domain"] == AT_AWS


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


def test_what_somebody_changed_in_the_console_is_seen_and_mended(deployed: Sandbox) -> None:
    deployed.pulumi("preview", "--stack", "dev", "--expect-no-changes")
    call(deployed, "PUT", f"tracking-domains/{AT_AWS}", {"secure": False})
    call(deployed, "PUT", "sending-domains/example.net", {"tracking_domain": ""})
    deployed.pulumi("refresh", "--stack", "dev", "--preview-only", "--expect-no-changes", code=7)
    deployed.pulumi("refresh", "--stack", "dev", "--yes", "--skip-preview", "--suppress-outputs")
    assert sorted(deployed.steps_of_up("dev")) == [("create", "default/example.net"), ("update", f"{AT_AWS}/tracking")]
    assert call(deployed, "GET", f"tracking-domains/{AT_AWS}")["secure"] is True


def test_what_a_lost_state_has_forgotten_is_taken_over(deployed: Sandbox) -> None:
    resources = deployed.state("dev")["deployment"]["resources"]
    for name in ("default/example.net", f"{AT_AWS}/tracking"):
        urn = next(one["urn"] for one in resources if one["urn"].endswith(f"::{name}"))
        deployed.pulumi("state", "delete", urn, "--stack", "dev", "--yes", "--force")
    assert f"tracking domain {AT_AWS}" in deployed.linkproof("adopt", "dev").stdout
    deployed.up("dev")
    assert call(deployed, "GET", f"tracking-domains/{AT_AWS}")["status"]["verified"] is True


def test_it_goes_step_by_step_and_what_a_kill_has_left_is_found(deployed: Sandbox) -> None:
    for phase in ("live", "ready", "branded"):
        deployed.declare("dev", declaration(phase))
        deployed.up("dev")
    assert call(deployed, "GET", f"tracking-domains/{AT_AWS}")["secure"] is False
    kinds = {one["type"] for one in deployed.state("dev")["deployment"]["resources"]}
    assert not kinds & {"aws:cloudfront/cachePolicy:CachePolicy", "cloudflare:index/ruleset:Ruleset"}
    leave_creating(deployed, f"{AT_AWS}/tracking")
    said = deployed.linkproof("recover", "dev").stdout
    assert f"found {AT_AWS}, created before the engine was killed" in said
    assert deployed.steps_of_up("dev") == []
