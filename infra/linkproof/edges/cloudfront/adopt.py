"""Taking over CloudFront's objects, by natural key: the alias, the certificate that its distribution uses, the policy that fits."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from linkproof.acm import CERTIFICATE
from linkproof.contract.adopt import Meaning, one_spelling
from linkproof.contract.find import Candidate, Finder
from linkproof.edges.cloudfront import adopt_tenants, find
from linkproof.edges.cloudfront.items import CACHE_POLICY, DISTRIBUTION, POLICY

if TYPE_CHECKING:
    from linkproof.vendors.aws.client import AwsClient

# Without naming them ACM lists RSA_1024 and RSA_2048 only.
_KEY_TYPES = ["RSA_1024", "RSA_2048", "RSA_3072", "RSA_4096", "EC_prime256v1", "EC_secp384r1", "EC_secp521r1"]


def certificates(inputs: Mapping[str, Any], client: AwsClient) -> Iterator[Candidate]:
    """The one that the distribution of the host uses; where there is no such distribution, the newest that is issued.

    Only one whose first name is the host itself: another, such as a wildcard's, may serve hosts that are not this link's. Where one that can
    be exported is wanted, no other will do, and no distribution says which.
    """
    exportable = (inputs.get("options") or {}).get("export") == "ENABLED"
    host = inputs["domainName"]
    acm = client.service("acm", inputs.get("region"))
    issued: list[Mapping[str, Any]] = []
    pages = acm.get_paginator("list_certificates").paginate(
        CertificateStatuses=["ISSUED"], Includes={"keyTypes": _KEY_TYPES}
    )
    for page in pages:
        issued += [
            acm.describe_certificate(CertificateArn=summary["CertificateArn"])["Certificate"]
            for summary in page["CertificateSummaryList"]
            if summary["DomainName"] == host
        ]
    if exportable:
        issued = [one for one in issued if (one.get("Options") or {}).get("Export") == "ENABLED"]
        for found in sorted(issued, key=lambda one: one["NotBefore"], reverse=True)[:1]:
            doubt = "" if len(issued) == 1 else f"{len(issued)} of this host are issued and can be exported"
            yield Candidate(f"certificate of {host}", found["CertificateArn"], doubt)
        return
    used = {
        summary.get("ViewerCertificate", {}).get("ACMCertificateArn")
        for summary in _distributions(client)
        if host in summary.get("Aliases", {}).get("Items", [])
    }
    in_use = [one for one in issued if one["CertificateArn"] in used]
    newest = sorted(issued, key=lambda one: one["NotBefore"], reverse=True)
    for found in (in_use or ([] if used else newest))[:1]:
        doubt = "" if in_use else f"no distribution uses it ({len(issued)} of this host are issued)"
        yield Candidate(f"certificate of {host}", found["CertificateArn"], doubt)


def policies(inputs: Mapping[str, Any], client: AwsClient) -> Iterator[Candidate]:
    """The one of this stack's name; else, of those with the same settings, the one that most distributions use."""
    wanted = _settings_wanted(inputs)
    fits = [
        (id_, config["Name"], _settings_held(config) == wanted) for id_, config in find.origin_request_policies(client)
    ]
    yield from _best("origin request policy", "OriginRequestPolicyId", fits, inputs, client)


def cache_policies(inputs: Mapping[str, Any], client: AwsClient) -> Iterator[Candidate]:
    """Likewise."""
    wanted = _cache_wanted(inputs)
    fits = [(id_, config["Name"], _cache_held(config) == wanted) for id_, config in find.own_cache_policies(client)]
    yield from _best("cache policy", "CachePolicyId", fits, inputs, client)


def _best(
    what: str, key: str, fits: Sequence[tuple[str, str, bool]], inputs: Mapping[str, Any], client: AwsClient
) -> Iterator[Candidate]:
    """Args:
    key: of a distribution's behavior.
    fits: id and name of each policy, and whether its settings are those.
    """
    for id_, name, _ in fits:
        if name == inputs["name"]:
            yield Candidate(f"{what} {name}", id_)
            return
    used = [str(summary.get("DefaultCacheBehavior", {}).get(key, "")) for summary in _distributions(client)]
    by_use = sorted((one for one in fits if one[2]), key=lambda one: used.count(one[0]), reverse=True)
    for id_, name, _ in by_use[:1]:
        if used.count(id_):
            yield Candidate(f"{what} {name}", id_, f"{used.count(id_)} distributions use it")


def _distributions(client: AwsClient) -> Iterator[Mapping[str, Any]]:
    for page in client.service("cloudfront").get_paginator("list_distributions").paginate():
        yield from page["DistributionList"].get("Items", [])


def _settings_held(config: Mapping[str, Any]) -> tuple[Any, ...]:
    headers, query, cookies = config["HeadersConfig"], config["QueryStringsConfig"], config["CookiesConfig"]
    return (
        headers["HeaderBehavior"],
        sorted(name.lower() for name in headers.get("Headers", {}).get("Items", [])),
        query["QueryStringBehavior"],
        cookies["CookieBehavior"],
    )


def _settings_wanted(inputs: Mapping[str, Any]) -> tuple[Any, ...]:
    headers = inputs["headersConfig"]
    return (
        headers["headerBehavior"],
        sorted(name.lower() for name in headers["headers"]["items"]),
        inputs["queryStringsConfig"]["queryStringBehavior"],
        inputs["cookiesConfig"]["cookieBehavior"],
    )


def _cache_held(config: Mapping[str, Any]) -> tuple[Any, ...]:
    key = config["ParametersInCacheKeyAndForwardedToOrigin"]
    return (
        *(config[name] for name in ("MinTTL", "DefaultTTL", "MaxTTL")),
        key["HeadersConfig"]["HeaderBehavior"],
        key["QueryStringsConfig"]["QueryStringBehavior"],
        key["CookiesConfig"]["CookieBehavior"],
    )


def _cache_wanted(inputs: Mapping[str, Any]) -> tuple[Any, ...]:
    key = inputs["parametersInCacheKeyAndForwardedToOrigin"]
    return (
        *(inputs[name] for name in ("minTtl", "defaultTtl", "maxTtl")),
        key["headersConfig"]["headerBehavior"],
        key["queryStringsConfig"]["queryStringBehavior"],
        key["cookiesConfig"]["cookieBehavior"],
    )


FINDERS: Mapping[str, Finder] = {
    CERTIFICATE: certificates,
    POLICY: policies,
    CACHE_POLICY: cache_policies,
    **adopt_tenants.FINDERS,
}
IN_THE_WAY: Mapping[str, Finder] = adopt_tenants.IN_THE_WAY
MEANINGS: Mapping[str, Mapping[str, Meaning]] = {
    **adopt_tenants.MEANINGS,
    CERTIFICATE: {
        "keyAlgorithm": Meaning("a new certificate takes its place; very old clients may not know its key"),
        "subjectAlternativeNames": Meaning("a new certificate takes its place, without the other names"),
    },
    DISTRIBUTION: {
        "aliases": Meaning("hosts that are no longer an alias are answered with 403"),
        "enabled": Meaning("a distribution that is disabled answers no click", can_be_kept=False),
        "origins": Meaning("clicks are forwarded to the declared origin"),
        "defaultCacheBehavior.targetOriginId": Meaning("clicks are forwarded to the declared origin"),
        "defaultCacheBehavior.cachePolicyId": Meaning("clicks are answered from a cache as declared, or not at all"),
        "defaultCacheBehavior.originRequestPolicyId": Meaning("the origin is sent what the declared policy names"),
        "defaultCacheBehavior.allowedMethods": Meaning("other methods are answered with 403"),
        "defaultCacheBehavior.cachedMethods": Meaning("nothing while nothing is cached"),
        "defaultCacheBehavior.compress": Meaning("answers are no longer compressed by the edge"),
        "defaultCacheBehavior.viewerProtocolPolicy": Meaning(
            "http links in mail already sent are answered as declared"
        ),
        "defaultCacheBehavior.responseHeadersPolicyId": Meaning("headers that the edge adds are gone"),
        "orderedCacheBehaviors": Meaning("paths that had a behavior of their own go to the declared origin"),
        "customErrorResponses": Meaning("an error of the origin is no longer kept by the edge, for 10 s by default"),
        "viewerCertificate": Meaning("people are shown another certificate, or clients of other age can connect"),
        "isIpv6Enabled": Meaning("the edge gains or loses its IPv6 addresses"),
        "webAclId": Meaning("the firewall before the edge changes"),
        "defaultRootObject": Meaning("the answer to / changes"),
    },
    POLICY: {
        "headersConfig": Meaning("every distribution that uses the policy sends other headers to its origin"),
        "queryStringsConfig": Meaning("every distribution that uses the policy forwards other query strings"),
        "cookiesConfig": Meaning("every distribution that uses the policy forwards other cookies"),
    },
    CACHE_POLICY: {
        name: Meaning("every distribution that uses the policy keeps answers for another time")
        for name in ("minTtl", "defaultTtl", "maxTtl")
    }
    | {
        "parametersInCacheKeyAndForwardedToOrigin": Meaning(
            "every distribution that uses the policy tells requests apart by something else"
        )
    },
}
_UNNOTICED = {
    **adopt_tenants.UNNOTICED,
    CERTIFICATE: frozenset({"tags"}),
    DISTRIBUTION: frozenset({"comment", "tags", "priceClass", "httpVersion", "retainOnDelete", "waitForDeployment"}),
    POLICY: frozenset({"name", "comment"}),
    CACHE_POLICY: frozenset({"name", "comment"}),
}
_OF_ORIGINS = frozenset({"origins", "defaultCacheBehavior.targetOriginId"})
# Of an origin, what says how it is asked; its id is only a name inside the distribution.
_ASKED = ("domainName", "originPath", "customHeaders")
_OF_CUSTOM = ("httpPort", "httpsPort", "originProtocolPolicy")


def unnoticed(rtype: str, path: str, declared: Mapping[str, Any], live: Mapping[str, Any]) -> bool:
    """What is for people and bills; and how origins are called, where every click reaches the same one in the same way."""
    if path in _UNNOTICED.get(rtype, frozenset()):
        return True
    if rtype != DISTRIBUTION or path not in _OF_ORIGINS or live.get("orderedCacheBehaviors"):
        return False
    mine, theirs = _reached(declared), _reached(live)
    return mine is not None and mine == theirs


def _reached(inputs: Mapping[str, Any]) -> tuple[Any, ...] | None:
    """The origin that every click reaches, without its id."""
    target = (inputs.get("defaultCacheBehavior") or {}).get("targetOriginId")
    origin = next((one for one in inputs.get("origins") or () if one.get("originId") == target), None)
    if origin is None:
        return None
    custom = origin.get("customOriginConfig") or {}
    return (
        *(origin.get(key) or None for key in _ASKED),
        *(custom.get(key) for key in _OF_CUSTOM),
        tuple(sorted(custom.get("originSslProtocols") or ())),
    )


same = one_spelling
