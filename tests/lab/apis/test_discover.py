"""The DNS plug-ins' own reading, against the lab's APIs with the clients that users have: pages, limits, scopes."""

from __future__ import annotations

from typing import Any

import pytest
from linkproof import registry
from linkproof.contract.seen import SeenRecord, SeenZone
from linkproof.discover.gather import Sources, gather
from linkproof.errors import LinkproofError
from linkproof.vendors.aws.account import Options as AwsOptions
from linkproof.vendors.aws.client import AwsClient
from linkproof.vendors.cloudflare.client import CloudflareClient

from tests.lab.apis.conftest import CF_ZONE, R53_ZONE


class _Session:
    """boto3's own clients of the lab, as a session gives them."""

    def __init__(self, lab: Any) -> None:
        self._lab = lab

    def client(self, name: str, **_: Any) -> Any:
        return self._lab.aws(name)


def client_of(lab: Any, token: str = "") -> Any:
    def made(vendor: str, account: str) -> Any:
        if vendor == "aws":
            return AwsClient(account, _Session(lab), AwsOptions())  # type: ignore[arg-type]
        return CloudflareClient(f"{lab.settings.api_url('vendors/cloudflare')}/client/v4", token)

    return made


def found(lab: Any, *apis: str, token: str = "", zones: tuple[str, ...] = ()) -> dict[str, SeenZone]:
    return {zone.name: zone for zone in gather(Sources(apis=apis, zones=zones), client_of(lab, token)).zones}


def test_route_53_over_several_pages(lab: Any) -> None:
    for start in range(0, 700, 100):
        lab.records(
            *(("CREATE", f"url{n}.example.net", "CNAME", ["sendgrid.net"], 60) for n in range(start, start + 100))
        )
    lab.records(("CREATE", "a.example.net", "A", ["192.0.2.1"], 60))
    zones = found(lab, "route53")
    assert set(zones) == {"example.net", "example.org"}
    zone = zones["example.net"]
    assert (zone.dns, zone.id, zone.account) == ("route53", R53_ZONE, "default")
    assert {record.name for record in zone.records} == {f"url{n}.example.net" for n in range(700)}
    assert SeenRecord("url7.example.net", "sendgrid.net", 60) in zone.records


def test_a_route_53_alias_leads_to_its_target(lab: Any) -> None:
    alias = {
        "HostedZoneId": "Z2FDTNDATAQYW2",
        "DNSName": "d111111abcdef8.cloudfront.net.",
        "EvaluateTargetHealth": False,
    }
    changes = [
        {"Action": "CREATE", "ResourceRecordSet": {"Name": "url1.example.net", "Type": "A", "AliasTarget": alias}}
    ]
    lab.aws("route53").change_resource_record_sets(HostedZoneId=R53_ZONE, ChangeBatch={"Changes": changes})
    (record,) = found(lab, "route53=network", zones=("example.net",))["example.net"].records
    assert (record.target, record.is_alias, record.ttl_seconds) == ("d111111abcdef8.cloudfront.net", True, None)


def test_cloudflare_over_several_pages_with_the_least_scopes(lab: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(registry.dns("cloudflare").discover, "_RECORDS_A_PAGE", "3")
    token = lab.token("reads-and-nothing-else-0123456789-abcdef", "Zone:Read", "DNS:Read", zones=(CF_ZONE,))
    write = lab.cloudflare().dns.records
    for n in range(7):
        write.create(
            zone_id=CF_ZONE, name=f"url{n}.example.com", type="CNAME", content="sendgrid.net", ttl=1, proxied=n == 0
        )
    zone = found(lab, "cloudflare=brand", token=token)["example.com"]
    assert (zone.dns, zone.id, zone.account, zone.doubt) == ("cloudflare", CF_ZONE, "brand", "")
    assert {record.name for record in zone.records} == {f"url{n}.example.com" for n in range(7)}
    assert {record.name for record in zone.records if record.is_proxied} == {"url0.example.com"}
    assert {record.ttl_seconds for record in zone.records} == {None}, "the automatic TTL is none that can be declared"


def test_a_used_up_limit_is_waited_for_as_long_as_the_api_says(lab: Any) -> None:
    lab.store.put("rate-limit", "cloudflare", {"requests": 1, "per_seconds": 1})
    token = lab.token("reads-and-nothing-else-0123456789-abcdef", "Zone:Read", "DNS:Read")
    assert set(found(lab, "cloudflare", token=token)) == {"example.com"}


def test_a_limit_that_lasts_too_long_is_said_with_its_time(lab: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    lab.store.put("rate-limit", "cloudflare", {"requests": 0, "per_seconds": 4000})
    token = lab.token("reads-and-nothing-else-0123456789-abcdef", "Zone:Read", "DNS:Read")
    with pytest.raises(LinkproofError, match="rate limit is used up") as error:
        found(lab, "cloudflare", token=token)
    assert "4000 s" in error.value.fix


@pytest.mark.parametrize(("scopes", "words"), [
    (("Zone:Read",), "refused GET /zones/"),
    (("DNS:Read",), "lists no zone at all"),  # the API itself gives an empty list then
])  # fmt: skip
def test_a_scope_that_lacks_is_an_error_and_never_an_empty_zone(lab: Any, scopes: tuple[str, ...], words: str) -> None:
    token = lab.token("may-do-little-0123456789-abcdef-0123456789", *scopes)
    with pytest.raises(LinkproofError, match=words) as error:
        found(lab, "cloudflare", token=token)
    assert "may-do-little" not in str(error.value)


def test_credentials_that_are_refused_are_said(lab: Any) -> None:
    with pytest.raises(LinkproofError, match="the Cloudflare API refused GET /zones"):
        found(lab, "cloudflare", token="nobody-s-token-0123456789-abcdef-01234567")


def test_an_api_without_the_named_zone_is_an_error(lab: Any) -> None:
    with pytest.raises(LinkproofError, match=r"lists no zone of example\.edu"):
        found(lab, "route53", zones=("example.edu",))


def test_only_the_zones_that_were_named_are_read(lab: Any) -> None:
    assert set(found(lab, "route53", zones=("example.org",))) == {"example.org"}
