"""Credentials by name: which provider instance builds what, and that no secret is anywhere else."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from linkproof.credentials import CredentialsError, UnknownAccountError
from linkproof.declaration.load import DeclarationError

from tests.program.declarations import COM, NET, link, text
from tests.program.recorded import KEPT, run

PLANTED = "planted-token-5b1f9c"
TWO = (
    """version: 1
zones:
  example.net: {dns: route53, id: Z0EXAMPLE0NET, account: dns}
  example.com: {dns: cloudflare, id: 023e105f4ecef8ad9ca31a8372d0c353, account: shop}
edges:
  aws: {provider: cloudfront, account: cdn}
  cf: {provider: cloudflare, account: shop}
links:
"""
    + link(NET, "live", "aws")
    + link(COM, "live", "cf", "two")
)


def test_dns_and_cdn_in_different_accounts_have_a_provider_each(tmp_path: Path) -> None:
    accounts = {
        "dns": {"aws": {"profile": "example-dns"}},
        "cdn": {"aws": {"profile": "example-cdn", "region": "eu-west-1"}},
        "shop": {},
    }
    made = run(TWO, accounts=accounts, work=tmp_path)
    by = {f"{r.kind} {r.name}": r.provider for r in made.resources if r.provider}
    assert by == {
        f"certificate {NET}": "aws-cdn",
        f"wait {NET}": "aws-cdn",
        f"distribution {NET}": "aws-cdn",
        "policy cdn/sendgrid.net/1": "aws-cdn",
        f"route53 {NET}/CNAME": "aws-dns",
        f"route53 {NET}/validation": "aws-dns",
        "route53 1234567.example.net/CNAME": "aws-dns",
        f"cloudflare {COM}/CNAME": "cloudflare-shop",
        "cloudflare 1234567.example.com/CNAME": "cloudflare-shop",
        "ruleset example.com/http_config_settings": "cloudflare-shop",
        "ruleset example.com/http_request_cache_settings": "cloudflare-shop",
    }
    profiles = {p.name: (p.inputs.get("profile"), p.inputs["region"]) for p in made.of("aws-provider")}
    assert profiles == {"aws-dns": ("example-dns", "us-east-1"), "aws-cdn": ("example-cdn", "eu-west-1")}
    assert made.get("certificate", NET).inputs["region"] == "us-east-1", "whatever the account's own region is"


def test_nothing_is_built_with_an_implicit_provider(tmp_path: Path) -> None:
    made = run(TWO, accounts={"dns": {}, "cdn": {}, "shop": {}}, work=tmp_path)
    bare = [
        r
        for r in made.resources
        if not r.provider and r.kind not in ("edge", "aws-provider", "cloudflare-provider", *KEPT)
    ]
    assert bare == []


def test_an_unknown_account_is_said_with_its_fix(tmp_path: Path) -> None:
    with pytest.raises(UnknownAccountError) as refused:
        run(TWO, accounts={"dns": {}, "shop": {}}, work=tmp_path)
    assert "account 'cdn' is not in config linkproof:accounts (it has: dns, shop)" in str(refused.value)
    assert "add it to Pulumi.test.yaml" in refused.value.fix


def test_a_declaration_with_problems_registers_nothing(tmp_path: Path) -> None:
    with pytest.raises(DeclarationError):
        run(text(link(NET, "live", "nowhere")), work=tmp_path)


# secrets ------------------------------------------------------------------------------------------
SECRETS = {
    "default": {"cloudflareApiToken": PLANTED, "awsAccessKey": f"AKIA{PLANTED}", "awsSecretKey": f"{PLANTED}-aws"}
}


def test_a_secret_reaches_its_provider_as_a_secret_and_nothing_else(tmp_path: Path) -> None:
    made = run(text(link(NET, "live", "aws"), link(COM, "live", "cf", "two")), secrets=SECRETS, work=tmp_path)
    aws, cloudflare = made.get("aws-provider", "aws-default"), made.get("cloudflare-provider", "cloudflare-default")
    assert {"accessKey", "secretKey"} <= aws.secrets
    assert "apiToken" in cloudflare.secrets
    assert (cloudflare.inputs["apiToken"], aws.inputs["secretKey"]) == (PLANTED, f"{PLANTED}-aws")
    for resource in made.resources:
        if resource not in (aws, cloudflare):
            assert PLANTED not in repr(resource)
    assert PLANTED not in repr(made.outputs)


def test_without_configured_secrets_a_provider_reads_its_own_environment(tmp_path: Path) -> None:
    made = run(text(link(NET, "live", "aws"), link(COM, "live", "cf", "two")), work=tmp_path)
    assert "accessKey" not in made.get("aws-provider", "aws-default").inputs
    assert "apiToken" not in made.get("cloudflare-provider", "cloudflare-default").inputs


def test_an_account_without_a_secret_of_its_own_is_given_none_not_null(tmp_path: Path) -> None:
    """A null would be an empty string to the real provider, which then leaves CLOUDFLARE_API_TOKEN alone."""
    made = run(TWO, accounts={"dns": {}, "cdn": {}, "shop": {}}, secrets=SECRETS, work=tmp_path)
    assert "apiToken" not in made.get("cloudflare-provider", "cloudflare-shop").inputs
    assert not {"accessKey", "secretKey"} & set(made.get("aws-provider", "aws-dns").inputs)


def test_roles_and_endpoints_reach_the_provider_in_its_own_words(tmp_path: Path) -> None:
    role = {"roleArn": "arn:aws:iam::222222222222:role/dns", "externalId": "x1", "duration": "30m", "sessionName": "s"}
    options = {"assumeRoles": [role], "endpoints": [{"acm": "http://127.0.0.1:1", "sts": "http://127.0.0.1:2"}]}
    made = run(text(link(NET, "live", "aws")), accounts={"default": {"aws": options}}, work=tmp_path)
    inputs = made.get("aws-provider", "aws-default").inputs
    assert json.loads(inputs["assumeRoles"]) == [role]
    assert json.loads(inputs["endpoints"]) == options["endpoints"]


def test_a_misspelt_key_registers_nothing(tmp_path: Path) -> None:
    with pytest.raises(CredentialsError) as refused:
        run(text(link(NET, "live", "aws")), accounts={"default": {"aws": {"profil": "x"}}}, work=tmp_path)
    assert "Pulumi.test.yaml: linkproof:accounts.default.aws.profil" in refused.value.problem
    assert refused.value.fix == "did you mean 'profile'?"


# what is imported ---------------------------------------------------------------------------------
@pytest.mark.parametrize(("links", "absent"), [
    (link(NET, "live", "aws"), "pulumi_cloudflare"),
    (link(COM, "live", "cf"), "pulumi_aws"),
])  # fmt: skip
def test_a_provider_s_sdk_is_imported_only_when_it_is_needed(tmp_path: Path, links: str, absent: str) -> None:
    file = tmp_path / "declaration.yaml"
    file.write_text(text(links))
    code = (
        "import sys; from pathlib import Path; from tests.program.recorded import KEPT, run;"
        f" made = run(Path({str(file)!r})); assert made.resources; print({absent!r} in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=120)
    assert done.stdout.strip() == "False"
