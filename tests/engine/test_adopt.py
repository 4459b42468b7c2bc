"""What other people made is taken over with the real engine, and nothing of it is changed."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from linkproof_lab.apis.request_log import requests

from tests.engine.elsewhere import Elsewhere
from tests.engine.sandbox import Sandbox, link, linked, sandbox

NET, COM = "url1.example.net", "url1.example.com"
HOSTS = f'"{COM}" "www.example.com"'


def declaration(phase: str = "live") -> dict[str, Any]:
    declared = linked({"one": link(NET, phase, ttl_seconds=600), "two": link(COM, edge="cf")})
    declared["edges"]["cf"]["rulesets"] = "external"
    return declared


def made_by_others(box: Sandbox) -> Elsewhere:
    """One link behind CloudFront in a Route 53 zone, and one behind Cloudflare."""
    others = Elsewhere(box)
    others.route53_record("1234567.example.net.", "sendgrid.net.", 600)
    others.links_at_cloudfront(NET, ttl=600)
    # a second certificate of the host, which the same record proves
    others.issued(others.certificate(NET))
    others.cloudflare_record("1234567.example.com", "sendgrid.net", comment="do not touch")
    others.cloudflare_record(COM, "sendgrid.net", proxied=True, ttl=1, comment="ask Jo")
    others.cloudflare(
        "POST", "/rulesets", ruleset(HOSTS, "http_config_settings", "set_config", {"ssl": "full", "bic": False})
    )
    others.cloudflare(
        "POST", "/rulesets", ruleset(HOSTS, "http_request_cache_settings", "set_cache_settings", {"cache": False})
    )
    others.deployed()
    return others


def ruleset(hosts: str, phase: str, action: str, parameters: dict[str, Any]) -> dict[str, Any]:
    rules = [{"expression": f"http.host in {{{hosts}}}", "action": action, "action_parameters": parameters}]
    return {"name": "ours", "kind": "zone", "phase": phase, "rules": rules}


def held(box: Sandbox) -> Any:
    """All that the vendors hold, with the serial of each zone."""
    with box.control as control:
        dump = control.dump()
    return {kind: found for kind, found in dump["documents"].items() if not kind.startswith("click")}, dump["zones"]


def writes(box: Sandbox) -> list[dict[str, object]]:
    """Requests to change something that any API was sent so far."""
    return [one for one in requests(box.lab.request_log) if one["writes"]]


@pytest.fixture(scope="module")
def there(engine_present: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sandbox]:
    with sandbox(tmp_path_factory.mktemp("project")) as made:
        made.stack("dev", declaration())
        made_by_others(made)
        yield made


def test_what_exists_is_taken_over_and_no_api_is_asked_to_change_anything(there: Sandbox) -> None:
    before, asked = held(there), writes(there)
    assert asked, "the log sees what other people did"
    said = there.linkproof("adopt", "dev").stdout
    assert "8 objects taken over, nothing changed" in said
    there.linkproof("guard", "dev")
    assert there.steps_of_up("dev") == [("create", NET)], "the wait for the certificate, which is no object"
    assert held(there) == before
    assert writes(there) == asked
    assert there.verify("dev")[0] == 0
    assert "nothing more exists" in there.linkproof("adopt", "dev").stdout


def test_an_adopted_record_may_have_been_anything_until_now(there: Sandbox) -> None:
    """Back at the sender, the edge must wait for answers of the longest TTL that a resolver keeps, not for 600 s."""
    for phase in ("ready", "branded"):
        there.declare("dev", declaration(phase))
        refused = there.linkproof("guard", "dev", code=0 if phase == "ready" else 2)
        if phase == "ready":
            assert there.steps_of_up("dev") == [("update", f"{NET}/CNAME")], "it moves, though its spelling was kept"
    assert "nobody knows what the record was before" in refused.stdout
    assert "validation.shared" in refused.stdout, "what others are proved by is used, and never deleted"
