"""Our own clients look where the engine's provider looks: in the account whose role was assumed."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from linkproof.engine.clients import Clients
from linkproof.engine.find import find
from linkproof.errors import LinkproofError

from tests.engine_state.deployed import clients_of
from tests.engine_state.sts import Sts, sts
from tests.lab.apis.conftest import Lab

FIRST, SECOND = "arn:aws:iam::111111111111:role/hub", "arn:aws:iam::222222222222:role/dns"
CERTIFICATE = "aws:acm/certificate:Certificate"
MARK = {"linkproof:stack": "organization/linkproof/dev"}


def clients_with(service: Sts, vendors: Lab, *roles: dict[str, Any], **more: Any) -> Clients:
    endpoints = [{"acm": vendors.settings.api_url("vendors/aws"), "sts": service.url}]
    options = {"endpoints": endpoints, "assumeRoles": list(roles), **more}
    keys = {"awsAccessKey": "AKIABASE", "awsSecretKey": "not-a-secret"}
    return clients_of({"dns": {"aws": options}}, {"dns": keys})


def test_a_chain_of_roles_is_taken_with_each_one_s_keys(vendors: Lab) -> None:
    """A certificate in the last role's account is found, and the same one in the first account is not."""
    acm = vendors.aws("acm", "AKIASECOND")
    arn = acm.request_certificate(
        DomainName="chain.example.net", ValidationMethod="DNS", Tags=[{"Key": k, "Value": v} for k, v in MARK.items()]
    )["CertificateArn"]
    inputs = {"domainName": "chain.example.net", "region": "us-east-1", "tags": MARK}
    with sts({FIRST: "AKIAFIRST", SECOND: "AKIASECOND"}) as service:
        chain = clients_with(
            service,
            vendors,
            {"roleArn": FIRST},
            {"roleArn": SECOND, "externalId": "x1", "duration": "30m", "sessionName": "deploy"},
        )
        assert find(CERTIFICATE, inputs, chain, "dns") == arn
        assert find(CERTIFICATE, inputs, chain, "dns") == arn
        assert [signer for signer, _ in service.asked] == ["AKIABASE", "AKIAFIRST"], "each role once, in their order"
        asked = service.asked[1][1]
        assert (asked["RoleArn"], asked["ExternalId"]) == (SECOND, "x1")
        assert (asked["DurationSeconds"], asked["RoleSessionName"]) == ("1800", "deploy")
        assert find(CERTIFICATE, inputs, clients_with(service, vendors), "dns") is None, "another account"


def test_a_role_that_may_not_be_assumed_is_said_with_its_place(vendors: Lab) -> None:
    with sts({FIRST: "AKIAFIRST"}) as service:
        chain = clients_with(service, vendors, {"roleArn": FIRST}, {"roleArn": SECOND})
        with pytest.raises(LinkproofError, match="AccessDenied") as refused:
            chain.client("aws", "dns")
    assert refused.value.problem.startswith("Pulumi.dev.yaml: linkproof:accounts.dns.aws.assumeRoles[1]")
    assert "trust policy" in refused.value.fix


def test_a_profile_that_is_missing_is_said_with_its_place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "none"))
    with pytest.raises(LinkproofError, match=r"linkproof:accounts\.dns\.aws\.profile"):
        clients_of({"dns": {"aws": {"profile": "nobody"}}}, {}).client("aws", "dns")


def test_a_vendor_that_cannot_be_asked_is_said_without_a_traceback(vendors: Lab) -> None:
    nowhere = clients_of(
        {"default": {"aws": {"endpoints": [{"acm": "http://127.0.0.1:9"}]}}},
        {"default": {"awsAccessKey": "AKIABASE", "awsSecretKey": "not-a-secret"}},
    )
    with pytest.raises(LinkproofError, match=r"AWS gave no answer.*account default") as refused:
        find(CERTIFICATE, {"domainName": "a.example.net", "tags": MARK}, nowhere, "default")
    assert "not-a-secret" not in str(refused.value)


def test_an_account_that_the_config_lacks_asks_nobody() -> None:
    with pytest.raises(LinkproofError, match="account 'shop' is not in config"):
        clients_of({}, {}).client("cloudflare", "shop")


class CountingEngine:
    """One whose config has nothing, and that counts how often it is read."""

    stack = "dev"

    def __init__(self) -> None:
        self.reads = 0

    def must(self, *arguments: str) -> str:
        assert arguments[:2] == ("config", "--json")
        self.reads += 1
        return "{}"


def test_the_config_is_read_when_a_vendor_is_asked_and_once() -> None:
    engine: Any = CountingEngine()
    clients = Clients.when_asked(engine)
    assert engine.reads == 0
    assert clients() is clients()
    assert engine.reads == 1
