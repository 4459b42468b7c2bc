"""The gate on a real engine and real servers: edges that DNS has not left, zones that move, and what the engine itself holds."""

from __future__ import annotations

import json
import re
from typing import Any

import boto3
import pytest
from botocore.config import Config

from tests.engine.sandbox import Sandbox, link, linked

NET, COM = "url1.example.net", "url2.example.com"
ZONE = "Z0EXAMPLE0NET"


def declaration(net: str = "live", dns: dict[str, Any] | None = None, **more: Any) -> dict[str, Any]:
    wanted = linked({"net": link(NET, net, ttl_seconds=2), "com": link(COM, edge="cf")})
    # so long that no machine is too slow to see it
    wanted["zones"]["example.net"] = dns or {"dns": "route53", "id": ZONE, "propagation_seconds": 3600}
    return {**wanted, **more}


def by_hand(propagation_seconds: int) -> dict[str, Any]:
    return {"dns": "manual", "propagation_seconds": propagation_seconds}


@pytest.fixture(scope="module")
def live(box: Sandbox) -> Sandbox:
    box.stack("dev", declaration())
    box.up("dev")
    return box


def at_route53(box: Sandbox, value: str) -> None:
    """What an update whose answer was lost leaves: the DNS host has it, the state does not."""
    aws = boto3.client(
        "route53",
        region_name="us-east-1",
        endpoint_url=box.lab.api_url("vendors/aws"),
        aws_access_key_id="AKIDLABDEFAULT",
        aws_secret_access_key="lab-aws-secret",
        config=Config(proxies={}),
    )
    record = {"Name": NET, "Type": "CNAME", "TTL": 2, "ResourceRecords": [{"Value": value}]}
    aws.change_resource_record_sets(
        HostedZoneId=ZONE, ChangeBatch={"Changes": [{"Action": "UPSERT", "ResourceRecordSet": record}]}
    )


def domain_of(box: Sandbox, host: str) -> str:
    resources = box.state("dev")["deployment"]["resources"]
    (found,) = [r for r in resources if r["type"].endswith(":Distribution") and r["urn"].endswith(f"::{host}")]
    return str(found["outputs"]["domainName"])


def guard(box: Sandbox, *more: str, code: int = 0) -> dict[str, Any]:
    said: dict[str, Any] = json.loads(box.linkproof("guard", "dev", "--json", *more, code=code).stdout)
    return said


def refused(said: dict[str, Any]) -> list[tuple[str, str]]:
    return [(refusal["rule"], refusal["host"]) for refusal in said["refusals"]]


def test_what_a_live_link_needs_is_refused_by_the_engine_itself(live: Sandbox) -> None:
    before = live.state("dev")["deployment"]["resources"]
    external = {"edges": {"aws": {"provider": "cloudfront"}, "cf": {"provider": "cloudflare", "rulesets": "external"}}}
    other_owner = declaration()
    other_owner["links"]["net"]["owner_host"] = "7654321.example.net"
    without = {
        "1234567.example.net/CNAME": other_owner,
        "example.com/http_config_settings": declaration(**external),
    }
    for name, wanted in without.items():
        live.declare("dev", wanted)
        done = live.pulumi("up", "--stack", "dev", "--yes", "--suppress-outputs", code=None)
        said = done.stdout + done.stderr
        assert done.returncode != 0, said
        assert re.search(rf"{re.escape(name)}.{{0,200}}protect", said, re.DOTALL), said
        assert live.state("dev")["deployment"]["resources"] == before
    protected = {r["urn"].rpartition("::")[2] for r in before if r.get("protect")}
    assert {f"{NET}/validation", "default/sendgrid.net/1", "example.com/http_request_cache_settings"} <= protected


def test_an_edge_that_a_server_still_gives_is_not_let_go(live: Sandbox) -> None:
    """live was interrupted after the DNS host took the change, then taken back: `up` says unchanged, DNS is at the edge."""
    live.declare("dev", declaration("ready"))
    live.linkproof("guard", "dev")
    live.up("dev")
    at_route53(live, domain_of(live, NET))
    assert live.steps_of_up("dev") == [], "the engine cannot know"
    live.declare("dev", declaration("branded"))
    said = guard(live, code=2)
    assert ("phase.edge-still-served", NET) in refused(said)
    assert "pulumi up --refresh -s dev" in said["refusals"][0]["fix"]
    assert domain_of(live, NET) in said["refusals"][0]["message"]
    # the way that it names
    live.declare("dev", declaration("ready"))
    live.up("dev", "--refresh")
    live.declare("dev", declaration("branded"))
    assert refused(guard(live, code=2)) == [("phase.edge-still-in-use", NET)]


def test_a_server_that_does_not_answer_keeps_the_edge(live: Sandbox) -> None:
    live.declare("dev", declaration("branded"))
    with live.control as control:
        control.put_fault(
            "test", {"server": live.lab.server_addresses("route53")[3], "zone": "example.net", "mode": "refused"}
        )
    try:
        said = guard(live, code=2)
    finally:
        with live.control as control:
            control.clear_faults()
    assert refused(said) == [("phase.edge-not-asked", NET)]
    assert live.lab.server_addresses("route53")[3] in said["refusals"][0]["message"]


def test_a_zone_s_records_are_let_go_as_they_are(live: Sandbox) -> None:
    """From route53 to manual: refused at first, and then by the way that the refusal names."""
    manual = declaration("ready", by_hand(1))
    live.declare("dev", manual)
    said = guard(live, code=2)
    assert refused(said) == [("move.zone", "example.net")]
    assert "linkproof retire example.net --keep -s dev" in said["refusals"][0]["fix"]
    before = records(live)
    live.linkproof("retire", "example.net", "--keep", "-s", "dev")
    guard(live)
    live.pulumi("up", "--stack", "dev", "--yes", "--suppress-outputs")
    live.linkproof("expectations", "dev")
    assert records(live) == before
    assert domain_of(live, NET), "the edge stays"
    live.pulumi("preview", "--stack", "dev", "--expect-no-changes")
    assert live.verify("dev")[1]["findings"] == []


def records(box: Sandbox) -> dict[tuple[str, str], list[str]]:
    found = {(r["name"], r["type"]): r["data"] for r in box.control.records(ZONE)["rrsets"]}
    return {key: data for key, data in found.items() if key[1] == "CNAME"}


def test_nobody_dates_a_person_s_record_so_the_first_sight_counts(live: Sandbox) -> None:
    """The zone is manual now, its records are still at Route 53's servers: a person moves them."""
    live.declare("dev", declaration("branded", by_hand(3600)))
    at_route53(live, domain_of(live, NET))
    said = guard(live, "--wait", "30s", code=2)
    assert refused(said) == [("phase.edge-still-served", NET)]
    assert "the zone's DNS host" in said["refusals"][0]["fix"]
    at_route53(live, "sendgrid.net")
    first = guard(live, code=2)
    assert refused(first) == [("phase.edge-still-in-use", NET)]
    assert guard(live, code=2)["refusals"][0]["until"] == first["refusals"][0]["until"], "remembered"
    (live.root / ".linkproof" / "dev" / "sightings.json").unlink()
    # a fresh machine waits as long as it has to, and gets through
    live.declare("dev", declaration("branded", by_hand(1)))
    said = guard(live, "--wait", "10s")
    assert said["allowed"] == [{"link": "net", "host": NET, "before": "ready", "after": "branded"}]
    done = live.linkproof("guard", "dev")
    assert f"allowed: net ({NET}): ready → branded" in done.stdout


def test_a_stack_that_the_backend_does_not_have_is_not_new_by_itself(live: Sandbox) -> None:
    for name in ("Pulumi.{}.yaml", "stacks/{}.yaml"):
        (live.root / name.format("lost")).write_text((live.root / name.format("dev")).read_text().replace("dev.yaml", "lost.yaml"))  # fmt: skip
    done = live.linkproof("guard", "lost", code=2)
    assert "has no stack lost" in done.stderr
    assert f"allowed: com ({COM}): new → live" in live.linkproof("guard", "lost", "--new").stdout


def test_all_that_is_protected_can_still_be_let_go(live: Sandbox) -> None:
    live.linkproof("retire", "--all", "--stack", "dev")
    live.pulumi("destroy", "--stack", "dev", "--yes")
    held = live.control.dump()["documents"]
    for kind in ("cloudflare-record", "cloudflare-ruleset", "acm-certificate", "cloudfront-distribution", "cloudfront-policy"):  # fmt: skip
        assert not held.get(kind), kind
