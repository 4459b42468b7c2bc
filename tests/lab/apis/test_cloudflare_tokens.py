"""Which tokens Cloudflare takes, and what each may do."""

from __future__ import annotations

from typing import Any

import httpx
import pytest
from linkproof_lab.vendors.cloudflare.facts import CLOUDFLARE_TOKEN

from tests.lab.apis.conftest import ADMIN_TOKEN, CF_ZONE

RECORD = {"type": "CNAME", "name": "t.example.com", "content": "sendgrid.net", "ttl": 300}
ENTRY = "rulesets/phases/{}/entrypoint"
CONFIG, CACHE, WAF = "http_config_settings", "http_request_cache_settings", "http_request_firewall_custom"


def call(lab: Any, token: str, method: str, path: str, body: Any = None, zone: str = CF_ZONE) -> httpx.Response:
    url = f"{lab.settings.api_url('vendors/cloudflare')}/client/v4/zones/{zone}/{path}".rstrip("/")
    return httpx.request(method, url, json=body, headers={"Authorization": f"Bearer {token}"}, trust_env=False)


def errors(answer: httpx.Response) -> tuple[int, Any]:
    return answer.status_code, answer.json()["errors"]


def may(lab: Any, token: str) -> dict[str, bool]:
    """What a token is let do; every other refusal than for its permissions would fail the test."""
    tried = {
        "Zone:Read": ("GET", "", None),
        "DNS:Read": ("GET", "dns_records", None),
        "DNS:Edit": ("POST", "dns_records", RECORD),
        "Config Rules:Edit": ("PUT", ENTRY.format(CONFIG), {"rules": []}),
        "Cache Rules:Edit": ("PUT", ENTRY.format(CACHE), {"rules": []}),
        "Zone WAF:Edit": ("PUT", ENTRY.format(WAF), {"rules": []}),
        "Zone Settings:Edit": ("PATCH", "settings/ssl", {"value": "full"}),
    }
    found = {}
    for scope, (method, path, body) in tried.items():
        answer = call(lab, token, method, path, body)
        assert answer.status_code in (200, 403), (scope, answer.text)
        found[scope] = answer.status_code == 200
        if scope == "DNS:Edit" and found[scope]:
            call(lab, token, "DELETE", f"dns_records/{answer.json()['result']['id']}")
    return found


def test_the_lab_s_own_token_may_do_what_the_readme_asks_for_and_no_more(lab: Any) -> None:
    assert 40 <= len(CLOUDFLARE_TOKEN) <= 80
    allowed = {scope for scope, is_allowed in may(lab, CLOUDFLARE_TOKEN).items() if is_allowed}
    assert allowed == {"Zone:Read", "DNS:Read", "DNS:Edit", "Config Rules:Edit", "Cache Rules:Edit"}


def test_an_administrator_s_token_may_do_all(lab: Any) -> None:
    assert all(may(lab, ADMIN_TOKEN).values())


@pytest.mark.parametrize(
    ("scope", "allowed"),
    [
        ("Zone:Read", {"Zone:Read"}),
        ("DNS:Read", {"DNS:Read"}),
        ("DNS:Edit", {"DNS:Read", "DNS:Edit"}),
        ("Config Rules:Edit", {"Config Rules:Edit"}),
        ("Cache Rules:Edit", {"Cache Rules:Edit"}),
    ],
)
def test_each_scope_is_a_permission_of_its_own(lab: Any, scope: str, allowed: set[str]) -> None:
    token = lab.token(f"scoped-{scope.replace(' ', '-').replace(':', '_')}".ljust(40, "0"), scope)
    assert {name for name, is_allowed in may(lab, token).items() if is_allowed} == allowed


def test_a_missing_permission_is_refused_in_the_vendor_s_words(lab: Any) -> None:
    token = lab.token("without-anything".ljust(40, "0"))
    unauthorized = (403, [{"code": 10000, "message": "Authentication error"}])
    assert errors(call(lab, token, "POST", "dns_records", RECORD)) == unauthorized
    body = {"kind": "zone", "name": "default", "phase": CONFIG, "rules": []}
    assert errors(call(lab, token, "POST", "rulesets", body)) == (403, [{"message": "request is not authorized"}])
    assert errors(call(lab, token, "GET", ""))[1][0]["code"] == 9109


def test_a_token_of_another_zone_sees_nothing_here(lab: Any) -> None:
    token = lab.token("of-another-zone".ljust(40, "0"), "*", zones=("0" * 32,))
    assert not any(may(lab, token).values())
    url = f"{lab.settings.api_url('vendors/cloudflare')}/client/v4/zones"
    listed = httpx.get(url, headers={"Authorization": f"Bearer {token}"}, trust_env=False).json()
    assert listed["result"] == []
    assert httpx.get(url, headers={"Authorization": f"Bearer {ADMIN_TOKEN}"}, trust_env=False).json()["result"]


@pytest.mark.parametrize(
    ("token", "status", "code", "verified"),
    [
        ("nobody-has-made-this-token-0123456789-abcdef", 403, 10000, 401),
        ("t" * 39, 400, 6003, 400),
        ("t" * 81, 400, 6003, 400),
        ("with a space and long enough to be a token", 400, 6003, 400),
    ],
)
def test_a_token_that_is_none_is_refused(lab: Any, token: str, status: int, code: int, verified: int) -> None:
    found = errors(call(lab, token, "GET", "dns_records"))
    assert (found[0], found[1][0]["code"]) == (status, code)
    verify = f"{lab.settings.api_url('vendors/cloudflare')}/client/v4/user/tokens/verify"
    answer = httpx.get(verify, headers={"Authorization": f"Bearer {token}"}, trust_env=False)
    assert answer.status_code == verified


def test_no_file_of_the_lab_holds_a_token(lab: Any) -> None:
    token = lab.token("planted-in-a-document".ljust(40, "0"), "*")
    assert call(lab, token, "GET", "dns_records").status_code == 200
    for file in lab.settings.state_dir.rglob("*"):
        assert not file.is_file() or token.encode() not in file.read_bytes(), file
