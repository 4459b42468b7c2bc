"""Sixty links of other people's making, in two zones and two AWS accounts, five of them odd, are taken over and proven."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from tests.engine.elsewhere import CACHING_OPTIMIZED, Elsewhere
from tests.engine.sandbox import Sandbox, link, linked, sandbox
from tests.engine.test_adopt import held, ruleset, writes

BRAND_KEY = "AKIDLABBRAND"
AT_AWS = tuple(f"url{number}.example.net" for number in range(100, 110))
AT_BRAND = tuple(f"url{number}.example.com" for number in range(120, 124))
AT_CLOUDFLARE = tuple(f"url{number}.example.com" for number in range(200, 246))
CACHED, MORE_ORIGINS, ELLIPTIC, SLOW, COMPRESSED = AT_AWS[3], AT_AWS[5], AT_AWS[7], AT_AWS[9], AT_BRAND[2]
SECONDS = 900.0


def declaration() -> dict[str, Any]:
    links = {f"n{n}": link(host, ttl_seconds=3600 if host == SLOW else 300) for n, host in enumerate(AT_AWS)}
    links |= {f"b{n}": link(host, edge="brand") for n, host in enumerate(AT_BRAND)}
    links |= {f"c{n}": link(host, edge="cf") for n, host in enumerate(AT_CLOUDFLARE)}
    declared = linked(links)
    declared["edges"] |= {"brand": {"provider": "cloudfront", "account": "brand"}}
    declared["edges"]["cf"]["rulesets"] = "external"
    return declared


@pytest.fixture(scope="module")
def there(engine_present: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sandbox]:
    with sandbox(tmp_path_factory.mktemp("project"), SECONDS) as made:
        # accounts before their edges: `stack` asks for the whole declaration
        made.stack("dev", declaration())
        made.aws_account("dev", "brand", BRAND_KEY)
        others, brand = Elsewhere(made), Elsewhere(made, BRAND_KEY)
        others.route53_record("1234567.example.net.", "sendgrid.net.")
        others.cloudflare_record("1234567.example.com", "sendgrid.net", comment="SendGrid, do not touch")
        plain = [host for host in AT_AWS if host != SLOW]
        others.links_at_cloudfront(
            *plain,
            certificates={ELLIPTIC: {"KeyAlgorithm": "EC_prime256v1"}},
            odd={CACHED: {"CachePolicyId": CACHING_OPTIMIZED}, MORE_ORIGINS: {"extra_origin": True}},
        )
        others.links_at_cloudfront(SLOW, ttl=3600)
        brand.links_at_cloudfront(*AT_BRAND, odd={COMPRESSED: {"Compress": True}})
        for number, host in enumerate(AT_CLOUDFLARE):
            others.cloudflare_record(host, "sendgrid.net", proxied=True, ttl=1, comment=f"batch {number}")
        hosts = " ".join(f'"{host}"' for host in (*AT_CLOUDFLARE, "www.example.com"))
        settings = {"ssl": "full", "bic": False, "email_obfuscation": False}
        others.cloudflare("POST", "/rulesets", ruleset(hosts, "http_config_settings", "set_config", settings))
        others.cloudflare(
            "POST", "/rulesets", ruleset(hosts, "http_request_cache_settings", "set_cache_settings", {"cache": False})
        )
        for one in (others, brand):
            one.deployed()
        yield made


def test_sixty_links_are_taken_over_with_no_change(there: Sandbox) -> None:
    before, asked = held(there), writes(there)
    refused = there.linkproof("adopt", "dev", code=1).stdout
    differing = {line.split()[1] for line in refused.splitlines() if line.startswith("differs")}
    assert differing == {CACHED, ELLIPTIC, COMPRESSED}, refused
    taken = there.linkproof("adopt", "dev", *(f"--keep={host}" for host in (CACHED, ELLIPTIC, COMPRESSED))).stdout
    # 14 distributions, each with a certificate and two records; 46 proxied records; 2 owner hosts; a policy for each account
    assert f"{14 * 4 + 46 + 2 + 2} objects taken over" in taken, taken.splitlines()[-2:]
    there.linkproof("guard", "dev")
    waits = {("create", host) for host in (*AT_AWS, *AT_BRAND)}
    assert set(there.steps_of_up("dev")) == waits, "only the waits for certificates, which are no objects"
    assert held(there) == before
    assert writes(there) == asked
    assert "viewerCertificate" not in (there.root / "stacks" / "adopted" / "dev.yaml").read_text()
    code, report = there.verify("dev", "--wait", "5m")  # sixty edges of one process may be slow to answer
    assert code == 0, (report["findings"], report["could_not_check"])
