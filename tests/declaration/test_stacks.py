"""The declarations and the schema that are in the repository."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml
from linkproof.declaration.load import load, load_text
from linkproof.declaration.model import Declaration
from linkproof.declaration.schema import json_schema

ROOT = Path(__file__).parents[2]
STACKS = ["dev", "prod"]


def _declaration(name: str) -> Declaration:
    loaded = load(ROOT / "stacks" / f"{name}.yaml")
    assert [str(problem) for problem in loaded.problems] == []
    assert loaded.declaration is not None
    return loaded.declaration


def test_the_published_schema_is_current() -> None:
    published = json.loads((ROOT / "schemas" / "declaration.schema.json").read_text())
    assert published == json_schema(), "write the output of `linkproof schema` to schemas/declaration.schema.json"


@pytest.mark.parametrize("name", STACKS)
def test_the_stack_has_no_problem_and_satisfies_the_schema(name: str) -> None:
    _declaration(name)
    text = (ROOT / "stacks" / f"{name}.yaml").read_text()
    assert text.startswith("# yaml-language-server: $schema=../schemas/declaration.schema.json\n")
    jsonschema.Draft202012Validator(json_schema()).validate(yaml.safe_load(text))


@pytest.mark.parametrize(
    "change",
    [{"version": 2}, {"zonez": {}}, {"links": {"a": {"sender": "sendgrid"}}}, {"links": {"a b": {}}}, {"edges": {"a": {"provider": "flare"}}},
     {"tracking_hosts": {"k": {"provider": "karte", "host": "t.example.com", "ttl_seconds": -1}}}, {"verify": {"dns_port": 65536}}],
)  # fmt: skip
def test_the_schema_refuses_what_the_reader_refuses(change: dict[str, Any]) -> None:
    document = {"version": 1, **change}
    assert list(jsonschema.Draft202012Validator(json_schema()).iter_errors(document))
    assert load_text(json.dumps(document), "t.yaml").errors


def test_dev_lives_in_the_lab_and_prod_does_not() -> None:
    assert _declaration("dev").lab
    assert not _declaration("prod").lab


def test_dev_shows_every_combination_that_the_lab_serves() -> None:
    dev = _declaration("dev")
    shown = set()
    for link in dev.links.values():
        edge = dev.edge_of(link)
        shown.add((edge.provider if edge else None, dev.zone_of(link.click_host).dns, link.phase))
    assert {
        ("cloudfront", "route53", "live"),
        ("cloudflare", "cloudflare", "live"),
        ("cloudfront", "cloudflare", "ready"),
        (None, "manual", "branded"),
    } <= shown
    owners = [link.owner_host for link in dev.links.values()]
    assert len(owners) > len(set(owners))
    assert any("xn--" in zone.name.text for zone in dev.zones.values())
    assert [str(host.host) for host in dev.tracking_hosts.values()] == ["t.example.com"]


def test_prod_uses_two_accounts_or_more() -> None:
    prod = _declaration("prod")
    accounts = {zone.account for zone in prod.zones.values() if zone.dns != "manual"} | {
        edge.account for edge in prod.edges.values()
    }
    assert len(accounts) >= 2
