"""CloudFront: one distribution and one certificate per link, one origin-request policy per 100 of them, and a cache policy where
the sender wants answers kept.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace

from linkproof.contract.edge import Click, EdgePart, EdgePlanned, EdgeUse
from linkproof.contract.items import Record
from linkproof.contract.needs import EdgeNeeds
from linkproof.contract.values import Late
from linkproof.edges.cloudfront.facts import (
    CAS,
    ERROR_STATUSES,
    METHODS,
    MINIMUM_CACHE_SECONDS,
    MINIMUM_TLS,
    MOST_DISTRIBUTIONS_PER_POLICY,
)
from linkproof.edges.cloudfront.items import CachePolicy, Certificate, Distribution, OriginRequestPolicy

ISSUER = "ACM"
KEY_ALGORITHM = "RSA_2048"
VALIDATION_TTL_SECONDS = 300
VALIDATION_NAME = "validation_name"
FORWARDED_HOST = "X-Forwarded-Host"


def plan(uses: Sequence[EdgeUse]) -> EdgePlanned:
    """Each link's own certificate and distribution, and the policies that they share."""
    policies, policy_of = _policies(uses)
    return EdgePlanned({use.key: _part(use, policy_of[use.key]) for use in uses}, tuple(policies))


def domain_name(host: str) -> Late:
    """The distribution's own name."""
    return Late(host, "domain_name", "the domain of distribution")


def _part(use: EdgeUse, policy: str) -> EdgePart:
    """The certificate with its validation record, the distribution, and how both are proved."""
    host, needs = use.host, use.needs
    own = use.edge.options.own_certificate(host) if use.edge.options is not None else None
    validation = Record(
        id=f"{use.key}/validation",
        path=f"{use.path}.click_host",
        resource=f"{host}/validation",
        zone=use.zone.name.text,
        name=Late(host, VALIDATION_NAME, "the validation name of certificate"),
        type="CNAME",
        value=Late(host, "validation_value", "the validation value of certificate"),
        ttl_seconds=VALIDATION_TTL_SECONDS,
        protect=use.in_use,  # ACM renews by it
        resolve="none",
        shared=True,  # ACM proves all certificates of an account for one host by one record
    )
    certificate = Certificate(
        resource=host,
        path=use.path,
        host=host,
        account=use.edge.account,
        issuer=ISSUER,
        key_algorithm=KEY_ALGORITHM,
        protect=use.in_use,
    )
    distribution = Distribution(
        resource=host,
        path=use.path,
        host=host,
        account=use.edge.account,
        certificate="" if own else host,
        own_certificate=own or "",
        policy=policy,
        origin=needs.origin,
        origin_protocol="https-only",
        origin_tls=("TLSv1.2",),
        origin_headers=() if needs.forwarded_host == "no" else ((FORWARDED_HOST, host),),
        methods=needs.methods,
        viewer_protocol="allow-all",
        minimum_tls=MINIMUM_TLS,
        cache_policy=policy if needs.cache_seconds else "",
        error_statuses=ERROR_STATUSES,
        ipv6=True,
        protect=use.in_use,
    )
    answers = use.endpoint(domain_name(host))
    return EdgePart(
        items=(distribution,) if own else (validation, certificate, distribution),
        # who signed one of the user's own is not known, nor does CAA say anything of what is signed
        checks=(answers,) if own else (answers, use.caa(CAS, METHODS)),
        click=Click(domain_name(host)),
        certificate=own or f"{ISSUER} {KEY_ALGORITHM}, proved by a CNAME in {use.zone.name.text}",
        certificate_is_yours=own is not None,
        settings=(
            ("origin", f"https://{needs.origin} (TLS 1.2, {_hosts(needs)})"),
            ("forwards", f"{', '.join(needs.headers)}; query strings: {needs.query_strings}; cookies: {needs.cookies}"),
            ("cache", f"{needs.cache_seconds} s, errors never" if needs.cache_seconds else "off, for errors too"),
            ("viewer", f"http and https, {MINIMUM_TLS}, IPv6; {', '.join(sorted(needs.methods))}"),
        ),
    )


def _hosts(needs: EdgeNeeds) -> str:
    """How the origin learns the click host."""
    said = ["the viewer's Host"] if "Host" in needs.headers else []
    return " and ".join([*said, *([] if needs.forwarded_host == "no" else [FORWARDED_HOST])])


def _policies(uses: Sequence[EdgeUse]) -> tuple[list[OriginRequestPolicy | CachePolicy], dict[str, str]]:
    """Shared policies, and by the link's key the name of each distribution's: by account, then by host, 100 at a time.

    A new link moves at most one distribution at each boundary from one policy to an identical one.
    """
    groups: dict[EdgeNeeds, dict[str, list[EdgeUse]]] = {}
    for use in uses:
        # X-Forwarded-Host is the distribution's own
        groups.setdefault(replace(use.needs, forwarded_host="no"), defaultdict(list))[use.edge.account].append(use)
    policies: list[OriginRequestPolicy | CachePolicy] = []
    policy_of: dict[str, str] = {}
    for needs, by_account in groups.items():
        for account in sorted(by_account):
            mine = sorted(by_account[account], key=lambda use: use.host)
            for start in range(0, len(mine), MOST_DISTRIBUTIONS_PER_POLICY):
                members = mine[start : start + MOST_DISTRIBUTIONS_PER_POLICY]
                policy = OriginRequestPolicy(
                    resource=f"{account}/{needs.origin}/{start // MOST_DISTRIBUTIONS_PER_POLICY + 1}",
                    account=account,
                    headers=needs.headers,
                    query_strings=needs.query_strings,
                    cookies=needs.cookies,
                    protect=any(use.in_use for use in members),
                )
                policies.append(policy)
                if needs.cache_seconds:
                    policies.append(
                        CachePolicy(
                            resource=policy.resource,
                            account=account,
                            minimum_seconds=MINIMUM_CACHE_SECONDS,
                            seconds=needs.cache_seconds,
                            query_strings=needs.query_strings,
                            protect=policy.protect,
                        )
                    )
                policy_of.update({use.key: policy.resource for use in members})
    return policies, policy_of
