"""One environment from nothing to nothing: create, no change, edit, replace, drift, repair, destroy."""

from __future__ import annotations

import json
from typing import Any

import httpx
from linkproof.dns.cloudflare.state import RECORD_TYPE as CLOUDFLARE_RECORD
from linkproof.dns.route53.state import RECORD_TYPE as ROUTE53_RECORD
from linkproof.edges.cloudflare.items import RULESET
from linkproof.edges.cloudfront.items import DISTRIBUTION
from linkproof_lab.vendors.cloudflare.facts import CLOUDFLARE_TOKEN

from tests.engine.sandbox import Sandbox, link, linked

NET, COM, COM_ZONE = "url1.example.net", "url2.example.com", "example.com"
NONCE = "acme-dev-7f3a9c"
KARTE = {"karte": {"provider": "karte", "host": "t.example.com", "state": "in-use"}}


def declaration(owner: str = "7654321.example.com", **links: object) -> dict[str, object]:
    """`plain` is at its sender: there alone an owner host may change."""
    all_three = {
        "net": link(NET),
        "com": link(COM, edge="cf"),
        "plain": link("url3.example.com", "branded", None, owner=owner),
    }
    return linked({**all_three, **links}, tracking_hosts=KARTE, nonce=NONCE)


def began(events: list[dict[str, Any]], rtype: str, name: str) -> int:
    return _index(events, "resourcePreEvent", rtype, name)


def ended(events: list[dict[str, Any]], rtype: str, name: str) -> int:
    return _index(events, "resOutputsEvent", rtype, name)


def _index(events: list[dict[str, Any]], kind: str, rtype: str, name: str) -> int:
    """When a step of one resource began or ended, counted in events."""
    for number, event in enumerate(events):
        metadata = event.get(kind, {}).get("metadata", {})
        if metadata.get("type") == rtype and metadata["urn"].endswith(f"::{name}"):
            return number
    raise AssertionError(f"no {kind} of {name}")


def records(box: Sandbox, zone: str) -> dict[tuple[str, str], list[str]]:
    return {(r["name"], r["type"]): r["data"] for r in box.control.records(zone)["rrsets"]}


def test_from_nothing_to_nothing(box: Sandbox) -> None:
    # create
    box.stack("dev", declaration())
    events = box.events("up", "--stack", "dev")
    assert ended(events, DISTRIBUTION, NET) < began(events, ROUTE53_RECORD, f"{NET}/CNAME")
    assert ended(events, RULESET, f"{COM_ZONE}/http_config_settings") < began(events, CLOUDFLARE_RECORD, f"{COM}/CNAME")
    box.linkproof("expectations", "dev")
    code, report = box.verify("dev")
    assert (code, report["verdict"]) == (0, "proven"), json.dumps(report, indent=1)
    assert report["coverage"]["could_not_check"] == 0
    for zone, host in (("Z0EXAMPLE0NET", NET), ("023e105f4ecef8ad9ca31a8372d0c353", COM)):
        assert records(box, zone)[f"_linkproof.{host}", "TXT"] == [f'"{NONCE}"']

    # a second preview changes nothing
    box.pulumi("preview", "--stack", "dev", "--expect-no-changes")

    # edit: a new TTL is an update in place
    edited = declaration(net=link(NET, ttl_seconds=600))
    box.declare("dev", edited)
    assert {(s["op"], s["urn"].rpartition("::")[2]) for s in box.preview("dev")} == {
        ("update", f"{NET}/CNAME"),
        ("update", "1234567.example.net/CNAME"),
        ("update", f"_linkproof.{NET}/TXT"),
    }
    box.up("dev")
    assert box.verify("dev")[0] in (0, 4)

    # replace: another owner host is another record, deleted before or beside, never a second one
    box.declare("dev", declaration(owner="1111111.example.com", net=link(NET, ttl_seconds=600)))
    box.linkproof("guard", "dev")
    assert {(s["op"], s["urn"].rpartition("::")[2]) for s in box.preview("dev")} == {
        ("create", "1111111.example.com/CNAME"),
        ("delete", "7654321.example.com/CNAME"),
    }
    box.up("dev")
    served = records(box, "023e105f4ecef8ad9ca31a8372d0c353")
    assert ("1111111.example.com", "CNAME") in served
    assert ("7654321.example.com", "CNAME") not in served

    # drift, made behind Pulumi's back, is seen by the engine and from outside
    drift(box, "1111111.example.com", "wrong.example")
    box.pulumi("refresh", "--stack", "dev", "--preview-only", "--expect-no-changes", code=7)
    code, report = box.verify("dev")
    assert code == 1
    wrong = [f for f in report["findings"] if f["rule"] == "dns.wrong-value"]
    assert {f["name"] for f in wrong} == {"1111111.example.com."}
    assert {f["vantage"]["address"] for f in wrong} == set(box.lab.server_addresses("cloudflare"))
    assert all(f["place"].startswith("stacks/dev.yaml:") for f in wrong)

    # another stack's zone in place of ours: the values may be right, and the nonce is not
    drift(box, f"_linkproof.{COM}", '"acme-prod-000000"')
    _, report = box.verify("dev")
    assert ("dns.wrong-owner", "com/edge") in {(f["rule"], f["id"]) for f in report["findings"]}

    # repaired
    box.up("dev", "--refresh")
    assert box.verify("dev")[0] in (0, 4)

    # destroyed: the old expectations are missing, and the lab holds nothing
    box.linkproof("retire", "--all", "--stack", "dev")
    events = box.events("destroy", "--stack", "dev")
    assert ended(events, ROUTE53_RECORD, f"{NET}/CNAME") < began(events, DISTRIBUTION, NET)
    assert ended(events, CLOUDFLARE_RECORD, f"{COM}/CNAME") < began(events, RULESET, f"{COM_ZONE}/http_config_settings")
    code, report = box.verify("dev")
    assert code == 1
    assert "dns.missing-name" in {f["rule"] for f in report["findings"]}
    assert records(box, "023e105f4ecef8ad9ca31a8372d0c353") == {}
    assert records(box, "Z0EXAMPLE0NET") == {}
    held = box.control.dump()["documents"]
    for kind in ("cloudflare-record", "cloudflare-ruleset", "acm-certificate", "cloudfront-distribution"):
        assert not held.get(kind), kind


def drift(box: Sandbox, name: str, content: str) -> None:
    """What a person does in Cloudflare's dashboard."""
    base = f"{box.lab.api_url('vendors/cloudflare')}/client/v4/zones/023e105f4ecef8ad9ca31a8372d0c353/dns_records"
    with httpx.Client(headers={"Authorization": f"Bearer {CLOUDFLARE_TOKEN}"}, trust_env=False) as http:
        found = http.get(base, params={"name": name}).json()["result"]
        http.patch(f"{base}/{found[0]['id']}", json={"content": content}).raise_for_status()
