"""A validation record is not deleted while another certificate of the account is proved by it."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from linkproof.engine.clients import Clients
from linkproof.engine.guard import Refusal, judge_at_vendors
from linkproof.engine.guard.kept import keep
from linkproof.engine.state import read_state
from linkproof.errors import LinkproofError
from linkproof.plan.build import build
from linkproof.plan.model import Plan

from tests.engine_state.deployed import clients_of, declared, link, resource
from tests.engine_state.fake_engine import FakeEngine
from tests.lab.apis.conftest import Lab

CERTIFICATE, RECORD = "aws:acm/certificate:Certificate", "aws:route53/record:Record"


def plan(phase: str, host: str, edge: str = "aws") -> Plan:
    return build(declared(link(phase, host, edge)))


def requested(lab: Lab, *names: str, key: str = "AKIALAB1", region: str = "us-east-1", **more: Any) -> str:
    acm = lab.aws("acm", key, region)
    wanted = {"DomainName": names[0], "SubjectAlternativeNames": list(names), "ValidationMethod": "DNS"}
    return str(acm.request_certificate(**wanted, **more)["CertificateArn"])


def deployed(lab: Lab, host: str) -> dict[str, Any]:
    """The state of a link whose certificate and validation record this stack has made."""
    arn = requested(lab, host)
    found = lab.aws("acm").describe_certificate(CertificateArn=arn)["Certificate"]["DomainValidationOptions"][0]
    name = found["ResourceRecord"]["Name"]
    resources = [
        resource(CERTIFICATE, host, id=arn),
        resource(RECORD, f"{host}/validation", inputs={"name": name}, outputs={"fqdn": name.rstrip(".")}),
    ]
    return {"deployment": {"resources": resources}}


def judge(wanted: Plan, document: dict[str, Any], clients: Callable[[], Clients]) -> list[Refusal]:
    return judge_at_vendors(wanted, read_state(document), lambda vendor, account: clients().client(vendor, account))


def refused(document: dict[str, Any], clients: Clients, wanted: Plan) -> list[str]:
    return [refusal.rule for refusal in judge(wanted, document, lambda: clients)]


def nobody() -> Clients:
    raise AssertionError("AWS is asked although no record goes")


def test_a_record_that_only_our_certificate_needs_may_go(vendors: Lab, clients: Clients) -> None:
    host = "v1.example.net"
    requested(vendors, "other.v1.example.net")
    assert refused(deployed(vendors, host), clients, plan("branded", host)) == []


@pytest.mark.parametrize(
    ("n", "names", "more"),
    [
        (1, ["{}"], {}),
        (2, ["*.{}"], {}),
        (3, ["www.example.net", "{}"], {}),
        (4, ["{}"], {"KeyAlgorithm": "EC_prime256v1"}),
    ],
)
def test_a_record_that_another_certificate_needs_may_not(
    vendors: Lab, clients: Clients, n: int, names: list[str], more: dict[str, Any]
) -> None:
    host = f"w{n}.example.net"
    document = deployed(vendors, host)
    theirs = requested(vendors, *(name.format(host) for name in names), **more)
    (refusal,) = judge(plan("branded", host), document, lambda: clients)
    assert (refusal.rule, refusal.host) == ("validation.shared", host)
    assert theirs in refusal.message
    assert f"linkproof keep {host}" in refusal.fix
    vendors.aws("acm").delete_certificate(CertificateArn=theirs)
    assert refused(document, clients, plan("branded", host)) == []


def test_a_certificate_of_the_accounts_own_region_counts(vendors: Lab) -> None:
    host, api = "x1.example.net", vendors.settings.api_url("vendors/aws")
    accounts = {"default": {"aws": {"region": "eu-west-1", "endpoints": [{"acm": api}]}}}
    clients = clients_of(accounts, {"default": {"awsAccessKey": "AKIALAB1", "awsSecretKey": "not-a-secret"}})
    document = deployed(vendors, host)
    requested(vendors, host, region="eu-west-1")
    assert refused(document, clients, plan("branded", host)) == ["validation.shared"]


def test_a_certificate_of_another_account_has_a_record_of_its_own(vendors: Lab, clients: Clients) -> None:
    host = "y1.example.net"
    document = deployed(vendors, host)
    requested(vendors, host, key="AKIALAB2")
    assert refused(document, clients, plan("branded", host)) == []


@pytest.mark.parametrize("status", ["FAILED", "VALIDATION_TIMED_OUT"])
def test_a_certificate_that_will_never_be_issued_needs_nothing(vendors: Lab, clients: Clients, status: str) -> None:
    host = f"z-{status}.example.net".lower().replace("_", "-")
    document = deployed(vendors, host)
    arn = requested(vendors, host)
    vendors.store.put("acm-certificate", arn, {**(vendors.store.get("acm-certificate", arn) or {}), "status": status})
    assert refused(document, clients, plan("branded", host)) == []


def test_our_own_older_certificate_that_is_still_to_be_deleted_needs_nothing(vendors: Lab, clients: Clients) -> None:
    host = "r1.example.net"
    document = deployed(vendors, host)
    document["deployment"]["resources"].append(resource(CERTIFICATE, host, id=requested(vendors, host), delete=True))
    assert refused(document, clients, plan("branded", host)) == []


def test_nobody_is_asked_while_the_record_stays(vendors: Lab) -> None:
    host = "s1.example.net"
    document = deployed(vendors, host)
    requested(vendors, host)
    assert judge(plan("ready", host), document, nobody) == []
    assert judge(plan("live", host), {}, nobody) == []


def test_an_edge_of_another_account_lets_go_of_the_record_too(vendors: Lab, clients: Clients) -> None:
    host = "t1.example.net"
    document = deployed(vendors, host)
    requested(vendors, host)
    assert refused(document, clients, plan("ready", host, "cdn")) == ["validation.shared"]


def test_an_account_that_cannot_be_asked_is_no_permission(vendors: Lab) -> None:
    host = "u1.example.net"
    document = deployed(vendors, host)
    nowhere = {"default": {"aws": {"endpoints": [{"acm": "http://127.0.0.1:9"}]}}}
    clients = clients_of(nowhere, {"default": {"awsAccessKey": "AKIALAB1", "awsSecretKey": "planted-9d2"}})
    with pytest.raises(LinkproofError, match="ACM of account default cannot be asked") as error:
        refused(document, clients, plan("branded", host))
    assert "planted-9d2" not in str(error.value)


def test_keeping_marks_the_record_alone_and_is_then_allowed(vendors: Lab, clients: Clients, tmp_path: Path) -> None:
    host = "k1.example.net"
    document = deployed(vendors, host)
    requested(vendors, host)
    engine = FakeEngine(tmp_path, [], json.loads(json.dumps(document["deployment"]["resources"])))
    assert keep(engine, host) == f"{host}/validation"  # type: ignore[arg-type]
    assert engine.imported is not None
    marked = {r["type"] for r in engine.imported["deployment"]["resources"] if r.get("retainOnDelete")}
    assert marked == {RECORD}
    assert judge(plan("branded", host), engine.imported, nobody) == []
    with pytest.raises(LinkproofError, match="no validation record of other"):
        keep(engine, "other.example.net")  # type: ignore[arg-type]
