"""Rules of a declaration with KeyCDN edges: whose certificate, which senders, how many zones."""

from __future__ import annotations

from collections.abc import Iterator

from linkproof.contract.rules import EdgeRule, EdgeView, Fault, past_branded, rule
from linkproof.edges.keycdn.facts import MOST_ZONES

RULES: list[EdgeRule] = []


@rule(
    RULES,
    "edge.keycdn-certificate",
    because="KeyCDN's Let's Encrypt is proved by a request to the host, which does not lead to KeyCDN before DNS moves: no challenge by a"
    " record is in its API, and clicks would have no certificate in the meantime",
)
def certificate(view: EdgeView) -> Iterator[Fault]:
    for edge in view.edges:
        if edge.options.certificate is None:
            message = "KeyCDN can have no certificate of its own for a host before the host leads there"
            fix = "write `certificate: NAME`, and give that one in the account's `certificates` and secrets (README of edges/keycdn)"
            yield Fault(edge.path, message, fix)


@rule(
    RULES,
    "edge.keycdn-forwarded-host",
    because="Braze asks every edge for X-Forwarded-Host with the click host; a KeyCDN zone can set no request header",
)
def forwarded_host(view: EdgeView) -> Iterator[Fault]:
    for placed in view.links:
        if placed.link.sender.is_external:
            message = (
                f"{placed.link.sender.path} is somebody else's account, which needs X-Forwarded-Host; KeyCDN sets none"
            )
            yield Fault(placed.path, message, "take an edge that sets it: cloudfront, cloudflare or fastly")


@rule(
    RULES,
    "quota.keycdn-zones",
    because="an account has ten zones until KeyCDN's support allows more",
    per_account=True,
)
def zones(view: EdgeView) -> Iterator[Fault]:
    for edge, count in past_branded(view):
        if count > MOST_ZONES:
            message = f"account {edge.account} needs {count} zones; KeyCDN allows {MOST_ZONES} until it is asked"
            yield Fault(edge.path, message, "ask KeyCDN's support for more zones first", "warning")
