"""cloudflare:index/ruleset:Ruleset against the lab's Cloudflare API."""

from __future__ import annotations

import pytest

from tests.lab.providers.harness import CF_ZONE, RefusedError, cloudflare_api

TOKEN = "cloudflare:index/ruleset:Ruleset"


def rule(ref="linkproof-1", **parameters):
    return {
        "ref": ref,
        "action": "set_config",
        "expression": 'http.host in {"a.example.com"}',
        "actionParameters": {"ssl": "full", "emailObfuscation": False, **parameters},
    }


def ruleset(*rules, phase="http_config_settings", **changes):
    return {"zoneId": CF_ZONE, "name": "linkproof", "kind": "zone", "phase": phase, "rules": list(rules), **changes}


@pytest.fixture
def resource(cloudflare):
    return cloudflare.resource(TOKEN)


def test_a_ruleset_lives_from_create_to_delete(resource, lab):
    resource.create(ruleset(rule()))
    held = cloudflare_api(lab, "GET", f"rulesets/{resource.id}").json()["result"]["rules"][0]
    assert held["action_parameters"] == {"ssl": "full", "email_obfuscation": False}
    assert resource.changed(ruleset({**rule(), "enabled": True, "description": ""})) == (set(), set())
    assert resource.refresh()[0] == ruleset(rule())
    more = ruleset(rule(), rule("linkproof-2", bic=False))
    assert resource.changed(more) == ({"rules[1]"}, set())
    resource.update(more)
    assert resource.outputs["version"] == "2"
    assert resource.refresh()[0] == more
    resource.delete()
    assert resource.refresh() is None
    assert cloudflare_api(lab, "GET", "rulesets/phases/http_config_settings/entrypoint").status_code == 404


def test_an_entry_point_that_exists_is_refused_in_the_vendor_s_words_and_can_be_imported(resource, cloudflare, lab):
    body = {"rules": [{"action": "set_config", "expression": "true", "action_parameters": {"ssl": "strict"}}]}
    theirs = cloudflare_api(lab, "PUT", "rulesets/phases/http_config_settings/entrypoint", body).json()["result"]
    with pytest.raises(RefusedError, match=r"HTTP 400, 20217: .*exceeded maximum number of zone rulesets") as refused:
        resource.create(ruleset(rule()))
    assert "import" not in str(refused.value)
    assert cloudflare_api(lab, "GET", f"rulesets/{theirs['id']}").json()["result"] == theirs
    ruleset_id, inputs, _ = cloudflare.resource(TOKEN).imported(f"zones/{CF_ZONE}/{theirs['id']}")
    assert ruleset_id == theirs["id"]
    assert inputs["rules"] == [{"action": "set_config", "expression": "true", "actionParameters": {"ssl": "strict"}}]
    cloudflare_api(lab, "DELETE", f"rulesets/{theirs['id']}")


def test_an_empty_entry_point_exists_too(resource, lab):
    empty = cloudflare_api(lab, "PUT", "rulesets/phases/http_config_settings/entrypoint", {"rules": []}).json()[
        "result"
    ]
    with pytest.raises(RefusedError, match="20217"):
        resource.create(ruleset(rule()))
    cloudflare_api(lab, "DELETE", f"rulesets/{empty['id']}")
    resource.create(ruleset(rule()))
    whole, resource.outputs = resource.outputs, ruleset(rule())
    with pytest.raises(RefusedError, match="missing required ruleset_id parameter"):
        resource.refresh()
    resource.outputs = whole
    resource.delete()


@pytest.mark.parametrize("name", ["name", "kind", "phase", "zoneId"])
def test_identity_replaces_and_content_does_not(resource, name):
    resource.inputs = {**ruleset(rule()), name: "before" if name != "kind" else "root"}
    assert resource.changed(ruleset(rule(ssl="strict"), description="new")) == (
        {name, "description", "rules[0].actionParameters.ssl"},
        {name},
    )


def test_rules_changed_by_hand_are_drift(resource, lab):
    resource.create(ruleset(rule(), phase="http_config_settings"))
    held = cloudflare_api(lab, "GET", f"rulesets/{resource.id}").json()["result"]["rules"][0]
    cloudflare_api(lab, "PATCH", f"rulesets/{resource.id}/rules/{held['id']}", {"enabled": False})
    inputs, resource.outputs = resource.refresh()
    assert inputs["rules"][0]["enabled"] is False
    resource.inputs = inputs
    assert resource.changed(ruleset(rule()))[0] == {"rules[0].enabled"}
    resource.delete()


def test_header_names_keep_their_case_and_plural_lists_their_api_name(resource, lab):
    cache = {
        "ref": "linkproof-cache",
        "action": "set_cache_settings",
        "expression": "true",
        "actionParameters": {
            "cache": True,
            "edgeTtl": {"mode": "respect_origin", "statusCodeTtls": [{"statusCode": 404, "value": 0}]},
            "cacheKey": {"customKey": {"header": {"contains": {"X-Brand": ["a"]}, "checkPresences": ["x-b"]}}},
        },
    }
    inputs = ruleset(cache, phase="http_request_cache_settings")
    resource.create(inputs)
    held = cloudflare_api(lab, "GET", f"rulesets/{resource.id}").json()["result"]["rules"][0]["action_parameters"]
    assert held["edge_ttl"] == {"mode": "respect_origin", "status_code_ttl": [{"status_code": 404, "value": 0}]}
    assert held["cache_key"]["custom_key"]["header"] == {"contains": {"X-Brand": ["a"]}, "check_presence": ["x-b"]}
    assert resource.refresh()[0] == inputs
    resource.delete()


@pytest.mark.stand_in_only("its checks have other words")
def test_check_names_a_misspelt_parameter_and_a_repeated_ref(resource):
    failures = resource.failures(ruleset(rule(sssl="full"), rule()))
    assert "unknown property" in failures["rules[0].actionParameters.sssl"]
    assert "linkproof-1" in failures["rules"]
