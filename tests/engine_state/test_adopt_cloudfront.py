"""Which certificate and which policy are taken over with a distribution that somebody else made."""

from __future__ import annotations

from typing import Any

from linkproof.edges.cloudfront.adopt import cache_policies, certificates, policies
from linkproof.engine.clients import Clients

from tests.lab.apis.cloudfront_samples import ALL_VIEWER, cache_config, config, policy_config
from tests.lab.apis.conftest import Lab

POLICY = {
    "name": "linkproof-dev-1",
    "headersConfig": {"headerBehavior": "whitelist", "headers": {"items": ["user-agent", "host"]}},
    "queryStringsConfig": {"queryStringBehavior": "all"},
    "cookiesConfig": {"cookieBehavior": "none"},
}


CACHE_POLICY = {
    "name": "linkproof-dev-1",
    "minTtl": 1,
    "defaultTtl": 10,
    "maxTtl": 10,
    "parametersInCacheKeyAndForwardedToOrigin": {
        "headersConfig": {"headerBehavior": "none"},
        "queryStringsConfig": {"queryStringBehavior": "all"},
        "cookiesConfig": {"cookieBehavior": "none"},
    },
}


def certificate_of(clients: Clients, host: str) -> list[tuple[str, str]]:
    client = clients.client("aws", "default")
    return [(one.id, one.doubt) for one in certificates({"domainName": host, "region": "us-east-1"}, client)]


def policy_of(clients: Clients, **changes: Any) -> list[tuple[str, str]]:
    return [(one.id, one.doubt) for one in policies({**POLICY, **changes}, clients.client("aws", "default"))]


def distribution(vendors: Lab, host: str, certificate: str, policy: str = ALL_VIEWER) -> None:
    wanted = config(f"{host}-{policy}", aliases=(host,), certificate=certificate)
    wanted["DefaultCacheBehavior"]["OriginRequestPolicyId"] = policy
    vendors.aws("cloudfront").create_distribution(DistributionConfig=wanted)


def test_the_certificate_that_the_distribution_of_the_host_uses(vendors: Lab, clients: Clients) -> None:
    host = "used.example.net"
    used = vendors.certificate(host)
    newer = vendors.certificate(host)
    assert used != newer
    distribution(vendors, host, used)
    assert certificate_of(clients, host) == [(used, "")]


def test_without_a_distribution_the_newest_that_is_issued(vendors: Lab, clients: Clients) -> None:
    host = "unused.example.net"
    vendors.certificate(host)
    newest = vendors.certificate(host)
    vendors.aws("acm").request_certificate(DomainName=host, ValidationMethod="DNS")
    ((arn, doubt),) = certificate_of(clients, host)
    assert arn == newest
    assert "no distribution uses it (2 of this host are issued)" in doubt


def test_a_certificate_of_another_first_name_is_left_to_its_owner(vendors: Lab, clients: Clients) -> None:
    """A wildcard may serve hosts of others; and the host's own, which nothing uses, is not what people are shown."""
    host = "wild.example.net"
    vendors.certificate(host)
    distribution(vendors, host, vendors.certificate("*.example.net"))
    assert certificate_of(clients, host) == []


def test_the_policy_that_most_distributions_use_of_those_that_fit(vendors: Lab, clients: Clients) -> None:
    cloudfront = vendors.aws("cloudfront")

    def made(name: str, **changes: Any) -> str:
        answer = cloudfront.create_origin_request_policy(OriginRequestPolicyConfig={**policy_config(name), **changes})
        return str(answer["OriginRequestPolicy"]["Id"])

    assert policy_of(clients) == []
    unused, once, twice = made("unused"), made("once"), made("twice")
    other = made("other", CookiesConfig={"CookieBehavior": "all"})
    assert policy_of(clients) == [], "one that nobody uses is nobody's click"
    for number, policy in enumerate((once, twice, twice, other, other, other)):
        host = f"p{number}.example.net"
        distribution(vendors, host, vendors.certificate(host), policy)
    assert policy_of(clients) == [(twice, "2 distributions use it")]
    assert policy_of(clients, cookiesConfig={"cookieBehavior": "all"}) == [(other, "3 distributions use it")]
    assert policy_of(clients, name="unused") == [(unused, "")], "by this stack's name before any other"


def test_a_cache_policy_that_keeps_answers_as_long(vendors: Lab, clients: Clients) -> None:
    cloudfront = vendors.aws("cloudfront")
    kept = {
        seconds: cloudfront.create_cache_policy(CachePolicyConfig=cache_config(f"kept-{seconds}", seconds))
        for seconds in (5, 10)
    }
    for seconds, made in kept.items():
        host = f"c{seconds}.example.net"
        wanted = config(host, aliases=(host,), certificate=vendors.certificate(host))
        wanted["DefaultCacheBehavior"]["CachePolicyId"] = made["CachePolicy"]["Id"]
        cloudfront.create_distribution(DistributionConfig=wanted)

    def found(**changes: Any) -> list[tuple[str, str]]:
        client = clients.client("aws", "default")
        return [(one.id, one.doubt) for one in cache_policies({**CACHE_POLICY, **changes}, client)]

    assert found() == [(kept[10]["CachePolicy"]["Id"], "1 distributions use it")]
    assert found(maxTtl=11) == []
    assert found(name="kept-5") == [(kept[5]["CachePolicy"]["Id"], "")]
