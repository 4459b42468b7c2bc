"""Which resources each kind of link is, with every input as the provider gets it."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from tests.program.declarations import COM, NET, ORG, link, one, text
from tests.program.recorded import run

ZONE_NET, ZONE_COM = "Z0EXAMPLE0NET", "023e105f4ecef8ad9ca31a8372d0c353"
PHASES = ("branded", "ready", "live", "secured")


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
    assert one(tmp_path, ORG, "branded").shown == []
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
        "comment": "linkproof acme/linkproof/test", **({} if proxied else {"settings": {"flattenCname": False}}),
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
        "tags": {"linkproof:stack": "acme/linkproof/test"},
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
    assert inputs["tags"] == {"linkproof:stack": "acme/linkproof/test"}


def test_the_policy_forwards_host_user_agent_and_query_strings_and_no_cookie(tmp_path: Path) -> None:
    inputs = one(tmp_path, NET, "live", "aws").get("policy", "default/sendgrid.net/1").inputs
    assert inputs["comment"] == "linkproof acme/linkproof/test"
    assert inputs["headersConfig"] == {"headerBehavior": "whitelist", "headers": {"items": ["Host", "User-Agent"]}}
    assert inputs["queryStringsConfig"] == {"queryStringBehavior": "all"}
    assert inputs["cookiesConfig"] == {"cookieBehavior": "none"}


# whose it is ----------------------------------------------------------------------------------------
def marks(tmp_path: Path, **of: str) -> set[str]:
    """Every mark that the stack's objects carry, and the names that are unique in a vendor's account."""
    made = run(text(link(NET, "live", "aws"), link(COM, "live", "cf", key="two")), work=tmp_path, **of)
    return {
        *(made.get(kind, NET).inputs["tags"]["linkproof:stack"] for kind in ("certificate", "distribution")),
        *(policy.inputs["name"] for policy in made.of("policy")),
        *(found.inputs["comment"] for kind in ("policy", "cloudflare") for found in made.of(kind)),
        *(ruleset.inputs["description"] for ruleset in made.of("ruleset")),
    }


def test_two_projects_with_a_stack_of_one_name_share_no_mark_and_no_name(tmp_path: Path) -> None:
    mine, theirs = marks(tmp_path, stack="prod"), marks(tmp_path, stack="prod", project="other")
    assert "acme/linkproof/prod" in mine
    assert not mine & theirs
    assert not mine & marks(tmp_path, stack="prod2")


@pytest.mark.parametrize("stack", ["prod", "my.stack", "_", "s" * 100, "s." * 50])
def test_marks_and_names_fit_whatever_the_stack_is_called(tmp_path: Path, stack: str) -> None:
    """CloudFront: `[A-Za-z0-9_-]`, at most 128, comment 128. Cloudflare's Free plan: comment 100."""
    made = run(
        text(link(NET, "live", "aws"), link(COM, "branded", key="two")), work=tmp_path, stack=stack, project="p" * 90
    )
    (policy,) = made.of("policy")
    assert re.fullmatch(r"[A-Za-z0-9_-]{1,128}", policy.inputs["name"])
    assert len(policy.inputs["comment"]) <= 128
    assert {len(record.inputs["comment"]) <= 100 for record in made.of("cloudflare")} == {True}
    assert len(made.get("distribution", NET).inputs["tags"]["linkproof:stack"]) <= 256


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


def test_the_nonce_is_written_as_each_provider_takes_a_text(tmp_path: Path) -> None:
    """The AWS provider puts a text into quotation marks by itself; Cloudflare's API wants them."""
    links = [link(NET, "branded"), link(COM, "branded", key="two")]
    made = run(text(*links, more="nonce: acme-prod-7f3a\n"), work=tmp_path)
    assert made.record(f"_linkproof.{NET}/TXT").inputs["records"] == ["acme-prod-7f3a"]
    assert made.record(f"_linkproof.{COM}/TXT").inputs["content"] == '"acme-prod-7f3a"'


def test_karte_s_certificate_is_exportable_and_its_key_is_one_that_karte_takes(tmp_path: Path) -> None:
    host = "tracking_hosts:\n  karte: {provider: karte, host: t.example.com, certificate: {source: acm}}\n"
    made = run(text(more=host), work=tmp_path)
    requested = made.get("certificate", "t.example.com")
    assert requested.inputs["options"] == {"export": "ENABLED"}
    assert (requested.inputs["keyAlgorithm"], requested.protect) == ("RSA_2048", True)
