"""The stack's accounts: every key is known or refused with its place, and no value is shown."""

from __future__ import annotations

import json
from typing import Any

import pytest
from linkproof.credentials import CredentialsError, UnknownAccountError, read_credentials
from linkproof.vendors.aws.account import duration_seconds

PLANTED = "planted-5b1f9c"
ROLE = "arn:aws:iam::222222222222:role/dns"


def problems(accounts: Any = None, secrets: Any = None) -> list[tuple[str, str, str]]:
    with pytest.raises(CredentialsError) as refused:
        read_credentials(accounts, secrets, "prod")
    assert PLANTED not in str(refused.value)
    return refused.value.problems


@pytest.mark.parametrize(("accounts", "place", "fix"), [
    ({"brand": {"aws": {"profil": PLANTED}}}, "brand.aws.profil", "did you mean 'profile'?"),
    ({"brand": {"asw": {}}}, "brand.asw", "did you mean 'aws'?"),
    ({"brand": {"profile": PLANTED}}, "brand.profile", "use one of: aws, azure, cloudflare, fastly, gcp, keycdn, rfc2136, sendgrid, sparkpost"),
    ({"brand": {"cloudflare": {"baseURL": PLANTED}}}, "brand.cloudflare.baseURL", "did you mean 'baseUrl'?"),
    ({"brand": {"cloudflare": {"apiToken": PLANTED}}}, "brand.cloudflare.apiToken", "use one of: baseUrl"),
    ({"brand": {"aws": {"assumeRole": [{"roleArn": ROLE}]}}}, "brand.aws.assumeRole", "did you mean 'assumeRoles'?"),
    ({"brand": {"aws": {"assumeRoles": [{"roleArn": ROLE}, {"roleARN": ROLE, "roleArn": ROLE}]}}}, "brand.aws.assumeRoles[1].roleARN", "did you mean 'roleArn'?"),
    ({"brand": {"aws": {"endpoints": [{"rout53": PLANTED}]}}}, "brand.aws.endpoints[0].rout53", "did you mean 'route53'?"),
])  # fmt: skip
def test_a_misspelt_key_is_refused_with_its_place_and_the_key_that_was_meant(
    accounts: Any, place: str, fix: str
) -> None:
    ((found, what, offered),) = problems(accounts)
    assert found == f"Pulumi.prod.yaml: linkproof:accounts.{place}"
    assert what.startswith("unknown key")
    assert offered == fix


@pytest.mark.parametrize("accounts", [
    {"brand": {"aws": {"profile": 7}}},
    {"brand": {"aws": {"profile": ""}}},
    {"brand": {"aws": {"assumeRoles": {"roleArn": ROLE}}}},
    {"brand": {"aws": {"assumeRoles": [{"externalId": PLANTED}]}}},
    {"brand": {"aws": {"assumeRoles": [{"roleArn": "dns"}]}}},
    {"brand": {"aws": {"assumeRoles": [{"roleArn": ROLE, "duration": "1 hour"}]}}},
    {"brand": {"aws": {"assumeRoles": [{"roleArn": ROLE, "duration": "13h"}]}}},
    {"brand": {"aws": [PLANTED]}},
    {"brand": PLANTED},
    [PLANTED],
    PLANTED,
])  # fmt: skip
def test_a_value_of_another_kind_is_refused_with_its_place(accounts: Any) -> None:
    ((place, _, fix),) = problems(accounts)
    assert place.startswith("Pulumi.prod.yaml: linkproof:accounts")
    assert fix


@pytest.mark.parametrize(("secrets", "place"), [
    ({"brand": {"cloudflareToken": PLANTED}}, "brand.cloudflareToken"),
    ({"brnad": {"cloudflareApiToken": PLANTED}}, "brnad"),
    ({"brand": {"awsAccessKey": PLANTED}}, "brand"),
    ({"brand": {"cloudflareApiToken": ""}}, "brand.cloudflareApiToken"),
])  # fmt: skip
def test_secrets_are_as_strict(secrets: Any, place: str) -> None:
    ((found, _, fix),) = problems({"brand": {}}, secrets)
    assert found == f"Pulumi.prod.yaml: linkproof:secrets.{place}"
    assert fix


def test_every_problem_is_said_at_once() -> None:
    found = problems({"a": {"aws": {"profil": "x"}}, "b": {"aws": {"regoin": "x"}}}, {"c": {"token": PLANTED}})
    assert len(found) == 4, "two keys, one secret's name, and an account that nobody has"


def test_an_account_may_be_empty_and_default_may_be_left_out() -> None:
    read = read_credentials(json.dumps({"brand": None, "web": {"aws": None}}), None, "prod")
    for name in ("brand", "web", "default"):
        assert read.options("aws", name).region == "us-east-1"
        assert read.options("aws", name).profile is None
        assert read.secrets("cloudflare", name).cloudflare_api_token is None


def test_an_account_that_nobody_has_is_said_with_the_nearest() -> None:
    read = read_credentials({"network": {}}, None, "prod")
    with pytest.raises(UnknownAccountError, match="account 'netwrok' is not in config") as refused:
        read.options("aws", "netwrok")
    assert "did you mean 'network'?" in refused.value.fix
    assert "Pulumi.prod.yaml" in refused.value.fix


def test_a_secret_is_in_no_text_of_the_form() -> None:
    read = read_credentials({}, {"default": {"cloudflareApiToken": PLANTED}}, "prod")
    token = read.secrets("cloudflare", "default").cloudflare_api_token
    assert token is not None
    assert token.get_secret_value() == PLANTED
    assert PLANTED not in repr(read.secrets("cloudflare", "default"))


@pytest.mark.parametrize(("text", "seconds"), [("15m", 900), ("1h", 3600), ("1h30m", 5400), ("900s", 900)])
def test_durations(text: str, seconds: int) -> None:
    assert duration_seconds(text) == seconds
