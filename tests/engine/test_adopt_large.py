"""Sixty links of other people's making, in two zones and two AWS accounts, five of them odd and one an alias, are taken over and proven.

Five commands: `init`, `adopt`, `up`, `expectations`, `verify`. Between the first two a person decides what `init` leaves to decide.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import yaml

from tests.engine.elsewhere import CACHING_OPTIMIZED, R53_ZONE, Elsewhere
from tests.engine.sandbox import Sandbox, link, linked, sandbox
from tests.engine.test_adopt import held, ruleset, writes

BRAND_KEY = "AKIDLABBRAND"
AT_AWS = tuple(f"url{number}.example.net" for number in range(100, 110))
AT_BRAND = tuple(f"url{number}.example.com" for number in range(120, 124))
AT_CLOUDFLARE = tuple(f"url{number}.example.com" for number in range(200, 246))
CACHED, MORE_ORIGINS, ELLIPTIC, SLOW, COMPRESSED = AT_AWS[3], AT_AWS[5], AT_AWS[7], AT_AWS[9], AT_BRAND[2]
ALIAS = AT_AWS[1]
SECONDS = 900.0


def customers() -> dict[str, Any]:
    """Tells the lab whose links there are."""
    return linked(
        {host.partition(".")[0]: link(host, "branded", None) for host in (*AT_AWS, *AT_BRAND, *AT_CLOUDFLARE)}
    )


def decided(written: str) -> str:
    """What no record tells: who else writes the zone's rulesets, and in which account a distribution is."""
    document = yaml.safe_load(written)
    assert document["edges"] == {"cloudfront": {"provider": "cloudfront"}, "cloudflare": {"provider": "cloudflare"}}
    document["edges"]["cloudflare"]["rulesets"] = "external"
    document["edges"]["brand"] = {"provider": "cloudfront", "account": "brand"}
    for entry in document["links"].values():
        if entry["click_host"] in AT_BRAND:
            entry["edge"] = "brand"
    return yaml.safe_dump(document, sort_keys=False)


@pytest.fixture(scope="module")
def there(engine_present: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sandbox]:
    with sandbox(tmp_path_factory.mktemp("project"), SECONDS) as made:
        made.stack("dev", customers())
        made.declare("dev", {})
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
        become_alias(others, ALIAS)
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


def become_alias(others: Elsewhere, host: str) -> None:
    """The host's CNAME, replaced by an alias of the same distribution."""
    route53 = others.aws("route53")
    found = route53.list_resource_record_sets(HostedZoneId=R53_ZONE, StartRecordName=host, StartRecordType="CNAME")
    old = found["ResourceRecordSets"][0]
    target = {
        "HostedZoneId": "Z2FDTNDATAQYW2",
        "DNSName": old["ResourceRecords"][0]["Value"],
        "EvaluateTargetHealth": False,
    }
    alias = {"Name": host, "Type": "A", "AliasTarget": target}
    changes = [{"Action": "DELETE", "ResourceRecordSet": old}, {"Action": "CREATE", "ResourceRecordSet": alias}]
    route53.change_resource_record_sets(HostedZoneId=R53_ZONE, ChangeBatch={"Changes": changes})


def test_sixty_links_are_taken_over_with_no_change(there: Sandbox) -> None:
    before, asked = held(there), writes(there)
    zones = ("--zone", "example.net", "--zone", "example.com")
    there.linkproof("init", "dev", "--dns", "route53", "--dns", "cloudflare", *zones)
    file = there.root / "stacks" / "dev.yaml"
    file.write_text(decided(file.read_text()))
    taken = there.linkproof("adopt", "dev", "--keep-all").stdout
    kept = {line.rpartition(": ")[2] for line in taken.splitlines() if line.startswith("stays as it was found")}
    assert "Distribution defaultCacheBehavior.cachePolicyId" in kept, taken
    # 14 distributions, each with a certificate and two records; 46 proxied records; 2 owner hosts; a policy for each account
    assert f"{14 * 4 + 46 + 2 + 2} objects taken over" in taken, taken.splitlines()[-2:]
    waits = {("create", host) for host in (*AT_AWS, *AT_BRAND)}
    assert set(there.steps_of_up("dev")) == waits, "only the waits for certificates, which are no objects"
    (now, zones_now), (then, zones_then) = held(there), before
    now.pop("edge-certificate", None)  # Universal SSL, which the lab signs when somebody first comes
    assert (now, zones_now) == (then, zones_then)
    assert writes(there) == asked
    assert "viewerCertificate" not in (there.root / "stacks" / "adopted" / "dev.yaml").read_text()
    code, report = there.verify("dev", "--wait", "5m")  # sixty edges of one process may be slow to answer
    assert code == 0, (report["findings"], report["could_not_check"])
