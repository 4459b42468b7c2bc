"""CloudFront policies and the functions that find things, against the lab's APIs."""

from __future__ import annotations

import pytest
from linkproof.providers.protocol.values import from_struct, to_struct
from pulumi.runtime.proto import provider_pb2

from tests.lab.providers.harness import ZONE, RefusedError
from tests.lab.providers.test_distribution import ALL_VIEWER, CACHING_DISABLED, edge

ORIGIN_REQUEST = "aws:cloudfront/originRequestPolicy:OriginRequestPolicy"
CACHE = "aws:cloudfront/cachePolicy:CachePolicy"


def clicks(**changes):
    return {
        "name": "linkproof-clicks",
        "cookiesConfig": {"cookieBehavior": "none"},
        "headersConfig": {"headerBehavior": "whitelist", "headers": {"items": ["Host", "User-Agent"]}},
        "queryStringsConfig": {"queryStringBehavior": "all"},
        **changes,
    }


def cache(**changes):
    key = {
        "cookiesConfig": {"cookieBehavior": "none"},
        "headersConfig": {"headerBehavior": "none"},
        "queryStringsConfig": {"queryStringBehavior": "whitelist", "queryStrings": {"items": ["u"]}},
        "enableAcceptEncodingGzip": True,
    }
    return {
        "name": "linkproof-cache",
        "defaultTtl": 60,
        "maxTtl": 60,
        "parametersInCacheKeyAndForwardedToOrigin": key,
        **changes,
    }


def invoke(plugin, token, **arguments):
    answer = plugin.call("Invoke", provider_pb2.InvokeRequest(tok=token, args=to_struct(arguments)))
    return from_struct(getattr(answer, "return"))


@pytest.mark.parametrize(
    ("token", "inputs", "changed", "path"),
    [
        (ORIGIN_REQUEST, clicks(), clicks(cookiesConfig={"cookieBehavior": "all"}), "cookiesConfig.cookieBehavior"),
        (CACHE, cache(), cache(defaultTtl=30), "defaultTtl"),
    ],
)
def test_a_policy_lives_from_create_to_delete(aws, token, inputs, changed, path):
    policy = aws.resource(token).create(inputs)
    assert policy.changed(inputs) == (set(), set())
    assert policy.refresh()[0] == inputs
    assert policy.changed(changed) == ({path}, set())
    policy.update(changed)
    assert policy.refresh()[0] == changed
    renamed = {**changed, "name": "another"}
    assert policy.changed(renamed) == ({"name"}, set())
    before = policy.id
    policy.update(renamed)
    assert (policy.id, policy.refresh()[0]) == (before, renamed)
    policy.update(changed)
    _, imported, _ = aws.resource(token).imported(policy.id)
    assert imported == changed
    with pytest.raises(RefusedError, match="HTTP 409"):
        aws.resource(token, "second").create(inputs)
    policy.delete()
    assert policy.refresh() is None
    policy.delete()


def test_headers_are_a_set(aws):
    policy = aws.resource(ORIGIN_REQUEST)
    policy.inputs = clicks()
    turned = clicks(headersConfig={"headerBehavior": "whitelist", "headers": {"items": ["User-Agent", "Host"]}})
    assert policy.changed(turned) == (set(), set())


def test_a_name_is_made_up_once(aws):
    policy = aws.resource(ORIGIN_REQUEST, "clicks")
    nameless = {key: value for key, value in clicks().items() if key != "name"}
    made = policy.check(nameless)["name"]
    assert made.startswith("clicks-")
    policy.inputs = {**nameless, "name": "clicks-0000000"}
    assert policy.check(nameless)["name"] == "clicks-0000000"


def test_a_policy_in_use_is_not_deleted(aws, lab):
    lab.store.put("cloudfront", "settings", {"deploy_seconds": 0})
    policy = aws.resource(ORIGIN_REQUEST).create(clicks())
    user = edge()
    user["defaultCacheBehavior"] = {**user["defaultCacheBehavior"], "originRequestPolicyId": policy.id}
    distribution = aws.resource("aws:cloudfront/distribution:Distribution").create(user)
    with pytest.raises(RefusedError, match="OriginRequestPolicyInUse"):
        policy.delete()
    distribution.delete()
    policy.delete()


def test_the_vendor_s_own_policies_are_found_by_name_and_id(aws):
    token = "aws:cloudfront/getCachePolicy:getCachePolicy"
    found = invoke(aws, token, name="Managed-CachingDisabled")
    assert (found["id"], found["defaultTtl"], found["maxTtl"]) == (CACHING_DISABLED, 0, 0)
    key = found["parametersInCacheKeyAndForwardedToOrigins"][0]
    assert key["cookiesConfigs"] == [{"cookieBehavior": "none"}]
    assert invoke(aws, token, id=CACHING_DISABLED) == found
    token = "aws:cloudfront/getOriginRequestPolicy:getOriginRequestPolicy"
    found = invoke(aws, token, name="Managed-AllViewer")
    assert (found["id"], found["headersConfigs"]) == (ALL_VIEWER, [{"headerBehavior": "allViewer"}])
    with pytest.raises(RefusedError, match="Managed-Nothing"):
        invoke(aws, token, name="Managed-Nothing")


def test_a_zone_is_found_by_its_name(aws):
    found = invoke(aws, "aws:route53/getZone:getZone", name="example.net")
    assert (found["zoneId"], found["name"]) == (ZONE, "example.net")
    assert len(found["nameServers"]) == 4
    with pytest.raises(RefusedError, match="0 hosted zones"):
        invoke(aws, "aws:route53/getZone:getZone", name="example.invalid")
