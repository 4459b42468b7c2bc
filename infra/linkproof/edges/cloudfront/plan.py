"""CloudFront: one distribution and one certificate per link, one origin-request policy per 100 of them.

Limits per account (AWS quotas pages): 500 distributions, 20 origin-request policies, a policy on at most 100
distributions. A certificate for CloudFront lives in us-east-1.
"""

from __future__ import annotations

from linkproof.plan.items import CaaNeed, Certificate, Distribution, Endpoint, Items, Late, OriginRequestPolicy, Record
from linkproof.plan.subject import Subject
from linkproof.senders.needs import EdgeNeeds

# Managed-CachingDisabled. AWS publishes the id; it is the same in every account.
CACHING_DISABLED = "4135ea2d-6df8-44a3-9df3-4b5a84be39ad"
CERTIFICATE_REGION = "us-east-1"
CAS = ("amazon.com", "amazontrust.com", "awstrust.com", "amazonaws.com")
# ACM looks for its CNAME: the ACME label, and the one that the Baseline Requirements (ballot SC-098) give to 3.2.2.4.7.
METHODS = ("dns-01", "ca-tbr-7")
DISTRIBUTIONS_PER_POLICY = 100
MINIMUM_TLS = "TLSv1.2_2021"
# Every status whose caching can be set (CloudFront developer guide, "Control how long CloudFront caches errors"). What is
# not set is kept for 10 s, with CachingDisabled too, under a key without the query: one recipient would get another's error.
ERROR_STATUSES = (400, 403, 404, 405, 414, 416, 500, 501, 502, 503, 504)
VALIDATION_TTL_SECONDS = 300


def edge_items(subject: Subject, needs: EdgeNeeds) -> Items:
    """The certificate with its validation record, the distribution, and how both are proved."""
    host = subject.host
    return Items(
        records=(
            Record(
                id=f"{subject.key}/validation",
                path=f"{subject.path}.click_host",
                resource=f"{host}/validation",
                zone=subject.zone,
                name=Late(host, "validation_name"),
                type="CNAME",
                value=Late(host, "validation_value"),
                ttl_seconds=VALIDATION_TTL_SECONDS,
                protect=subject.in_use,  # ACM renews by it
                resolve="none",
                shared=True,  # ACM proves all certificates of an account for one host by one record
            ),
        ),
        certificates=(
            Certificate(
                resource=host,
                path=subject.path,
                host=host,
                account=subject.account,
                issuer="ACM",
                key_algorithm="RSA_2048",
                protect=subject.in_use,
            ),
        ),
        distributions=(
            Distribution(
                resource=host,
                path=subject.path,
                host=host,
                account=subject.account,
                certificate=host,
                policy="",  # joined per account, where all distributions are known
                origin=needs.origin,
                origin_protocol="https-only",
                origin_tls=("TLSv1.2",),
                methods=needs.methods,
                viewer_protocol="allow-all",
                minimum_tls=MINIMUM_TLS,
                cache_policy_id=CACHING_DISABLED,
                error_statuses=ERROR_STATUSES,
                ipv6=True,
                protect=subject.in_use,
            ),
        ),
        endpoints=(
            Endpoint(
                id=f"{subject.key}/edge",
                path=subject.path,
                host=host,
                sender=subject.sender,
                phase=subject.phase,
                edge="cloudfront",
                connect=None if subject.in_use else Late(host, "domain_name"),
                hsts_parents=subject.hsts_parents,
            ),
        ),
        caa=(CaaNeed(f"{subject.key}/caa", f"{subject.path}.click_host", host, CAS, METHODS),),
        settings=(
            ("origin", f"https://{needs.origin} (TLS 1.2, the viewer's Host)"),
            ("forwards", f"{', '.join(needs.headers)}; query strings: {needs.query_strings}; cookies: {needs.cookies}"),
            ("cache", "off, for errors too"),
            ("viewer", f"http and https, {MINIMUM_TLS}, IPv6; {', '.join(sorted(needs.methods))}"),
        ),
    )


def click_value(subject: Subject) -> Late:
    """Where the click host points once the edge is in use."""
    return Late(subject.host, "domain_name")


def policies(
    distributions: list[Distribution], needs: EdgeNeeds
) -> list[tuple[OriginRequestPolicy, list[Distribution]]]:
    """Shared policies, each with its distributions: by account, then by host, 100 at a time.

    A new link moves at most one distribution at each boundary from one policy to an identical one.
    """
    joined = []
    for account in sorted({d.account for d in distributions}):
        mine = sorted((d for d in distributions if d.account == account), key=lambda d: d.host)
        for start in range(0, len(mine), DISTRIBUTIONS_PER_POLICY):
            number = start // DISTRIBUTIONS_PER_POLICY + 1
            policy = OriginRequestPolicy(
                resource=f"{account}/{needs.origin}/{number}",
                account=account,
                headers=needs.headers,
                query_strings=needs.query_strings,
                cookies=needs.cookies,
                protect=any(d.protect for d in mine[start : start + DISTRIBUTIONS_PER_POLICY]),
            )
            joined.append((policy, mine[start : start + DISTRIBUTIONS_PER_POLICY]))
    return joined
