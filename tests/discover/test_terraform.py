"""State of Terraform and OpenTofu: each plug-in reads its own resources, and no secret is shown."""

from __future__ import annotations

import contextlib
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from linkproof.contract.seen import SeenEdge, SeenRecord, SeenZone
from linkproof.discover.read import SourceFileError
from linkproof.discover.terraform import read_terraform
from linkproof.errors import LinkproofError

from tests.discover.state import CF, R53, aws_record, aws_zone, distribution, resource, state

D1 = "d111111abcdef8.cloudfront.net"


def read(folder: Path, document: Any) -> tuple[tuple[SeenZone, ...], tuple[SeenEdge, ...]]:
    file = folder / "state.json"
    file.write_text(document if isinstance(document, str) else json.dumps(document))
    return read_terraform(file)


def test_route_53_and_cloudfront_in_modules(tmp_path: Path) -> None:
    inner = {"address": "module.a.module.b", "resources": [distribution(D1, "url1.example.net")]}
    child = {"address": "module.a", "resources": [aws_record("url1.example.net", f"{D1}.")], "child_modules": [inner]}
    (zone,), (edge,) = read(tmp_path, state(aws_zone(), children=[child]))
    assert (zone.name, zone.dns, zone.id) == ("example.net", "route53", R53)
    assert zone.records == (SeenRecord("url1.example.net", D1, 300, zone_id=R53),)
    assert (edge.provider, edge.target, edge.hosts, edge.origins) == (
        "cloudfront",
        D1,
        ("url1.example.net",),
        ("sendgrid.net",),
    )


def test_an_alias_a_routed_record_and_what_leads_nowhere(tmp_path: Path) -> None:
    alias = [{"name": D1, "zone_id": "Z2FDTNDATAQYW2", "evaluate_target_health": False}]
    (zone,), _ = read(
        tmp_path,
        state(
            aws_zone(),
            aws_record("a.example.net", "", type="A", alias=alias, records=[], ttl=0),
            aws_record("b.example.net", "sendgrid.net", set_identifier="blue"),
            aws_record("c.example.net", "192.0.2.1", type="A"),
            aws_record("d.example.net", "hello", type="TXT"),
        ),
    )
    a, b = zone.records
    assert (a.target, a.is_alias, a.ttl_seconds) == (D1, True, None)
    assert b.doubt


@pytest.mark.parametrize("record", [
    resource("cloudflare_record", name="url1", hostname="url1.example.com", type="CNAME", value="sendgrid.net", proxied=True, ttl=1, zone_id=CF),
    resource("cloudflare_dns_record", name="url1.example.com", type="CNAME", content="sendgrid.net", proxied=True, ttl=1, zone_id=CF),
])  # fmt: skip
@pytest.mark.parametrize("zone", [{"id": CF, "zone": "example.com"}, {"id": CF, "name": "example.com"}])
def test_cloudflare_by_both_versions_of_its_provider(
    tmp_path: Path, record: dict[str, Any], zone: dict[str, Any]
) -> None:
    (found,), _ = read(tmp_path, state(resource("cloudflare_zone", **zone), record))
    assert (found.name, found.dns, found.id) == ("example.com", "cloudflare", CF)
    assert found.records == (SeenRecord("url1.example.com", "sendgrid.net", None, is_proxied=True, zone_id=CF),)


def test_a_zone_that_the_state_lacks_has_an_id_alone(tmp_path: Path) -> None:
    (zone,), _ = read(tmp_path, state(aws_record("url1.example.net", "sendgrid.net")))
    assert (zone.name, zone.dns, zone.id, len(zone.records)) == ("", "route53", R53, 1)


def test_private_zones_and_disabled_distributions_say_nothing(tmp_path: Path) -> None:
    private = aws_zone() | {"values": {"id": R53, "zone_id": R53, "name": "example.net", "vpc": [{"vpc_id": "vpc-1"}]}}
    zones, edges = read(tmp_path, state(private, distribution(D1, enabled=False)))
    assert (zones, edges) == ((), ())


@pytest.mark.parametrize(("document", "words"), [
    ("{", ":1: not JSON"),
    ("[]", "not a JSON object"),
    ("{}", "no `format_version`"),
    ('{"format_version": "7.0"}', "is not known"),
    ('{"version": 4, "lineage": "x", "resources": []}', "internal form"),
    ('{"format_version": "1.2", "planned_values": {}}', "a plan"),
    ("[" * 100_000, "not JSON"),
    (state(aws_record("url1.example.net", "x", ttl="hush-hush")), "`ttl` is no number"),
    (state(aws_record("url1.example.net", "x", records="hush-hush")), "`records` is no list"),
    (state(distribution(D1, origin=["hush-hush"])), "`domain_name` is no text"),  # type: ignore[arg-type]
])  # fmt: skip
def test_what_is_wrong_is_refused_without_a_value_of_it(tmp_path: Path, document: Any, words: str) -> None:
    with pytest.raises(SourceFileError, match=words) as error:
        read(tmp_path, document)
    assert error.value.fix
    assert "hush" not in str(error.value)


def test_a_state_without_resources_says_nothing(tmp_path: Path) -> None:
    assert read(tmp_path, {"format_version": "1.0"}) == ((), ())


JSON = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | st.sampled_from(["", "CNAME", "A", R53, "url1.example.net", "\x00"]),
    lambda inner: st.lists(inner, max_size=3)
    | st.dictionaries(st.sampled_from(["name", "fqdn", "alias", "records", "type", "ttl", "zone_id", "vpc", "origin", "domain_name", "aliases", "id"]), inner, max_size=6),
    max_leaves=12,
)  # fmt: skip


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.sampled_from(
        [
            "aws_route53_zone",
            "aws_route53_record",
            "aws_cloudfront_distribution",
            "cloudflare_record",
            "cloudflare_zone",
        ]
    ),
    JSON,
)
def test_whatever_values_a_resource_has_they_are_read_or_refused(tmp_path: Path, kind: str, values: Any) -> None:
    with contextlib.suppress(LinkproofError):
        read(tmp_path, state({"address": kind, "type": kind, "values": values}))
