"""The options that keep live traffic safe, as they are sent: order, protection, replacement, providers."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.program.declarations import COM, NET, link, one, text
from tests.program.recorded import run

PHASES = ("branded", "ready", "live", "secured")
KINDS = [(NET, "aws"), (COM, "aws"), (COM, "cf")]


@pytest.mark.parametrize(("host", "edge"), KINDS)
@pytest.mark.parametrize("phase", PHASES)
def test_the_click_record_is_always_protected_and_all_that_it_needs_while_in_use(
    tmp_path: Path, host: str, edge: str, phase: str
) -> None:
    made = one(tmp_path, host, phase, edge)
    protected = {
        r.name if r.kind in ("route53", "cloudflare") else f"{r.kind} {r.name}" for r in made.resources if r.protect
    }
    zone = ".".join(host.split(".")[-2:])
    of_edge = {
        "aws": {f"certificate {host}", f"distribution {host}", f"{host}/validation", "policy default/sendgrid.net/1"},
        "cf": {f"ruleset {zone}/http_config_settings", f"ruleset {zone}/http_request_cache_settings"},
    }
    in_use = of_edge[edge] | {f"1234567.{zone}/CNAME"} if phase in ("live", "secured") else set()
    assert protected == {f"{host}/CNAME"} | in_use


@pytest.mark.parametrize(("host", "edge"), KINDS)
def test_a_record_is_deleted_before_its_successor_and_nothing_else_is(tmp_path: Path, host: str, edge: str) -> None:
    """RFC 1034 §3.6.2: two CNAMEs of one name cannot stand beside each other; an edge must, or clicks are lost."""
    for resource in one(tmp_path, host, "live", edge).resources:
        assert resource.delete_before_replace == (resource.kind in ("route53", "cloudflare")), resource


@pytest.mark.parametrize(("host", "edge"), KINDS)
def test_nothing_that_drifts_is_ignored(tmp_path: Path, host: str, edge: str) -> None:
    assert not [r for r in one(tmp_path, host, "live", edge).resources if r.ignore_changes]


def test_the_record_follows_what_it_points_at(tmp_path: Path) -> None:
    """The engine makes a resource after what it depends on, and deletes it before."""
    made = one(tmp_path, NET, "live", "aws")
    assert made.record(f"{NET}/CNAME").depends_on == ("records", NET)
    assert f"{NET}/validation" in made.get("wait", NET).depends_on
    assert set(made.get("distribution", NET).depends_on) >= {NET, "default/sendgrid.net/1"}
    order = [f"{r.kind} {r.name}" for r in made.resources]
    chain = [
        f"certificate {NET}",
        f"route53 {NET}/validation",
        f"wait {NET}",
        f"distribution {NET}",
        f"route53 {NET}/CNAME",
    ]
    assert sorted(chain, key=order.index) == chain


def test_a_record_is_proxied_only_after_its_rules_are_in_place(tmp_path: Path) -> None:
    rules = ("example.com/http_config_settings", "example.com/http_request_cache_settings")
    assert one(tmp_path, COM, "live", "cf").record(f"{COM}/CNAME").depends_on == (*rules, "records")
    assert one(tmp_path, COM, "ready", "cf").record(f"{COM}/CNAME").depends_on == ("records",)


def test_the_parts_of_an_edge_are_grouped_and_records_are_bare(tmp_path: Path) -> None:
    made = one(tmp_path, NET, "live", "aws")
    grouped = {f"{r.kind} {r.name}" for r in made.resources if r.parent == NET}
    assert grouped == {f"certificate {NET}", f"route53 {NET}/validation", f"wait {NET}", f"distribution {NET}"}
    assert made.record(f"{NET}/CNAME").parent == ""


def test_slow_vendors_are_waited_for(tmp_path: Path) -> None:
    made = one(tmp_path, NET, "live", "aws")
    assert (made.get("wait", NET).create_timeout, made.get("distribution", NET).create_timeout) == ("75m", "60m")


def test_a_renamed_key_registers_the_same_resources(tmp_path: Path) -> None:
    def registered(key: str, edge: str) -> set[str]:
        edges = f"edges:\n  {edge}: {{provider: cloudfront}}\n"
        return {repr(r) for r in run(text(link(NET, "live", edge, key), edges=edges), work=tmp_path).resources}

    assert registered("one", "aws") == registered("renamed", "other")
