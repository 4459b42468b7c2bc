"""What the API holds for a host before its record is proxied, as a client of a few answers reads it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest
from linkproof.contract.declared import Edge, Zone
from linkproof.edges.cloudflare.ready import unready
from linkproof.errors import LinkproofError
from linkproof.names import HostName

HOST = "url1.example.com"
ZONE = Zone("example.com", HostName("example.com"), "cloudflare", "z1")
PACK = {"hosts": ["example.com", "*.example.com"], "status": "active"}
SSL = {"enabled": True, "expression": f'http.host in {{"{HOST}"}}', "action_parameters": {"ssl": "full"}}
CACHE = {"enabled": True, "expression": f'http.host in {{"{HOST}"}}', "action_parameters": {"cache": False}}

LATER = {"enabled": True, "action_parameters": {"ssl": "off"}}


class Api:
    def __init__(self, packs: Any = (PACK,), config: Any = (SSL,), cache: Any = (CACHE,)) -> None:
        self.packs, self.rules = packs, {"c": config, "k": cache}

    def get(self, path: str, query: Mapping[str, str]) -> Any:
        assert query in ({}, {"status": "all"})
        if path == "/zones/z1/ssl/certificate_packs":
            if isinstance(self.packs, Exception):
                raise self.packs
            return list(self.packs)
        if path == "/zones/z1/rulesets":
            phases = {"c": "http_config_settings", "k": "http_request_cache_settings"}
            held = [{"id": id_, "kind": "zone", "phase": phases[id_]} for id_, rules in self.rules.items() if rules]
            return [*held, {"id": "x", "kind": "managed", "phase": "http_config_settings"}]
        return {"rules": list(self.rules[path.rpartition("/")[2]])}


def told(**answers: Any) -> list[str]:
    api = Api(**answers)
    return list(unready(HOST, Edge("cf", "cloudflare"), ZONE, lambda vendor, account: api))


def test_a_certificate_and_both_rules_are_enough() -> None:
    assert told() == []
    assert told(packs=[{"hosts": [HOST], "status": "active"}]) == []


@pytest.mark.parametrize(
    ("packs", "words"),
    [
        ([], "no certificate of zone example.com covers"),
        ([{"hosts": ["*.b.example.com", "example.com"], "status": "active"}], "no certificate"),
        ([{**PACK, "status": "pending_validation"}], "not active yet: pending_validation"),
    ],
)
def test_a_certificate_is_missing_or_not_active(packs: Any, words: str) -> None:
    (said,) = told(packs=packs)
    assert words in said


def test_one_active_certificate_among_others_is_enough() -> None:
    assert told(packs=[{**PACK, "status": "initializing"}, PACK]) == []


def test_a_token_that_may_not_read_it_is_said_with_the_scope() -> None:
    with pytest.raises(LinkproofError, match="cannot be read: refused") as refused:
        told(packs=LinkproofError("refused"))
    assert "SSL and Certificates:Read" in str(refused.value)


@pytest.mark.parametrize(
    ("rules", "words"),
    [
        ([], "no enabled rule of ruleset phase http_config_settings sets ssl"),
        ([{**SSL, "enabled": False}], "no enabled rule"),
        ([{**SSL, "expression": 'http.host in {"url2.example.com"}'}], "no enabled rule"),
        ([SSL, {**SSL, "action_parameters": {"ssl": "flexible"}}], "says ssl = 'flexible', not 'full'"),
        ([SSL, {**LATER, "expression": '(http.request.method eq "GET")'}], "says ssl = 'off'"),
        ([SSL, {**LATER, "expression": 'http.host ne "www.example.com"'}], "says ssl = 'off'"),
    ],
)
def test_a_rule_is_missing_or_says_something_else(rules: Any, words: str) -> None:
    (said,) = told(config=rules)
    assert words in said


@pytest.mark.parametrize("expression", ["true", 'ends_with(http.host, ".example.com")', f'(http.host eq "{HOST}")'])
def test_somebody_elses_rule_may_name_more_than_the_host(expression: str) -> None:
    assert told(config=[{**SSL, "expression": expression}]) == []


@pytest.mark.parametrize(
    "rule",
    [
        {**SSL, "action_parameters": {"email_obfuscation": False}},
        {**LATER, "expression": 'http.host in {"www.example.com" "a.example.com"}'},
        {**LATER, "expression": '(http.host eq "www.example.com")'},
    ],
)
def test_a_later_rule_about_something_else_changes_nothing(rule: Any) -> None:
    assert told(config=[SSL, rule]) == []
