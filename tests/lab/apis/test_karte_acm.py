"""A KARTE host's certificate out of ACM: looked at, exported with a passphrase that nobody keeps, or refused with what to do."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from linkproof.errors import LinkproofError
from linkproof.karte.bundle import write_issued
from linkproof.karte.issue.acm import export
from linkproof.karte.issue.issued import Issued
from linkproof.names import HostName
from linkproof.vendors.aws.account import Options
from linkproof.vendors.aws.client import AwsClient

from tests.lab.apis.conftest import Lab
from tests.lab.apis.test_acm import exportable, request

HOST = HostName("t.example.net")


class Client(AwsClient):
    """The lab's, by the service and region that are asked for."""

    def __init__(self, lab: Lab) -> None:
        self.lab = lab
        self.regions: list[str | None] = []
        super().__init__("default", None, Options())  # type: ignore[arg-type]

    def service(self, name: str, region: str | None = None) -> Any:
        self.regions.append(region)
        return self.lab.aws(name, region=region or "us-east-1")


def exported(lab: Lab, arn: str, written_until: datetime | None = None) -> Issued:
    return export(Client(lab), arn, "default", HOST, written_until)


def refused(lab: Lab, arn: str, written_until: datetime | None = None) -> LinkproofError:
    with pytest.raises(LinkproofError) as caught:
        exported(lab, arn, written_until)
    assert caught.value.problem.startswith(f"ACM {arn} ")
    return caught.value


def test_the_two_files_have_acms_certificate_and_key_as_karte_takes_them(lab: Lab, tmp_path: Path) -> None:
    found = exported(lab, exportable(lab, HOST.text))
    made = write_issued(HOST, found.key, found.chains, tmp_path, datetime.now(UTC), lab.settings.ca_file)
    leaf, issuer = x509.load_pem_x509_certificates(made.certificate_file.read_bytes())
    assert leaf.public_key() == found.key.public_key()
    leaf.verify_directly_issued_by(issuer)
    assert made.key_file.read_text().startswith("-----BEGIN RSA PRIVATE KEY-----")
    again = exported(lab, exportable(lab, HOST.text))
    assert again.key.public_key() != found.key.public_key()
    with pytest.raises(LinkproofError, match="has this key already"):
        write_issued(HOST, found.key, found.chains, tmp_path, datetime.now(UTC), lab.settings.ca_file)


def test_it_is_asked_for_in_the_arn_s_own_region(lab: Lab) -> None:
    acm = lab.aws("acm", region="ap-northeast-1")
    arn = acm.request_certificate(DomainName=HOST.text, ValidationMethod="DNS", Options={"Export": "ENABLED"})
    client = Client(lab)
    with pytest.raises(LinkproofError, match="PENDING_VALIDATION"):
        export(client, arn["CertificateArn"], "default", HOST, None)
    assert client.regions == ["ap-northeast-1"]


def test_what_waits_for_its_proof_is_said_with_the_record(lab: Lab) -> None:
    arn = request(lab, HOST.text, Options={"Export": "ENABLED"})
    found = refused(lab, arn)
    assert "is not issued: PENDING_VALIDATION" in found.problem
    assert ".t.example.net. CNAME _" in found.fix
    assert "let it stand" in found.fix


def test_what_karte_would_not_take_is_not_exported(lab: Lab) -> None:
    for arn, problem in (
        (exportable(lab, HOST.text, KeyAlgorithm="EC_prime256v1"), "KARTE takes RSA 2048 alone"),
        (exportable(lab, "other.example.net"), "is for other.example.net; KARTE takes the one host t.example.net"),
        (lab.certificate(HOST.text, "more.example.net"), "is for t.example.net, more.example.net;"),
        (lab.certificate(HOST.text), "was not requested as exportable, and never will be"),
    ):
        assert problem in refused(lab, arn).problem


def test_the_certificate_that_is_due_is_not_exported_a_second_time(lab: Lab) -> None:
    arn = exportable(lab, HOST.text)
    end = lab.aws("acm").describe_certificate(CertificateArn=arn)["Certificate"]["NotAfter"]
    assert "is not renewed yet: it ends" in refused(lab, arn, end).problem
    exported(lab, arn, end - timedelta(days=1))


def test_one_that_is_not_there_is_said_by_its_account(lab: Lab) -> None:
    arn = request(lab, HOST.text)[:-4] + "0000"
    with pytest.raises(LinkproofError, match=r"AWS gave no answer about arn.*\(account default\): .*ResourceNotFound"):
        exported(lab, arn)
