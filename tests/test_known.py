"""Names of services are told by whole labels, the nearest meaning first."""

from __future__ import annotations

import pytest
from linkproof import registry
from linkproof.known import known_name


@pytest.mark.parametrize(
    ("name", "kind", "plugin", "region", "managed", "own"),
    [
        ("sendgrid.net.", "sender", "sendgrid", "us", False, False),
        ("EU.sendgrid.net", "sender", "sendgrid", "eu", False, False),
        ("click.sendgrid.net", "sender", "sendgrid", "", True, False),
        ("u123.ct.sendgrid.net", "sender", "sendgrid", "", False, True),
        ("spgo.io", "sender", "sparkpost", "us", False, False),
        ("eu.v2.spgo.io", "sender", "sparkpost", "eu", True, False),
        ("acme.et.e.sparkpost.com", "sender", "sparkpost", "enterprise", False, False),
        ("r.ap-southeast-2.awstrack.me", "sender", "ses", "ap-southeast-2", False, False),
        ("x7.awstrack.me", "sender", "ses", "", False, True),
        ("cname.karte.io", "tracking", "karte", "", False, False),
        ("d111.cloudfront.net.", "edge", "cloudfront", "", False, False),
        ("url.example.com.cdn.cloudflare.net", "edge", "cloudflare", "", False, False),
        ("dualstack.j.sni.global.fastly.net", "edge", "fastly", "", False, False),
        ("e-hash.z01.azurefd.net", "edge", "azure", "", False, False),
        ("z-1a2b.kxcdn.com", "edge", "keycdn", "", False, False),
        ("0096bb59-x.cname.ebis.ne.jp", "other", "", "", False, False),
    ],
)
def test_a_name_says_whose_it_is(name: str, kind: str, plugin: str, region: str, managed: bool, own: bool) -> None:
    found = known_name(name)
    assert found is not None
    assert (found.kind, found.plugin, found.region, found.is_managed, found.is_own) == (
        kind,
        plugin,
        region,
        managed,
        own,
    )
    assert found.source.startswith("https://")
    assert found.title


@pytest.mark.parametrize(
    "name",
    ["notsendgrid.net", "sendgrid.net.attacker.example", "cloudfront.net", "xcloudfront.net", "r.nowhere.awstrack.me.example", "example.com"],
)  # fmt: skip
def test_what_only_looks_like_a_name_is_nobody_s(name: str) -> None:
    assert known_name(name) is None


def test_every_target_that_a_sender_declares_is_known_with_its_region() -> None:
    for plugin in registry.senders():
        for name, region in plugin.plan.targets():
            found = known_name(name)
            assert found is not None
            assert (found.plugin, found.region) == (plugin.name, region)
