"""Alias records that other people made: written down by `init`, taken over as they are, and made CNAMEs without a gap."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import yaml
from linkproof_lab.apis.request_log import requests

from tests.engine.elsewhere import R53_ZONE, Elsewhere
from tests.engine.sandbox import link, linked, sandbox

ONE, BOTH = "url1.example.net", "url2.example.net"
CLOUDFRONT = "Z2FDTNDATAQYW2"


def alias(name: str, target: str, rtype: str, action: str = "CREATE") -> dict[str, Any]:
    leads = {"HostedZoneId": CLOUDFRONT, "DNSName": target, "EvaluateTargetHealth": False}
    return {"Action": action, "ResourceRecordSet": {"Name": name, "Type": rtype, "AliasTarget": leads}}


def cname(name: str, target: str) -> dict[str, Any]:
    record = {"Name": name, "Type": "CNAME", "TTL": 300, "ResourceRecords": [{"Value": target}]}
    return {"Action": "CREATE", "ResourceRecordSet": record}


def batch(others: Elsewhere, *changes: dict[str, Any]) -> None:
    others.aws("route53").change_resource_record_sets(HostedZoneId=R53_ZONE, ChangeBatch={"Changes": list(changes)})


def declaration(**phases: tuple[str, dict[str, Any]]) -> dict[str, Any]:
    return linked({key: link({"one": ONE, "both": BOTH}[key], phase, **more) for key, (phase, more) in phases.items()})


ALIAS = {"record": "alias"}
PAIR = {"record": "alias", "families": [4, 6]}


@pytest.fixture(scope="module")
def others(engine_present: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Elsewhere]:
    """Two hosts behind CloudFront: an alias of IPv4 addresses, and a pair of both families."""
    with sandbox(tmp_path_factory.mktemp("project")) as box:
        box.stack("dev", declaration(one=("live", {}), both=("live", {})))
        made = Elsewhere(box)
        made.route53_record("1234567.example.net.", "sendgrid.net.")
        arns = {host: made.certificate(host) for host in (ONE, BOTH)}
        made.issued(*arns.values())
        targets = {host: str(made.distribution(host, arn)["DomainName"]) for host, arn in arns.items()}
        batch(made, alias(ONE, targets[ONE], "A"), alias(BOTH, targets[BOTH], "A"), alias(BOTH, targets[BOTH], "AAAA"))
        made.deployed()
        yield made


def verified(others: Elsewhere) -> tuple[list[Any], list[Any]]:
    """What is found wrong, and what could not be checked, but for the addresses of IPv6 that no edge of the lab has."""
    _, report = others.box.verify("dev")
    findings = [one for one in report["findings"] if one["observed"] != "no AAAA"]
    return findings, report["could_not_check"]


def record_sets(others: Elsewhere) -> dict[tuple[str, str], dict[str, Any]]:
    found = others.aws("route53").list_resource_record_sets(HostedZoneId=R53_ZONE)["ResourceRecordSets"]
    return {(one["Name"].rstrip("."), one["Type"]): one for one in found}


def batches(others: Elsewhere) -> int:
    return sum(1 for one in requests(others.box.lab.request_log) if one["writes"] and "/rrset" in str(one["path"]))


def test_init_writes_down_what_kind_of_record_it_is(others: Elsewhere) -> None:
    box = others.box
    box.declare("dev", {})
    box.linkproof("init", "dev", "--dns", "route53", "--zone", "example.net")
    written = yaml.safe_load((box.root / "stacks" / "dev.yaml").read_text())["links"]
    found = {entry["click_host"]: entry for entry in written.values()}
    assert (found[ONE]["record"], found[ONE].get("families")) == ("alias", None)
    assert (found[BOTH]["record"], found[BOTH]["families"]) == ("alias", [4, 6])
    assert verified(others) == ([], []), "what exists is proven before anything is deployed"


def test_an_alias_in_place_of_a_cname_is_refused_with_the_line_to_write(others: Elsewhere) -> None:
    others.box.declare("dev", declaration(one=("live", {}), both=("live", {})))
    refused = others.box.linkproof("adopt", "dev", code=1)
    assert "write `record: alias` to take it over as it is" in refused.stdout + refused.stderr
    assert "`families: [4, 6]`" in refused.stdout + refused.stderr


def test_declared_it_is_taken_over_and_proven_and_nothing_is_changed(others: Elsewhere) -> None:
    box = others.box
    box.declare("dev", declaration(one=("live", ALIAS), both=("live", PAIR)))
    before, asked = record_sets(others), batches(others)
    assert "nothing changed" in box.linkproof("adopt", "dev").stdout
    box.linkproof("guard", "dev")
    box.up("dev")
    assert (record_sets(others), batches(others)) == (before, asked)
    assert verified(others) == ([], [])


@pytest.mark.parametrize("phase", ["ready", "secured"])
def test_no_phase_step_before_it_is_a_cname(others: Elsewhere, phase: str) -> None:
    for more in (ALIAS, {}) if phase == "secured" else ({},):
        others.box.declare("dev", declaration(one=(phase, more), both=("live", PAIR)))
        refused = others.box.linkproof("guard", "dev", code=2)
        assert "phase.alias" in refused.stdout


def test_one_alias_becomes_a_cname_in_one_change_batch(others: Elsewhere) -> None:
    box = others.box
    box.declare("dev", declaration(one=("live", {}), both=("live", PAIR)))
    box.linkproof("guard", "dev")
    asked = batches(others)
    box.up("dev")
    assert batches(others) == asked + 1
    held = record_sets(others)
    assert (ONE, "A") not in held
    assert held[ONE, "CNAME"]["TTL"] == 300
    assert verified(others) == ([], [])
    box.pulumi("preview", "--stack", "dev", "--expect-no-changes")


def test_a_pair_is_changed_by_hand_in_one_batch_and_taken_over_again(others: Elsewhere) -> None:
    box = others.box
    box.declare("dev", declaration(one=("live", {}), both=("live", {})))
    refused = box.linkproof("guard", "dev", code=2)
    assert "move.alias-pair" in refused.stdout
    assert "change-resource-record-sets" in box.linkproof("explain", "move.alias-pair").stdout
    target = record_sets(others)[BOTH, "A"]["AliasTarget"]["DNSName"]
    batch(others, alias(BOTH, target, "A", "DELETE"), alias(BOTH, target, "AAAA", "DELETE"), cname(BOTH, target))
    box.pulumi("refresh", "--stack", "dev", "--yes", "--suppress-outputs")
    before = record_sets(others)
    box.linkproof("adopt", "dev")
    box.linkproof("guard", "dev")
    box.up("dev")
    assert record_sets(others) == before
    assert verified(others) == ([], [])
