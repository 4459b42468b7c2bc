"""Records that people publish: each is told with its line, and counted; and what cannot be probed is counted apart."""

from __future__ import annotations

import io

import jsonschema
import pytest
from linkproof.verify.report.document import json_schema
from linkproof.verify.report.registry import FORMATS, produce
from linkproof.verify.report.text import render
from rich.console import Console

from tests.verify.world import CLICK, World, expect, record

REASON = "Cloudflare has no edge for it until its record is proxied"
UNPROBED = [{"id": "shop/edge", "reason": REASON, "by_design": True}]


def zone(**more):
    return {"id": "zone/example.test", "name": "example.test.", **more}


def shown(result) -> str:
    console = Console(file=io.StringIO(), width=200, force_terminal=False)
    render(result, console)
    return console.file.getvalue()


@pytest.mark.parametrize(("by_hand", "words"), [(True, "publish by hand"), (False, "pulumi up --refresh")])
def test_the_line_to_publish_stands_in_place_of_advice_for_zones_that_a_deployment_writes(tmp_path, by_hand, words):
    with World(tmp_path) as world:
        for server in (world.first, world.second):
            server.set(CLICK, "CNAME", ["old.vendor.test."])
        wanted = record()
        result = world.verify(expect(wanted, zones=[zone(**({"by_hand": True} if by_hand else {}))]))
    fixes = [finding.fix for finding in result.findings if finding.rule == "dns.wrong-value"]
    assert fixes
    assert all(words in fix for fix in fixes)
    line = f"{CLICK} {wanted['ttl_seconds']} IN CNAME {wanted['values'][0]}" if wanted.get("ttl_seconds") else f"{CLICK} IN CNAME {wanted['values'][0]}"  # fmt: skip
    assert all((line in fix) is by_hand for fix in fixes)


def test_how_many_are_published_is_said_until_all_are(tmp_path):
    items = expect(record(), zones=[zone(by_hand=True)])
    with World(tmp_path) as world:
        assert "by hand: 1 of 1 record published as declared" in shown(world.verify(items))
        world.second.set(CLICK, "CNAME", ["old.vendor.test."])
        assert "by hand: 0 of 1 record published as declared" in shown(world.verify(items))
        assert "by hand:" not in shown(world.verify(expect(record(), zones=[zone()])))


def test_a_zone_below_one_that_people_write_is_its_own(tmp_path):
    below = {"id": "zone/url.example.test", "name": "url.example.test."}
    with World(tmp_path) as world:
        result = world.verify(expect(record(), zones=[zone(by_hand=True), below]))
    assert result.by_hand is None


def test_what_cannot_be_probed_in_its_phase_is_said_and_counted_apart_and_the_rest_is_proven(tmp_path):
    items = expect(record(), pending=UNPROBED)
    with World(tmp_path) as world:
        result, strict = world.verify(items), world.verify(items, strict=True)
    assert (result.verdict, result.exit_code, result.could_not_check) == ("proven", 0, ())
    assert "unprobed  shop/edge" in shown(result)
    assert "1 cannot be probed in this phase" in shown(result)
    assert (strict.verdict, strict.exit_code) == ("not-proven", 3)
    assert "with --strict what cannot be probed counts" in shown(strict)


def test_it_is_not_proven_while_something_is_only_not_known_yet(tmp_path):
    with World(tmp_path) as world:
        result = world.verify(
            expect(record(), pending=[*UNPROBED, {"id": "a/edge", "reason": "known after deployment"}])
        )
    assert (result.verdict, [item.id for item in result.could_not_check]) == ("not-proven", ["a/edge"])


def test_nothing_but_what_cannot_be_probed_proves_nothing(tmp_path):
    with World(tmp_path) as world:
        alone = expect(record(), pending=UNPROBED).model_copy(update={"records": ()})
        assert world.verify(alone).verdict == "not-proven"


def test_every_report_names_what_cannot_be_probed_and_none_calls_it_right(tmp_path):
    from datetime import UTC, datetime

    items = expect(record(), pending=UNPROBED)
    with World(tmp_path) as world:
        result = world.verify(items)
    reports = {name: produce(name, result, items, datetime.now(UTC)) for name in FORMATS}
    for name in ("text", "json", "html", "markdown"):
        assert "until its record is proxied" in reports[name], name
    assert 'id="shop/edge"' not in reports["prometheus"]
    jsonschema.validate(result.to_json(), json_schema())
    assert result.to_json()["unprobed"] == [{"id": "shop/edge", "reason": REASON}]
