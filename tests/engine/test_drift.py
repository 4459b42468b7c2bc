"""A quiet night, and one on which twelve people were busy: each thing is named once, by the right name, and nothing is written."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from linkproof_lab.senders.sendgrid.facts import SENDGRID_KEY

from tests.engine.elsewhere import Elsewhere, items
from tests.engine.sandbox import Sandbox, link, linked, sandbox
from tests.engine.test_sendgrid import ask, end_fault, fault

ORG = {"example.org": {"dns": "cloudflare", "id": "aa3e105f4ecef8ad9ca31a8372d0c353"}}
MAIL = {"mail.example.com": {"subdomain": "em1", "automatic_security": True}}


def declaration() -> dict[str, Any]:
    links = {
        "cut": link("url1.example.net"),
        "swap": link("url4.example.net"),
        "proxy": link("url2.example.com", edge="cf", owner="7654321.example.com"),
        "brand": {"sender": "mail", "click_host": "url3.example.com", "phase": "branded"},
        "moved": link("url5.example.org", "branded", None),
    }
    mail = {"provider": "sendgrid", "manage": {"domains": MAIL}}
    found = linked(links, senders={"mail": mail}, nonce="acme-dev-7f3a9c")
    return {**found, "zones": {**found["zones"], **ORG}}


@pytest.fixture(scope="module")
def night(engine_present: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sandbox]:
    with sandbox(tmp_path_factory.mktemp("project")) as box:
        options = {
            "baseUrl": box.lab.api_url("senders/sendgrid"),
            "rootHints": str(box.lab.hints_file),
            "dnsPort": box.lab.dns_port,
        }
        box.stack("dev", declaration(), options={"sendgrid": options}, secrets={"sendgridApiKey": SENDGRID_KEY})
        box.pulumi("up", "--stack", "dev", "--yes", "--skip-preview", "--suppress-outputs")
        yield box


def drift(box: Sandbox, *more: str) -> tuple[int, dict[str, Any]]:
    done = box.linkproof("drift", "dev", "--json", *more, code=None)
    assert done.stdout.startswith("{"), done.stdout + done.stderr
    return done.returncode, json.loads(done.stdout)


def named(report: dict[str, Any]) -> dict[str, str]:
    (stack,) = report["stacks"]
    keys = [f"{one['subject']}:{one['property']}".removesuffix(":") for one in stack["items"]]
    assert len(keys) == len(set(keys)), f"named twice: {keys}"
    return dict(zip(keys, (one["kind"] for one in stack["items"]), strict=True))


def files(root: Path) -> dict[str, str]:
    """All of the project but what the lab itself keeps."""
    return {
        str(file.relative_to(root)): hashlib.sha256(file.read_bytes()).hexdigest()
        for file in sorted(root.rglob("*"))
        if file.is_file() and ".linkproof/lab" not in str(file) and not file.is_relative_to(root / "infra")
    }


def test_a_quiet_night_says_nothing_and_writes_nothing(night: Sandbox) -> None:
    before = files(night.root)
    issue = night.root.parent / "issue.md"
    code, report = drift(night, "--report", f"markdown={issue}")
    assert (code, named(report), report["quiet"]) == (0, {}, True), json.dumps(report, indent=1)
    assert issue.read_text() == ""
    assert files(night.root) == before


def test_each_of_twelve_things_is_named_once_and_rightly(night: Sandbox) -> None:
    busy(night)
    before = files(night.root)
    code, report = drift(night)
    assert code == 1
    assert named(report) == {
        "url1.example.net/CNAME:protect": "drift",
        "7654321.example.com/CNAME:content": "drift",
        "url2.example.com/CNAME:proxied": "drift",
        "url1.example.net:aliases": "drift",
        "default/sendgrid.net/1:queryStringsConfig.queryStringBehavior": "drift",
        "url4.example.net:viewerCertificate.acmCertificateArn": "drift",
        "1234567.example.net/CNAME:ttl": "drift",
        "example.net:duplicate": "drift",
        "_linkproof.url2.example.com/TXT:dns.wrong-value": "drift",
        "example.org:dns.lame-refused": "drift",
        "url3.example.com/brand": "missing",
        "s1._domainkey.mail.example.com/CNAME": "missing",
    }, json.dumps(report, indent=1)
    assert files(night.root) == before


def test_what_dangles_after_that_night_is_named_in_the_order_to_mend(night: Sandbox) -> None:
    done = night.linkproof("dangling", "dev", "--json", code=1)
    report = json.loads(done.stdout)
    fates = {one["name"]: one["fate"] for one in report["names"]}
    assert fates["url1.example.net"] == "gone", "the alias is on no distribution of ours"
    assert fates["7654321.example.com"] == "claimable", "wrong.example is nobody's domain"
    assert fates["url4.example.net"] == "ours"
    assert fates["url5.example.org"] == "not known"
    order = [one["name"] for one in report["names"]]
    assert order[0] == "7654321.example.com"
    assert order.index("url1.example.net") < order.index("url5.example.org") < order.index("url4.example.net")


def test_an_api_that_refuses_hides_nothing_of_the_others(night: Sandbox) -> None:
    fault(night, "down", path="/v3/*", status=401)
    try:
        code, report = drift(night)
    finally:
        end_fault(night, "down")
    found = named(report)
    assert code == 1
    assert [kind for kind in found.values() if kind == "could not check"] == ["could not check"]
    assert found["url4.example.net:viewerCertificate.acmCertificateArn"] == "drift"
    assert "url3.example.com/brand" not in found


def busy(box: Sandbox) -> None:
    """What twelve people do behind the engine's back, each at a vendor's API."""
    others = Elsewhere(box)
    record(others, "7654321.example.com", content="wrong.example")
    record(others, "url2.example.com", proxied=False)
    others.cloudflare("DELETE", f"/dns_records/{held(others, 's1._domainkey.mail.example.com')['id']}")
    extra = {"name": "_linkproof.url2.example.com", "type": "TXT", "content": '"acme-prod-000000"', "ttl": 300}
    others.cloudflare("POST", "/dns_records", extra)
    others.route53_record("1234567.example.net.", "sendgrid.net.", 900)
    others.aws("route53").create_hosted_zone(Name="example.net", CallerReference="by mistake")
    distribution(others, "url1.example.net", lambda config: config.update(Aliases=items()))
    swapped = others.certificate("url4.example.net")
    others.issued(swapped)
    distribution(
        others, "url4.example.net", lambda config: config["ViewerCertificate"].update(ACMCertificateArn=swapped)
    )
    policy(others)
    (branded,) = [one for one in ask(box, "GET", "whitelabel/links").json() if one["subdomain"] == "url3"]
    assert ask(box, "DELETE", f"whitelabel/links/{branded['id']}").status_code == 204
    with box.control as control:
        servers = {"name": "example.org", "type": "NS", "ttl": 300, "data": ["ns1.manual-dns.lab."]}
        control.set_records("org", [servers])
    (urn,) = [
        one["urn"]
        for one in box.state("dev")["deployment"]["resources"]
        if one["urn"].endswith("::url1.example.net/CNAME")
    ]
    box.pulumi("state", "unprotect", urn, "--yes", "--stack", "dev")


def held(others: Elsewhere, name: str) -> dict[str, Any]:
    found: dict[str, Any] = others.cloudflare("GET", f"/dns_records?name={name}")[0]
    return found


def record(others: Elsewhere, name: str, **change: Any) -> None:
    others.cloudflare("PATCH", f"/dns_records/{held(others, name)['id']}", change)


def distribution(others: Elsewhere, host: str, change: Any) -> None:
    cloudfront = others.aws("cloudfront")
    listed = cloudfront.list_distributions()["DistributionList"]["Items"]
    (id_,) = [one["Id"] for one in listed if host in one["Aliases"].get("Items", [])]
    found = cloudfront.get_distribution_config(Id=id_)
    config = found["DistributionConfig"]
    change(config)
    cloudfront.update_distribution(Id=id_, IfMatch=found["ETag"], DistributionConfig=config)


def policy(others: Elsewhere) -> None:
    cloudfront = others.aws("cloudfront")
    (one,) = cloudfront.list_origin_request_policies(Type="custom")["OriginRequestPolicyList"]["Items"]
    found = cloudfront.get_origin_request_policy(Id=one["OriginRequestPolicy"]["Id"])
    config = found["OriginRequestPolicy"]["OriginRequestPolicyConfig"]
    config["QueryStringsConfig"] = {"QueryStringBehavior": "none"}
    cloudfront.update_origin_request_policy(
        Id=one["OriginRequestPolicy"]["Id"], IfMatch=found["ETag"], OriginRequestPolicyConfig=config
    )
