"""What distributions and tenants have alike: how the origin is asked, and the policies that say what it is sent and how long an answer is kept."""

from __future__ import annotations

from linkproof.contract.needs import EdgeNeeds
from linkproof.edges.cloudfront.facts import MINIMUM_CACHE_SECONDS
from linkproof.edges.cloudfront.items import CachePolicy, OriginRequestPolicy

ORIGIN_PROTOCOL = "https-only"
ORIGIN_TLS = ("TLSv1.2",)
VIEWER_PROTOCOL = "allow-all"


def policies_for(
    name: str, account: str, needs: EdgeNeeds, *, protect: bool
) -> list[OriginRequestPolicy | CachePolicy]:
    """The origin-request policy, and the cache policy of the same name where the sender wants answers kept."""
    request = OriginRequestPolicy(
        resource=name,
        account=account,
        headers=needs.headers,
        query_strings=needs.query_strings,
        cookies=needs.cookies,
        protect=protect,
    )
    if not needs.cache_seconds:
        return [request]
    kept = CachePolicy(
        resource=name,
        account=account,
        minimum_seconds=MINIMUM_CACHE_SECONDS,
        seconds=needs.cache_seconds,
        query_strings=needs.query_strings,
        protect=protect,
    )
    return [request, kept]


def settings(needs: EdgeNeeds, hosts: str, viewer: str) -> tuple[tuple[str, str], ...]:
    """What decides about a click, for people.

    Args:
        hosts: how the origin learns the click host.
        viewer: how clients may come.
    """
    return (
        ("origin", f"https://{needs.origin} (TLS 1.2, {hosts})"),
        ("forwards", f"{', '.join(needs.headers)}; query strings: {needs.query_strings}; cookies: {needs.cookies}"),
        ("cache", f"{needs.cache_seconds} s, errors never" if needs.cache_seconds else "off, for errors too"),
        ("viewer", viewer),
    )
