"""Certificate Manager through boto3, against DNS that really answers."""

from __future__ import annotations

import json
from typing import Any

import httpx
import pytest
from botocore.exceptions import ClientError
from cryptography import x509
from cryptography.hazmat.primitives import serialization
from linkproof_lab.vendors.aws.acm.caa import permitted
from linkproof_lab.vendors.aws.acm.lookup import certificate_for


def code_of(error: Any) -> str:
    return str(error.value.response["Error"]["Code"])


def request(lab: Any, *names: str, key: str = "AKIALAB1", region: str = "us-east-1", **more: Any) -> str:
    acm = lab.aws("acm", key, region)
    extra = {"SubjectAlternativeNames": list(names)} if len(names) > 1 else {}
    return str(acm.request_certificate(DomainName=names[0], ValidationMethod="DNS", **extra, **more)["CertificateArn"])


def describe(lab: Any, arn: str) -> Any:
    return lab.aws("acm").describe_certificate(CertificateArn=arn)["Certificate"]


def publish(lab: Any, arn: str) -> None:
    for option in describe(lab, arn)["DomainValidationOptions"]:
        record = option["ResourceRecord"]
        lab.records(("UPSERT", record["Name"], "CNAME", [record["Value"]], 60))


def asked_often(lab: Any, name: str, times: int = 3) -> None:
    """Wait until the name was asked for some more times: the proof was looked for, and not found."""
    start = len(lab.dns.asked)
    lab.eventually(lambda: [n for n, _ in lab.dns.asked[start:]].count(name.rstrip(".")) >= times)


def test_a_certificate_is_pending_until_dns_answers_its_record_and_then_real(lab: Any) -> None:
    arn = request(lab, "url1.example.net")
    (option,) = describe(lab, arn)["DomainValidationOptions"]
    record = option["ResourceRecord"]
    assert record["Name"].endswith(".url1.example.net.")
    assert record["Value"].endswith(".acm-validations.aws.")
    asked_often(lab, record["Name"])
    assert describe(lab, arn)["Status"] == "PENDING_VALIDATION"
    assert certificate_for(lab.store, arn) is None
    with pytest.raises(ClientError) as error:
        lab.aws("acm").get_certificate(CertificateArn=arn)
    assert code_of(error) == "RequestInProgressException"
    publish(lab, arn)
    issued = lab.eventually(lambda: (found := describe(lab, arn))["Status"] == "ISSUED" and found)
    assert issued["DomainValidationOptions"][0]["ValidationStatus"] == "SUCCESS"
    pem = lab.aws("acm").get_certificate(CertificateArn=arn)["Certificate"]
    leaf = x509.load_pem_x509_certificate(pem.encode())
    names = leaf.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    assert names.get_values_for_type(x509.DNSName) == ["url1.example.net"]
    assert leaf.not_valid_after_utc == issued["NotAfter"]
    assert certificate_for(lab.store, arn)["cert_pem"] == pem


def test_a_record_with_another_value_proves_nothing(lab: Any) -> None:
    arn = request(lab, "url1.example.net")
    record = describe(lab, arn)["DomainValidationOptions"][0]["ResourceRecord"]
    lab.records(("CREATE", record["Name"], "CNAME", ["_wrong.acm-validations.aws."], 60))
    asked_often(lab, record["Name"])
    assert describe(lab, arn)["Status"] == "PENDING_VALIDATION"


def test_every_name_must_be_proven(lab: Any) -> None:
    arn = request(lab, "url1.example.net", "url2.example.net")
    first, second = (o["ResourceRecord"] for o in describe(lab, arn)["DomainValidationOptions"])
    lab.records(("CREATE", first["Name"], "CNAME", [first["Value"]], 60))
    statuses = lambda: [o["ValidationStatus"] for o in describe(lab, arn)["DomainValidationOptions"]]
    lab.eventually(lambda: statuses() == ["SUCCESS", "PENDING_VALIDATION"])
    lab.records(("CREATE", second["Name"], "CNAME", [second["Value"]], 60))
    lab.eventually(lambda: describe(lab, arn)["Status"] == "ISSUED")


def test_a_domain_has_one_record_per_account_its_wildcard_included(lab: Any) -> None:
    def record(*names: str, key: str = "AKIALAB1") -> Any:
        arn = request(lab, *names, key=key)
        options = lab.aws("acm", key).describe_certificate(CertificateArn=arn)["Certificate"]["DomainValidationOptions"]
        return [o["ResourceRecord"] for o in options]

    first = record("url1.example.net", "*.url1.example.net")
    assert first[0] == first[1] == record("url1.example.net")[0]
    assert record("url1.example.net", key="AKIALAB2") != first[:1]


def test_caa_that_names_another_ca_fails_the_certificate(lab: Any) -> None:
    lab.store.set_rrsets("Z0EXAMPLE", [("example.net", "CAA", 300, ('0 issue "letsencrypt.org"',))])
    arn = request(lab, "url1.example.net")
    publish(lab, arn)
    failed = lab.eventually(lambda: (found := describe(lab, arn))["Status"] == "FAILED" and found)
    assert failed["FailureReason"] == "CAA_ERROR"


def test_caa_nearer_to_the_host_wins_and_a_cname_is_followed(lab: Any) -> None:
    lab.store.set_rrsets("Z0EXAMPLE", [("example.net", "CAA", 300, ('0 issue "letsencrypt.org"',))])
    lab.store.set_rrsets("sendgrid.net", [("sendgrid.net", "CAA", 300, ('0 issue "amazonaws.com"',))])
    lab.records(("CREATE", "url1.example.net", "CNAME", ["sendgrid.net."], 300))
    lab.certificate("url1.example.net")


def test_no_answer_about_caa_is_no_permission(lab: Any) -> None:
    # the host leads into a zone of which no server answers
    lab.store.ensure_zone("silent", "silent.net", "vendor", (("ns.silent.net", lab.settings.address(99, 99)),))
    lab.records(("CREATE", "url1.example.net", "CNAME", ["x.silent.net."], 300))
    arn = request(lab, "url1.example.net")
    publish(lab, arn)
    asked_often(lab, "url1.example.net")
    assert describe(lab, arn)["Status"] == "PENDING_VALIDATION"


@pytest.mark.parametrize(
    ("records", "wildcard", "allowed"),
    [
        (['0 issue "amazon.com"'], False, True),
        (['0 issue "letsencrypt.org"', '0 issue "awstrust.com; account=1"'], False, True),
        (['0 issue ";"'], False, False),
        (['0 iodef "mailto:a@b.c"'], False, True),
        (['0 issue "letsencrypt.org"', '0 issuewild "amazon.com"'], True, True),
        (['0 issue "amazon.com"', '0 issuewild ";"'], True, False),
        (['0 issue "amazon.com"', '0 issuewild ";"'], False, True),
        (['128 future "x"', '0 issue "amazon.com"'], False, False),
        (['0 future "x"', '0 issue "amazon.com"'], False, True),
    ],
)
def test_caa_sets_are_judged_by_the_rfc(records: list[str], wildcard: bool, allowed: bool) -> None:
    assert permitted(records, wildcard=wildcard) is allowed


def test_the_same_token_asks_for_the_same_certificate(lab: Any) -> None:
    first = request(lab, "url1.example.net", IdempotencyToken="t1")
    assert request(lab, "url1.example.net", IdempotencyToken="t1") == first
    assert request(lab, "url1.example.net", IdempotencyToken="t2") != first
    assert request(lab, "url2.example.net", IdempotencyToken="t1") != first


def test_certificates_are_listed_per_account_and_region(lab: Any) -> None:
    arns = [request(lab, f"url{n}.example.net") for n in range(3)]
    elliptic = request(lab, "url9.example.net", KeyAlgorithm="EC_prime256v1")
    request(lab, "url1.example.net", key="AKIALAB2")
    request(lab, "url1.example.net", region="eu-west-1")
    acm = lab.aws("acm")
    listed = lambda **query: [
        c["CertificateArn"]
        for page in acm.get_paginator("list_certificates").paginate(**query)
        for c in page["CertificateSummaryList"]
    ]
    assert listed() == arns
    assert listed(PaginationConfig={"PageSize": 2}) == arns
    assert listed(CertificateStatuses=["ISSUED"]) == []
    assert listed(Includes={"keyTypes": ["EC_prime256v1"]}) == [elliptic]
    with pytest.raises(ClientError) as error:
        lab.aws("acm", "AKIALAB2").describe_certificate(CertificateArn=arns[0])
    assert code_of(error) == "ResourceNotFoundException"


def test_tags_are_kept(lab: Any) -> None:
    arn = request(lab, "url1.example.net", Tags=[{"Key": "a", "Value": "1"}])
    acm = lab.aws("acm")
    acm.add_tags_to_certificate(CertificateArn=arn, Tags=[{"Key": "b", "Value": "2"}])
    acm.remove_tags_from_certificate(CertificateArn=arn, Tags=[{"Key": "a"}])
    assert acm.list_tags_for_certificate(CertificateArn=arn)["Tags"] == [{"Key": "b", "Value": "2"}]


def test_a_deleted_certificate_is_gone(lab: Any) -> None:
    arn = request(lab, "url1.example.net")
    lab.aws("acm").delete_certificate(CertificateArn=arn)
    with pytest.raises(ClientError) as error:
        describe(lab, arn)
    assert code_of(error) == "ResourceNotFoundException"


@pytest.mark.parametrize(
    ("domain", "more", "code"),
    [
        ("not_a_name.example.net", {}, "ValidationException"),
        ("a" * 50 + ".bbbbbbbbbbbb.example.net", {}, "InvalidParameterException"),
        (
            "a.example.net",
            {"SubjectAlternativeNames": [f"u{n}.example.net" for n in range(10)]},
            "LimitExceededException",
        ),
    ],
)
def test_a_request_that_is_wrong_is_refused(lab: Any, domain: str, more: Any, code: str) -> None:
    with pytest.raises(ClientError) as error:
        lab.aws("acm").request_certificate(DomainName=domain, ValidationMethod="DNS", **more)
    assert code_of(error) == code


def test_a_request_without_a_signature_is_refused(lab: Any) -> None:
    answer = httpx.post(
        lab.settings.api_url("vendors/aws"),
        headers={"X-Amz-Target": "CertificateManager.ListCertificates"},
        content="{}",
    )
    assert answer.status_code == 403
    assert json.loads(answer.text)["__type"] == "MissingAuthenticationTokenException"


def test_a_pending_certificate_is_followed_again_after_a_restart(lab: Any) -> None:
    arn = request(lab, "url1.example.net")
    lab.restart()
    publish(lab, arn)
    lab.eventually(lambda: describe(lab, arn)["Status"] == "ISSUED")


@pytest.mark.parametrize("host", ["mail.amazonaws.com", "*.eu-west-1.amazonaws.com", "d111.cloudfront.net"])
def test_no_certificate_for_what_amazon_owns(lab: Any, host: str) -> None:
    with pytest.raises(ClientError) as error:
        lab.aws("acm").request_certificate(DomainName=host, ValidationMethod="DNS")
    assert code_of(error) == "InvalidParameterException"
    lab.aws("acm").request_certificate(DomainName="amazonaws.com.example.net", ValidationMethod="DNS")


def exportable(lab: Any, host: str, **more: Any) -> str:
    arn = request(lab, host, Options={"Export": "ENABLED"}, **more)
    publish(lab, arn)
    lab.eventually(lambda: describe(lab, arn)["Status"] == "ISSUED")
    return arn


def test_an_exportable_certificate_is_given_with_its_key_encrypted(lab: Any) -> None:
    arn = exportable(lab, "t.example.net")
    passphrase = b"not-written-down"
    given = lab.aws("acm").export_certificate(CertificateArn=arn, Passphrase=passphrase)
    assert given["PrivateKey"].startswith("-----BEGIN ENCRYPTED PRIVATE KEY-----")
    key = serialization.load_pem_private_key(given["PrivateKey"].encode(), passphrase)
    leaf = x509.load_pem_x509_certificate(given["Certificate"].encode())
    assert leaf.public_key() == key.public_key()
    leaf.verify_directly_issued_by(x509.load_pem_x509_certificate(given["CertificateChain"].encode()))
    for wrong in (b"abc", b"x" * 129, b"a#bcd", b"a$bcd", b"a%bcd", "ä-b-c".encode()):
        with pytest.raises(ClientError) as error:
            # boto3 itself refuses what is too short
            lab.aws("acm").export_certificate(CertificateArn=arn, Passphrase=wrong)
        assert code_of(error) == "ValidationException"


def test_what_is_not_exportable_not_issued_or_not_there_is_not_exported(lab: Any) -> None:
    ordinary, waiting = request(lab, "a.example.net"), request(lab, "b.example.net", Options={"Export": "ENABLED"})
    absent = waiting[:-4] + "0000"
    for arn, code in (
        (ordinary, "ValidationException"),
        (waiting, "RequestInProgressException"),
        (absent, "ResourceNotFoundException"),
    ):
        with pytest.raises(ClientError) as error:
            lab.aws("acm").export_certificate(CertificateArn=arn, Passphrase=b"passphrase")
        assert code_of(error) == code
