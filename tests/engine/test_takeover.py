"""What other people made becomes a declaration, then a stack, in five commands: nothing is changed, and it is proven."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.engine.elsewhere import Elsewhere
from tests.engine.sandbox import Sandbox, link, linked, sandbox
from tests.engine.test_adopt import held, ruleset, writes

LIVE = ("url1.example.net", "url2.example.net")
BRANDED, PROXIED = "url3.example.net", ("url4.example.com", "url5.example.com")


@pytest.fixture(scope="module")
def there(engine_present: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sandbox]:
    with sandbox(tmp_path_factory.mktemp("project"), 600.0) as made:
        # the lab learns from a declaration which zones and which sender's customers there are; then nothing is declared
        links = {f"n{n}": link(host, "branded", None) for n, host in enumerate((*LIVE, BRANDED, *PROXIED))}
        made.stack("dev", linked(links))
        made.declare("dev", {})
        others = Elsewhere(made)
        others.route53_record("1234567.example.net.", "sendgrid.net.", 600)
        others.route53_record(f"{BRANDED}.", "sendgrid.net", 600)
        others.route53_record("www.example.net.", "shop.example.com.", 60)
        others.links_at_cloudfront(*LIVE, ttl=600)
        others.cloudflare_record("1234567.example.com", "sendgrid.net", comment="do not touch")
        for host in PROXIED:
            others.cloudflare_record(host, "sendgrid.net", proxied=True, ttl=1)
        hosts = " ".join(f'"{host}"' for host in (*PROXIED, "www.example.com"))
        settings = {"ssl": "full", "bic": False, "email_obfuscation": False}
        others.cloudflare("POST", "/rulesets", ruleset(hosts, "http_config_settings", "set_config", settings))
        others.cloudflare(
            "POST", "/rulesets", ruleset(hosts, "http_request_cache_settings", "set_cache_settings", {"cache": False})
        )
        others.deployed()
        yield made


def test_from_other_people_s_zones_to_a_proven_stack(there: Sandbox) -> None:
    before, asked = held(there), writes(there)
    zones = ("--zone", "example.net", "--zone", "example.com")
    said = there.linkproof("init", "dev", "--dns", "route53", "--dns", "cloudflare", *zones).stdout
    file = there.root / "stacks" / "dev.yaml"
    text = file.read_text()
    assert "to decide" not in said, said + text
    for host in (*LIVE, BRANDED, *PROXIED):
        assert f"click_host: {host}" in text
    assert "www.example.net" not in text
    code, report = there.verify("dev")
    assert (code, report["findings"]) == (0, []), "what exists is proven before anything is deployed"
    # the one thing that the file asks a person to decide: the zone's rulesets are not ours
    assert "rulesets: external" in text
    file.write_text(text.replace("provider: cloudflare", "provider: cloudflare, rulesets: external"))
    taken = there.linkproof("adopt", "dev").stdout
    assert "taken over, nothing changed" in taken, taken
    assert set(there.steps_of_up("dev")) == {("create", host) for host in LIVE}, "the waits for certificates alone"
    code, report = there.verify("dev")
    assert (code, report["verdict"]) == (0, "proven"), report["findings"]
    (now, zones_now), (then, zones_then) = held(there), before
    now.pop("edge-certificate", None)  # Universal SSL, which the lab signs when somebody first comes
    assert (now, zones_now) == (then, zones_then)
    assert writes(there) == asked
    shown = there.linkproof("show", "dev").stdout
    assert "5 links: 1 branded, 4 live" in shown
