"""`certificate` of a tracking host: where `linkproof karte issue` has it from."""

from __future__ import annotations

import pytest
from linkproof.acm import CERTIFICATE
from linkproof.declaration.accounts import unknown_accounts
from linkproof.declaration.fingerprint import fingerprint
from linkproof.declaration.load import load_text
from linkproof.plan.build import build

from tests.declaration.conftest import BASE

DIRECTORY = "https://acme.test/v2/directory"
ARN = "arn:aws:acm:ap-northeast-1:123456789012:certificate/0-1"
PLAIN = "{provider: karte, host: t.example.com}"


def loaded(certificate: str, base: str = BASE):
    entry = f"{{provider: karte, host: t.example.com, certificate: {certificate}}}"
    return load_text(base.replace(PLAIN, entry).encode(), "prod.yaml")


def test_who_makes_it_is_said_and_nothing_that_must_exist_changes():
    found = loaded(f"{{source: acme, directory: {DIRECTORY}, contact: ops@example.com}}")
    assert found.problems == ()
    assert found.declaration is not None
    (host,) = build(found.declaration).hosts
    assert "made by `linkproof karte issue` at acme.test, uploaded in KARTE's admin page by hand" in host.certificate
    plain = load_text(BASE.encode(), "prod.yaml").declaration
    assert plain is not None
    assert "karte issue" not in build(plain).hosts[0].certificate
    assert fingerprint(found.declaration) == fingerprint(plain)


@pytest.mark.parametrize(
    ("certificate", "path", "said"),
    [
        ("{source: acme}", "tracking_hosts.karte.certificate", "the key 'directory' is missing"),
        (f"{{source: acm-e, directory: {DIRECTORY}}}", "tracking_hosts.karte.certificate.source", "expected one of acme, acm, found 'acm-e'"),
        (f"{{directory: {DIRECTORY}}}", "tracking_hosts.karte.certificate", "the key 'source' is missing"),
        ("acme", "tracking_hosts.karte.certificate", "expected a mapping, found 'acme'"),
        ("{source: acm, arn: 'arn:aws:iam::123456789012:role/x'}", "tracking_hosts.karte.certificate.arn", "arn:aws:acm:REGION:ACCOUNT:certificate/ID"),
        ("{source: acm, region: tokyo}", "tracking_hosts.karte.certificate.region", "a region of AWS: us-east-1"),
        (f"{{source: acm, arn: '{ARN}', directory: x}}", "tracking_hosts.karte.certificate.directory", "unknown key 'directory'"),
        ("{source: acme, directory: 'http://acme.test/d'}", "tracking_hosts.karte.certificate.directory", "https:// URL"),
        (f"{{source: acme, directory: {DIRECTORY}, contact: 'mailto:a@b.c,d@e.f'}}", "tracking_hosts.karte.certificate.contact", "one mail address"),
        (f"{{source: acme, directory: {DIRECTORY}, key: x}}", "tracking_hosts.karte.certificate.key", "unknown key 'key'"),
    ],
)  # fmt: skip
def test_what_is_wrong_there_is_said_at_its_place(certificate, path, said):
    (problem,) = loaded(certificate).problems
    assert (problem.path, problem.place.line) == (path, 14)
    assert said in problem.message


def test_acm_renews_and_its_region_is_the_arn_s():
    found = loaded(f"{{source: acm, arn: '{ARN}', account: brand}}").declaration
    assert found is not None
    (host,) = build(found).hosts
    assert "renewed by ACM (ap-northeast-1) and exported by `linkproof karte issue`" in host.certificate


def test_without_an_arn_the_certificate_and_its_record_are_planned_before_the_host_is_in_use():
    found = loaded("{source: acm, region: ap-northeast-1}").declaration
    assert found is not None
    planned = build(found)
    (host,) = planned.hosts
    assert "requested from ACM (ap-northeast-1) and exported by `linkproof karte issue`" in host.certificate
    (certificate,) = [
        item for item in planned.objects if item.engine_type == CERTIFICATE and item.resource == host.host
    ]
    assert (certificate.kind, certificate.engine_type, certificate.protect) == (
        "exportable certificate",
        CERTIFICATE,
        True,
    )
    (proof,) = [record for record in planned.records if record.resource == f"{host.host}/validation"]
    assert (str(proof.name), proof.protect, proof.shared) == (
        f"<the validation name of certificate {host.host}>",
        True,
        True,
    )


def test_an_arn_says_its_region_by_itself():
    (problem,) = loaded(f"{{source: acm, arn: '{ARN}', region: us-east-1}}").problems
    assert "no `region` beside `arn`" in problem.message
    assert loaded(f"{{source: acm, arn: '{ARN}', region: ap-northeast-1}}").problems == ()


def test_an_unknown_key_is_compared_with_the_keys_that_may_stand_there():
    (problem,) = loaded(f"{{source: acme, directory: {DIRECTORY}, contacts: a@b.c}}").problems
    assert problem.fix == "did you mean 'contact'?"


def test_a_zone_for_the_challenge_alone_is_no_zone_without_use():
    zones = BASE.replace("zones:\n", "zones:\n  acme.example.info: {dns: route53, id: Z0EXAMPLE9}\n")
    entry = f"source: acme, directory: {DIRECTORY}"
    (unused,) = loaded(f"{{{entry}}}", zones).problems
    assert unused.rule == "zones.unused"
    assert loaded(f"{{{entry}, challenge_zone: ACME.example.info.}}", zones).problems == ()


def test_the_account_of_acm_must_be_in_the_stacks_config():
    found = loaded(f"{{source: acm, arn: '{ARN}', account: brand}}").declaration
    assert found is not None
    (problem,) = unknown_accounts(found, {"linkproof:accounts": {"default": {}}}, "Pulumi.prod.yaml")
    assert (problem.rule, problem.path) == ("accounts.unknown", "tracking_hosts.karte.certificate.account")
    assert list(unknown_accounts(found, {"linkproof:accounts": {"brand": {}}}, "Pulumi.prod.yaml")) == []
