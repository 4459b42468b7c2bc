"""`linkproof move` on the real engine: afterwards both stacks' deployments change nothing but the mark, and whose what is."""

from __future__ import annotations

import json
from typing import Any

import yaml

from tests.engine.sandbox import Sandbox, link, linked

FROM = linked(
    {
        "stays": link("url1.example.net", owner="1.example.net"),
        "goes": link("url2.example.net", owner="2.example.net"),
        "proxied": link("url3.example.com", edge="cf", owner="3.example.com"),
    }
)
# in the zone of the proxied link, which goes along only if nothing that stays is in it. Nothing is said of its state: the guard
# would refuse it where no stack held its record
FROM["tracking_hosts"] = {"karte": {"provider": "karte", "host": "t.example.com"}}
TO = {
    "zones": {"example.net": FROM["zones"]["example.net"]},
    "links": {"other": link("url4.example.net", phase="branded", edge=None, owner="4.example.net")},
}


def _names(document: dict[str, Any]) -> set[str]:
    return {one["urn"].rpartition("::")[2] for one in document["deployment"]["resources"]}


def test_links_of_two_edges_go_to_another_stack_and_only_their_mark_changes(fresh: Sandbox) -> None:
    for stack, declaration in (("brand", FROM), ("shop", TO)):
        fresh.stack(stack, declaration)
        fresh.up(stack)
    before = fresh.state("brand")
    past = {one["urn"].rpartition("::")[2]: one for one in before["deployment"]["resources"]}

    assert (
        "goes is no link of shop" in fresh.linkproof("move", "goes", "--from", "shop", "--to", "brand", code=2).stderr
    )
    held = fresh.control.documents("karte-host")["t.example.com"]
    fresh.control.put_document("karte-host", "t.example.com", {**held, "state": "in-use"})
    done = fresh.linkproof("move", "goes", "proxied", "karte", "--to", "shop", "--yes")
    assert done.stdout.startswith("goes, proxied, karte: brand → shop\n")
    assert "tried on copies" in done.stdout
    brand, shop = (yaml.safe_load((fresh.root / "stacks" / f"{stack}.yaml").read_text()) for stack in ("brand", "shop"))
    assert set(brand["links"]) == {"stays"}
    assert set(shop["links"]) == {"other", "goes", "proxied"}
    assert "tracking_hosts" not in brand or not brand["tracking_hosts"]
    assert shop["tracking_hosts"] == FROM["tracking_hosts"]
    assert set(brand["zones"]) == {"example.net"}, "what nothing there names goes along"
    assert set(brand["edges"]) == {"aws"}
    assert set(shop["edges"]) == {"aws", "cf"}
    source, target = fresh.state("brand"), fresh.state("shop")
    assert {"url2.example.net/CNAME", "2.example.net/CNAME", "url3.example.com/CNAME"} <= _names(target)
    assert not {name for name in _names(source) if "url2" in name or "url3" in name or "example.com" in name}
    now = {one["urn"].rpartition("::")[2]: one for one in target["deployment"]["resources"]}
    for name in ("url2.example.net", "url2.example.net/CNAME", "t.example.com/CNAME"):
        assert (now[name].get("id"), now[name].get("protect")) == (past[name].get("id"), past[name].get("protect"))
    history = next(one for one in target["deployment"]["resources"] if one["type"] == "linkproof:index:RecordHistory")
    records = {"url2.example.net/CNAME", "url3.example.com/CNAME", "url4.example.net/CNAME", "t.example.com/CNAME"}
    assert records <= set(history["outputs"]["records"])
    assert history["urn"] in now["url2.example.net/CNAME"]["dependencies"]

    said = json.loads(fresh.linkproof("deploy", "--all", "--wait", "30s", "--json").stdout)
    deployed = {one["stack"]: one["deployment"] for one in said["stacks"]}
    assert (said["exit"], deployed["brand"]["changes"], deployed["brand"]["deployed"]) == (0, [], False)
    # the ruleset has no mark, and an origin-request policy is the one thing that is made a second time
    ops = {(one["op"], one["type"].rpartition(":")[2]) for one in deployed["shop"]["changes"]}
    assert {rtype for op, rtype in ops if op == "create"} == {"OriginRequestPolicy"}
    assert {op for op, _ in ops} == {"update", "create"}
