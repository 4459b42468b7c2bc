"""What of a preview's steps differs from what was taken over, what of it a click notices, and what the user decides."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from linkproof.engine.adopt.adopt import Wishes
from linkproof.engine.adopt.differences import Difference, differences
from linkproof.engine.previewed import UNKNOWN

from tests.engine_state.deployed import NET

RECORD, DISTRIBUTION = "aws:route53/record:Record", "aws:cloudfront/distribution:Distribution"
CERTIFICATE = "aws:acm/certificate:Certificate"
CF_RECORD, RULESET = "cloudflare:index/dnsRecord:DnsRecord", "cloudflare:index/ruleset:Ruleset"
MOMENT = datetime(2026, 11, 22, 10, 0, tzinfo=UTC)


def step(
    rtype: str, name: str, paths: list[str], live: Any = None, wanted: Any = None, op: str = "update"
) -> dict[str, Any]:
    return {
        "op": op,
        "urn": f"urn:pulumi:dev::linkproof::linkproof:cloudfront:Edge${rtype}::{name}",
        "oldState": {"inputs": live or {}},
        "newState": {"inputs": wanted or {}},
        "detailedDiff": {path: {"kind": op} for path in paths},
    }


def one(*arguments: Any, **more: Any) -> Difference:
    (found,) = differences([step(*arguments, **more)])
    return found


@pytest.mark.parametrize(
    ("rtype", "path"),
    [
        (DISTRIBUTION, "comment"),
        (DISTRIBUTION, "tags.team"),
        (DISTRIBUTION, 'tags["linkproof:stack"]'),
        (CERTIFICATE, "tags.team"),
        (CF_RECORD, "comment"),
        (RECORD, "allowOverwrite"),
        ("aws:cloudfront/originRequestPolicy:OriginRequestPolicy", "name"),
    ],
)
def test_what_no_click_notices_is_left(rtype: str, path: str) -> None:
    assert one(rtype, NET, [path]).is_unnoticed


@pytest.mark.parametrize(
    ("rtype", "path"),
    [
        (RECORD, "records[0]"),
        (RECORD, "ttl"),
        (CF_RECORD, "content"),
        (CF_RECORD, "proxied"),
        (RULESET, "rules[0].expression"),
        (CERTIFICATE, "keyAlgorithm"),
        (DISTRIBUTION, "aliases[0]"),
        (DISTRIBUTION, "defaultCacheBehavior.cachePolicyId"),
        (DISTRIBUTION, "defaultCacheBehavior.somethingNew"),
        (DISTRIBUTION, "viewerCertificate.acmCertificateArn"),
        (DISTRIBUTION, "somethingNew"),
        ("some:new/type:Type", "comment"),
    ],
)
def test_everything_else_counts(rtype: str, path: str) -> None:
    found = one(rtype, NET, [path])
    assert not found.is_unnoticed
    assert not found.spelling
    assert not Wishes().accepts(found)
    assert found.effect


def origin(id_: str, name: str = "sendgrid.net", **more: Any) -> dict[str, Any]:
    custom = {"httpPort": 80, "httpsPort": 443, "originProtocolPolicy": "https-only", "originSslProtocols": ["TLSv1.2"]}
    return {"originId": id_, "domainName": name, "customOriginConfig": custom, **more}


def reaching(target: str, *origins: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"origins": list(origins), "defaultCacheBehavior": {"targetOriginId": target}, **more}


DECLARED = reaching("sendgrid.net", origin("sendgrid.net"))


@pytest.mark.parametrize(
    "live",
    [
        reaching("sg", origin("sg")),
        reaching("sg", origin("old", "old.example"), origin("sg")),
        reaching("sg", origin("sg", originPath="")),
    ],
    ids=["another id", "another origin that no click reaches", "a default that is said"],
)
def test_how_origins_are_called_is_nobodys_click(live: dict[str, Any]) -> None:
    steps = [step(DISTRIBUTION, NET, ["origins[0].originId", "defaultCacheBehavior.targetOriginId"], live, DECLARED)]
    assert [found.is_unnoticed for found in differences(steps)] == [True, True]


@pytest.mark.parametrize(
    "live",
    [
        reaching("sg", origin("sg", "u1.example")),
        reaching("old", origin("old", "old.example"), origin("sg")),
        reaching("sg", origin("sg", originPath="/track")),
        reaching("sg", origin("sg", customOriginConfig={"originProtocolPolicy": "http-only"})),
        reaching("sg", origin("sg"), orderedCacheBehaviors=[{"pathPattern": "/ls/*"}]),
        reaching("sg"),
    ],
    ids=["another host", "another target", "a path", "in plain text", "a path of its own", "none"],
)
def test_where_a_click_is_forwarded_counts(live: dict[str, Any]) -> None:
    assert not one(DISTRIBUTION, NET, ["origins[0].originId"], live, DECLARED).is_unnoticed


@pytest.mark.parametrize(
    ("live", "same"), [("sendgrid.net.", True), ("SendGrid.net", True), ("sendgrid.net.example.net.", False)]
)
def test_a_value_of_another_spelling_is_written_as_it_was_found(live: str, same: bool) -> None:
    found = one(RECORD, f"{NET}/CNAME", ["records"], {"records": [live]}, {"records": ["sendgrid.net"]})
    assert found.spelling == ((live,) if same else ())
    assert not found.is_unnoticed, "a property that is ignored for good could never move"


def test_a_value_that_is_known_only_later_is_said_so() -> None:
    wanted = {"viewerCertificate": {"acmCertificateArn": UNKNOWN, "sslSupportMethod": "sni-only"}}
    live = {"viewerCertificate": {"acmCertificateArn": "arn:1", "sslSupportMethod": "sni-only"}}
    found = one(DISTRIBUTION, NET, ["viewerCertificate.acmCertificateArn"], live, wanted)
    assert found.is_late
    assert "known after deployment" in found.declared
    assert not one(DISTRIBUTION, NET, ["viewerCertificate.acmCertificateArn"], live, live).is_late


def test_a_replacement_is_said_once() -> None:
    steps = [
        step(CERTIFICATE, NET, ["keyAlgorithm"], op=op) for op in ("create-replacement", "replace", "delete-replaced")
    ]
    (found,) = differences(steps)
    assert found.kind == "replace"
    assert "the object is replaced" in found.effect


def test_a_deletion_is_refused_and_cannot_be_kept() -> None:
    found = one(RECORD, f"{NET}/CNAME", [], op="delete")
    assert (found.kind, found.path) == ("delete", "")
    assert not Wishes(keep=frozenset({found.name})).keeps(found)


def test_a_step_that_names_no_property_counts() -> None:
    """An update after a failed one has no difference to show."""
    assert not one(DISTRIBUTION, NET, []).is_unnoticed


def test_what_is_of_no_vendor_does_not_count() -> None:
    steps = [
        {"op": "update", "urn": "urn:pulumi:dev::linkproof::pulumi:providers:aws::aws-default"},
        {"op": "delete", "urn": "urn:pulumi:dev::linkproof::linkproof:index:RecordHistory::records"},
        {"op": "same", "urn": f"urn:pulumi:dev::linkproof::{RECORD}::{NET}/CNAME"},
        {"op": "create", "urn": f"urn:pulumi:dev::linkproof::{RECORD}::{NET}/CNAME"},
    ]
    assert differences(steps) == []


def test_accepting_takes_the_resource_s_name_and_keeping_also_a_property_s() -> None:
    found = one(DISTRIBUTION, NET, ["defaultCacheBehavior.compress"])
    assert Wishes(accept=frozenset({NET})).accepts(found)
    assert Wishes(accept=frozenset({f"{NET}:defaultCacheBehavior.compress"})).accepts(found)
    assert not Wishes(accept=frozenset({"defaultCacheBehavior.compress"})).accepts(found)
    assert Wishes(keep=frozenset({"defaultCacheBehavior.compress"})).keeps(found)
    click = one(RECORD, NET, ["records"], {"records": ["a.example"]}, {"records": ["b.example"]})
    assert not Wishes(keep=frozenset({NET})).keeps(click), "a click record moves, phase by phase"
    everything = Wishes(keep_all=True)
    assert everything.keeps(found)
    assert not everything.keeps(click)
    assert not everything.keeps(one(RECORD, f"{NET}/CNAME", [], op="delete"))
