"""Rulesets and SSL through the vendor's SDK, and what edges make of them."""

from __future__ import annotations

import logging
from typing import Any

import cloudflare
import httpx
import pytest
from linkproof_lab.edges.cloudflare.control_plane.expression import hosts_of
from linkproof_lab.edges.cloudflare.control_plane.served import proxied_hosts

from tests.lab.apis.conftest import ADMIN_TOKEN

CF_ZONE = "023e105f4ecef8ad9ca31a8372d0c353"
SSL_FULL = {
    "ref": "linkproof-ssl",
    "expression": 'http.host in {"url1.example.com" "url2.example.com"}',
    "action": "set_config",
    "action_parameters": {"ssl": "full", "bic": False, "email_obfuscation": False},
}


def create(lab: Any, phase: str = "http_config_settings", rules: Any = (SSL_FULL,), **fields: Any) -> Any:
    api = lab.cloudflare().rulesets
    made = api.create(zone_id=CF_ZONE, kind="zone", name="default", phase=phase, rules=list(rules), **fields)
    # The SDK types the answers of create and update as `object`, so they stay dicts; a get is a model.
    return api.get(made["id"], zone_id=CF_ZONE)


def error_of(error: Any) -> dict[str, Any]:
    return dict(error.value.body["errors"][0])


def test_a_ruleset_is_created_read_changed_and_deleted(lab: Any) -> None:
    api = lab.cloudflare().rulesets
    made = create(lab)
    (rule,) = made.rules
    assert (made.version, rule.version, rule.ref, rule.enabled) == ("1", "1", "linkproof-ssl", True)
    assert rule.action_parameters.ssl == "full"
    assert [r.id for r in api.list(zone_id=CF_ZONE)] == [made.id]
    changed_rule = {**SSL_FULL, "action_parameters": {"ssl": "strict"}}
    api.update(made.id, zone_id=CF_ZONE, rules=[changed_rule, {**SSL_FULL, "ref": "second"}])
    changed = api.get(made.id, zone_id=CF_ZONE)
    assert changed.version == "2"
    assert [(r.id == rule.id, r.version) for r in changed.rules] == [(True, "2"), (False, "1")]
    api.delete(made.id, zone_id=CF_ZONE)
    assert list(api.list(zone_id=CF_ZONE)) == []
    with pytest.raises(cloudflare.NotFoundError):
        api.get(made.id, zone_id=CF_ZONE)


def test_a_rule_that_is_sent_again_unchanged_keeps_its_version(lab: Any) -> None:
    made = create(lab)
    lab.cloudflare().rulesets.update(made.id, zone_id=CF_ZONE, rules=[SSL_FULL])
    again = lab.cloudflare().rulesets.get(made.id, zone_id=CF_ZONE)
    assert again.rules == made.rules
    assert again.version == "2"


def test_a_second_ruleset_of_a_phase_is_refused(lab: Any) -> None:
    create(lab)
    with pytest.raises(cloudflare.BadRequestError) as error:
        create(lab)
    because = "exceeded maximum number of zone rulesets for phase http_config_settings"
    assert error_of(error) == {
        "code": 20217,
        "message": f"'zone' is not a valid value for kind because {because}",
        "source": {"pointer": "/kind"},
    }
    create(lab, "http_request_cache_settings", [])


def test_the_entry_point_is_created_by_the_first_put(lab: Any) -> None:
    phases = lab.cloudflare().rulesets.phases
    with pytest.raises(cloudflare.NotFoundError) as error:
        phases.get("http_config_settings", zone_id=CF_ZONE)
    assert error_of(error)["code"] == 10003
    made = phases.update("http_config_settings", zone_id=CF_ZONE, rules=[SSL_FULL])
    assert phases.get("http_config_settings", zone_id=CF_ZONE).id == made["id"]
    assert phases.update("http_config_settings", zone_id=CF_ZONE, rules=[])["id"] == made["id"]
    url = f"{lab.settings.api_url('vendors/cloudflare')}/client/v4/zones/{CF_ZONE}/rulesets/phases/http_config_settings/entrypoint"
    answer = httpx.put(url, json={"kind": "zone", "rules": []}, headers={"Authorization": f"Bearer {ADMIN_TOKEN}"})
    assert answer.status_code == 400
    assert answer.json()["errors"][0]["message"] == "invalid JSON: unknown field kind"


def test_single_rules_are_added_changed_and_deleted(lab: Any) -> None:
    api = lab.cloudflare().rulesets.rules
    made = create(lab)
    added = api.create(made.id, zone_id=CF_ZONE, **{**SSL_FULL, "ref": "own"})
    assert [r["ref"] for r in added["rules"]] == ["linkproof-ssl", "own"]
    edited = api.edit(made.rules[0].id, ruleset_id=made.id, zone_id=CF_ZONE, **{**SSL_FULL, "enabled": False})
    assert [r["enabled"] for r in edited["rules"]] == [False, True]
    left = api.delete(made.rules[0].id, ruleset_id=made.id, zone_id=CF_ZONE)
    assert [r["ref"] for r in left["rules"]] == ["own"]


@pytest.mark.parametrize(
    ("rules", "pointer"),
    [
        ([{**SSL_FULL, "expression": ""}], "/rules/0/expression"),
        ([{**SSL_FULL, "expression": f'http.host eq "{"x" * 4096}"'}], "/rules/0/expression"),
        ([{**SSL_FULL, "action": "route"}], "/rules/0/action"),
        ([{**SSL_FULL, "action_parameters": {"ssl": "on"}}], "/rules/0/action_parameters/ssl"),
        ([SSL_FULL, SSL_FULL], "/rules/1/ref"),
        ([{**SSL_FULL, "ref": str(n)} for n in range(11)], "/rules"),
    ],
)
def test_a_rule_that_is_wrong_is_refused_with_its_place(lab: Any, rules: Any, pointer: str) -> None:
    with pytest.raises(cloudflare.BadRequestError) as error:
        create(lab, rules=rules)
    assert error_of(error)["source"]["pointer"] == pointer
    assert list(lab.cloudflare().rulesets.list(zone_id=CF_ZONE)) == []


@pytest.mark.parametrize(
    ("expression", "hosts"),
    [
        ('http.host eq "A.example.com"', {"a.example.com"}),
        ('(http.host == "a.b")', {"a.b"}),
        ('http.host in {"a.b" "c.d"}', {"a.b", "c.d"}),
        ('(http.host eq "a.b") or (http.host in {"c.d"})', {"a.b", "c.d"}),
        ("http.host in {}", set()),
    ],
)
def test_known_expressions_name_their_hosts(expression: str, hosts: set[str]) -> None:
    assert hosts_of(expression) == hosts


@pytest.mark.parametrize(
    "expression",
    [
        'http.host ne "a"',
        'http.host eq "a" and ip.src eq 1.1.1.1',
        "true",
        'http.host eq "a',
        '(http.host eq "a"',
        'http.host in {"a"',
        "",
    ],
)
def test_other_expressions_match_nothing(expression: str) -> None:
    assert hosts_of(expression) is None


def test_edges_see_each_proxied_host_with_its_settings(lab: Any, caplog: pytest.LogCaptureFixture) -> None:
    add = lab.cloudflare().dns.records.create
    add(zone_id=CF_ZONE, name="url1.example.com", type="CNAME", content="sendgrid.net", proxied=True, ttl=1)
    add(zone_id=CF_ZONE, name="other.example.com", type="CNAME", content="spgo.io", proxied=True, ttl=1)
    add(zone_id=CF_ZONE, name="plain.example.com", type="CNAME", content="spgo.io", ttl=1)
    unknown = {**SSL_FULL, "ref": "odd", "expression": 'http.host wildcard "*"', "action_parameters": {"ssl": "off"}}
    create(lab, rules=[SSL_FULL, unknown])
    bypass = {
        "action": "set_cache_settings",
        "expression": 'http.host eq "url1.example.com"',
        "action_parameters": {"cache": False},
    }
    create(lab, "http_request_cache_settings", [bypass])
    with caplog.at_level(logging.WARNING):
        first, second = proxied_hosts(lab.store)
    assert first == {
        "host": "url1.example.com",
        "zone_id": CF_ZONE,
        "zone": "example.com",
        "target": "sendgrid.net",
        "settings": {"ssl": "full", "cache": False, "headers": {}, "bic": False, "email_obfuscation": False},
    }
    assert second["settings"] == {
        "ssl": "flexible",
        "cache": True,
        "headers": {},
        "bic": True,
        "email_obfuscation": True,
    }
    assert "wildcard" in caplog.text


def test_universal_ssl_covers_the_apex_and_one_level(lab: Any) -> None:
    client = lab.cloudflare()
    (pack,) = list(client.ssl.certificate_packs.list(zone_id=CF_ZONE, status="all"))
    assert (pack.type, pack.status, pack.hosts) == ("universal", "active", ["example.com", "*.example.com"])
    assert client.ssl.universal.settings.get(zone_id=CF_ZONE).enabled is True
    client.ssl.universal.settings.edit(zone_id=CF_ZONE, enabled=False)
    assert list(client.ssl.certificate_packs.list(zone_id=CF_ZONE, status="all")) == []


def test_the_zone_setting_is_what_hosts_without_a_rule_get(lab: Any) -> None:
    client = lab.cloudflare()
    assert client.zones.settings.get("ssl", zone_id=CF_ZONE).value == "flexible"
    client.zones.settings.edit("ssl", zone_id=CF_ZONE, value="full")
    client.dns.records.create(zone_id=CF_ZONE, name="a.example.com", type="A", content="192.0.2.1", proxied=True, ttl=1)
    assert proxied_hosts(lab.store)[0]["settings"]["ssl"] == "full"
    with pytest.raises(cloudflare.BadRequestError):
        client.zones.settings.edit("ssl", zone_id=CF_ZONE, value="maybe")


def test_rulesets_survive_a_restart(lab: Any) -> None:
    made = create(lab)
    lab.restart()
    assert lab.cloudflare().rulesets.get(made.id, zone_id=CF_ZONE) == made
