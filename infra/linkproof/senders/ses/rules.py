"""Rules of a declaration with Amazon SES links: what other senders have and SES does not."""

from __future__ import annotations

from collections.abc import Iterator

from linkproof.contract.rules import Fault, SenderRule, SenderView, rule
from linkproof.show import show_host

RULES: list[SenderRule] = []


@rule(RULES, "ses.no-owner-host", because="SES proves a domain by its DKIM records; a redirect domain is one CNAME")
def no_owner_host(view: SenderView) -> Iterator[Fault]:
    for link in view.links:
        if link.owner_host is not None:
            message = f"Amazon SES has no owner host, and {show_host(link.owner_host)} is declared"
            yield Fault(f"{link.path}.owner_host", message, "remove `owner_host`")
        if link.legacy:
            yield Fault(f"{link.path}.legacy", "only SendGrid has brandings of an old kind", "remove `legacy`")


@rule(RULES, "ses.no-managed-edge", because="SES terminates no HTTPS for a custom redirect domain: a CDN has to")
def no_managed_edge(view: SenderView) -> Iterator[Fault]:
    for link in view.links:
        if link.edge == "managed":
            fix = "name an edge of your own, or write `phase: branded` and remove `edge`"
            yield Fault(f"{link.path}.edge", "Amazon SES has no certificate for other hosts", fix)
