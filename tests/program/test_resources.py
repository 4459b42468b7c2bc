"""Which resources each kind of link is, with every input as the provider gets it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from infra.edges.cloudfront.naming import policy_name
from tests.program.declarations import COM, NET, ORG, link, text
from tests.program.recorded import Recorded, run

ZONE_NET, ZONE_COM = "Z0EXAMPLE0NET", "023e105f4ecef8ad9ca31a8372d0c353"
PHASES = ("branded", "ready", "live", "secured")


def one(work: Path, host: str, phase: str, edge: str | None = None) -> Recorded:
    return run(text(link(host, phase, edge)), work=work)


# what exists in which phase: the count is a promise --------------------------------------------------
def test_a_branded_link_is_two_records(tmp_path: Path) -> None:
    assert one(tmp_path, NET, "branded", "aws").shown == [
        "route53 1234567.example.net/CNAME",
        f"route53 {NET}/CNAME",
    ]


@pytest.mark.parametrize("phase", PHASES[1:])
def test_a_cloudfront_link_is_seven_resources_and_a_shared_policy(tmp_path: Path, phase: str) -> None:
    assert one(tmp_path, NET, phase, "aws").shown == [
        f"certificate {NET}",
        f"distribution {NET}",
        f"edge {NET}",
        "policy default/sendgrid.net/1",
        "route53 1234567.example.net/CNAME",
        f"route53 {NET}/CNAME",
        f"route53 {NET}/validation",
        f"wait {NET}",
    ]


@pytest.mark.parametrize("phase", PHASES[1:])
def test_a_cloudflare_link_is_two_records_and_two_shared_rulesets(tmp_path: Path, phase: str) -> None:
    assert one(tmp_path, COM, phase, "cf").shown == [
        "cloudflare 1234567.example.com/CNAME",
        f"cloudflare {COM}/CNAME",
        "ruleset example.com/http_config_settings",
        "ruleset example.com/http_request_cache_settings",
    ]


def test_what_is_shared_is_there_once(tmp_path: Path) -> None:
    links = [link(f"url{n}.example.net", "live", "aws", f"n{n}") for n in range(3)]
    links += [link(f"url{n}.example.com", "live", "cf", f"c{n}") for n in range(3)]
    made = run(text(*links), work=tmp_path)
    # per link: 6 at CloudFront, 1 at Cloudflare; shared: 2 owner hosts, 1 policy, 2 rulesets
    assert len(made.shown) == 3 * 6 + 3 * 1 + 2 + 1 + 2


def test_a_manual_zone_builds_no_record(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    assert one(tmp_path, ORG, "branded").resources == []
    made = one(tmp_path, ORG, "live", "aws")
    assert made.shown == [
        f"certificate {ORG}",
        f"distribution {ORG}",
        f"edge {ORG}",
        "policy default/sendgrid.net/1",
        f"wait {ORG}",
    ]
    assert made.get("wait", ORG).inputs["validationRecordFqdns"] == [f"_proof.{ORG}"]


def test_rulesets_of_somebody_else_are_not_built(tmp_path: Path) -> None:
    external = "edges:\n  cf: {provider: cloudflare, rulesets: external}\n"
    made = run(text(link(COM, "live", "cf"), edges=external), work=tmp_path)
    assert made.of("ruleset") == []
    assert made.record(f"{COM}/CNAME").inputs["proxied"] is True


# the click record -----------------------------------------------------------------------------------
@pytest.mark.parametrize("phase", PHASES)
def test_only_the_value_of_a_click_record_changes_with_the_phase_at_cloudfront(tmp_path: Path, phase: str) -> None:
    target = "durl1examplenet.cloudfront.net" if phase in ("live", "secured") else "sendgrid.net"
    assert one(tmp_path, NET, phase, "aws").record(f"{NET}/CNAME").inputs == {
        "zoneId": ZONE_NET, "name": NET, "type": "CNAME", "ttl": 300, "records": [target],
    }  # fmt: skip


@pytest.mark.parametrize("phase", PHASES)
def test_only_proxying_and_ttl_of_a_click_record_change_with_the_phase_at_cloudflare(
    tmp_path: Path, phase: str
) -> None:
    proxied = phase in ("live", "secured")
    assert one(tmp_path, COM, phase, "cf").record(f"{COM}/CNAME").inputs == {
        "zoneId": ZONE_COM, "name": COM, "type": "CNAME", "content": "sendgrid.net", "proxied": proxied, "ttl": 1 if proxied else 300,
    }  # fmt: skip


def test_the_owner_host_stays_at_the_sender_and_is_never_proxied(tmp_path: Path) -> None:
    owner = one(tmp_path, COM, "secured", "cf").record("1234567.example.com/CNAME").inputs
    assert (owner["content"], owner["proxied"], owner["ttl"]) == ("sendgrid.net", False, 300)


def test_the_eu_region_has_targets_of_its_own(tmp_path: Path) -> None:
    made = run(text(link(NET, "live", "aws", more=", region: eu")), work=tmp_path)
    assert made.record("1234567.example.net/CNAME").inputs["records"] == ["eu.sendgrid.net"]
    assert made.get("distribution", NET).inputs["origins"][0]["domainName"] == "eu.sendgrid.net"


def test_a_tracking_host_is_one_dns_only_record(tmp_path: Path) -> None:
    made = run(text(more="tracking_hosts:\n  karte: {provider: karte, host: t.example.com}\n"), work=tmp_path)
    assert made.shown == ["cloudflare t.example.com/CNAME"]
    record = made.record("t.example.com/CNAME")
    assert (record.inputs["content"], record.inputs["proxied"], record.protect) == ("cname.karte.io", False, True)


# the CloudFront edge --------------------------------------------------------------------------------
def test_the_certificate_is_asked_for_in_us_east_1_and_carries_the_stack_s_tag(tmp_path: Path) -> None:
    assert one(tmp_path, NET, "ready", "aws").get("certificate", NET).inputs == {
        "domainName": NET, "validationMethod": "DNS", "keyAlgorithm": "RSA_2048", "region": "us-east-1",
        "tags": {"linkproof:stack": "test"},
    }  # fmt: skip


@pytest.mark.parametrize(("host", "field"), [(NET, "records"), (COM, "content")])
def test_the_validation_record_is_the_host_s_own_in_the_zone_s_dns(tmp_path: Path, host: str, field: str) -> None:
    inputs = one(tmp_path, host, "ready", "aws").record(f"{host}/validation").inputs
    value = inputs[field][0] if field == "records" else inputs[field]
    assert value == f"_{host}.acm-validations.aws", "of this host, though another name's option comes first"
    assert inputs["name"].rstrip(".") == f"_proof.{host}"


def test_only_the_validation_record_may_be_there_already_for_it_is_shared(tmp_path: Path) -> None:
    made = one(tmp_path, NET, "live", "aws")
    allowed = {record.name: record.inputs.get("allowOverwrite") for record in made.of("route53")}
    assert allowed == {f"{NET}/validation": True, f"{NET}/CNAME": None, "1234567.example.net/CNAME": None}


def test_names_in_a_cloudflare_zone_have_no_trailing_dot(tmp_path: Path) -> None:
    """Cloudflare answers without it: with it every preview would show a change."""
    made = one(tmp_path, COM, "live", "aws")
    for record in made.of("cloudflare"):
        assert not record.inputs["name"].endswith("."), record
        assert not record.inputs["content"].endswith("."), record


def test_the_distribution_serves_a_click_as_the_sender_needs_it(tmp_path: Path) -> None:
    inputs: Any = one(tmp_path, NET, "live", "aws").get("distribution", NET).inputs
    behavior = inputs["defaultCacheBehavior"]
    assert (inputs["enabled"], inputs["aliases"], inputs["isIpv6Enabled"]) == (True, [NET], True)
    assert behavior["viewerProtocolPolicy"] == "allow-all", "mail already sent is clicked on port 80"
    assert behavior["cachePolicyId"] == "4135ea2d-6df8-44a3-9df3-4b5a84be39ad", "Managed-CachingDisabled"
    assert {r["errorCode"]: r["errorCachingMinTtl"] for r in inputs["customErrorResponses"]} == dict.fromkeys(
        (400, 403, 404, 405, 414, 416, 500, 501, 502, 503, 504), 0
    ), "an error that is kept is the next recipient's answer: the key has no query"
    assert behavior["originRequestPolicyId"] == "id-of-default/sendgrid.net/1"
    assert behavior["allowedMethods"] == ["DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT"]
    (origin,) = inputs["origins"]
    assert behavior["targetOriginId"] == origin["originId"]
    assert origin["domainName"] == "sendgrid.net"
    assert origin["customOriginConfig"] == {
        "httpPort": 80, "httpsPort": 443, "originProtocolPolicy": "https-only", "originSslProtocols": ["TLSv1.2"],
    }  # fmt: skip
    assert inputs["viewerCertificate"] == {
        "acmCertificateArn": f"arn:aws:acm:us-east-1:123456789012:certificate/{NET}",
        "sslSupportMethod": "sni-only",
        "minimumProtocolVersion": "TLSv1.2_2021",
    }
    assert inputs["tags"] == {"linkproof:stack": "test"}


def test_the_policy_forwards_host_user_agent_and_query_strings_and_no_cookie(tmp_path: Path) -> None:
    inputs = one(tmp_path, NET, "live", "aws").get("policy", "default/sendgrid.net/1").inputs
    owner = "organization/linkproof/test"
    assert inputs["name"] == policy_name(owner, "default/sendgrid.net/1"), "two stacks may share an account"
    assert inputs["headersConfig"] == {"headerBehavior": "whitelist", "headers": {"items": ["Host", "User-Agent"]}}
    assert inputs["queryStringsConfig"] == {"queryStringBehavior": "all"}
    assert inputs["cookiesConfig"] == {"cookieBehavior": "none"}


# the Cloudflare edge --------------------------------------------------------------------------------
def test_the_rulesets_set_the_click_hosts_right_and_nothing_else_in_the_zone(tmp_path: Path) -> None:
    made = run(
        text(
            link(COM, "live", "cf"),
            link("url2.example.com", "ready", "cf", "two"),
            link("url3.example.com", "branded", "cf", "three"),
        ),
        work=tmp_path,
    )
    expression = f'http.host in {{"{COM}" "url2.example.com"}}'
    expected = {
        "http_config_settings": ("set_config", {"bic": False, "emailObfuscation": False, "ssl": "full"}),
        "http_request_cache_settings": ("set_cache_settings", {"cache": False}),
    }
    for phase, (action, parameters) in expected.items():
        inputs = made.get("ruleset", f"example.com/{phase}").inputs
        assert (inputs["zoneId"], inputs["kind"], inputs["phase"]) == (ZONE_COM, "zone", phase)
        (rule,) = inputs["rules"]
        assert (rule["expression"], rule["action"], rule["actionParameters"], rule["enabled"]) == (
            expression,
            action,
            parameters,
            True,
        )
