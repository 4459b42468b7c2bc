"""SendGrid's links among what exists: its two CNAMEs told apart, and what the account's API says of its brands."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from linkproof.contract.seen import SeenBrand
from linkproof.senders.sendgrid.api import WaitingHere
from linkproof.senders.sendgrid.brands import OWNER, all_links, host_of, records_of
from linkproof.senders.sendgrid.facts import TARGETS

if TYPE_CHECKING:
    from linkproof.senders.sendgrid.api import SendGridApi

HAS_OWNER_HOSTS = True
_SECONDS = 60.0
_OWN_HTTPS = "SendGrid terminates its HTTPS (Auto SSL): write it by hand, with `edge: managed` and what its page shows in `own_https`"


def is_owner_host(name: str) -> bool:
    """The owner host is `<user id>.<domain>`, and the id is a number."""
    return name.partition(".")[0].isdecimal()


def answer(client: SendGridApi) -> Any:
    """`GET /v3/whitelabel/links`."""
    return all_links(client, WaitingHere(_SECONDS))


def brands(answer: Any, source: str) -> Iterator[SeenBrand]:
    """Each branded link, with the owner host that no look from outside tells.

    Raises:
        ValueError: this is no answer to `GET /v3/whitelabel/links`.
    """
    if not isinstance(answer, list):
        raise ValueError("no list of branded links, as GET /v3/whitelabel/links answers")  # noqa: TRY004
    for number, link in enumerate(answer):
        if not isinstance(link, dict) or not link.get("domain") or not link.get("subdomain"):
            raise ValueError(f"entry {number + 1} has no `domain` and `subdomain`: this is no list of branded links")
        owner = records_of(link).get(OWNER) or {}
        target = str(owner.get("value", "")).lower().rstrip(".")
        yield SeenBrand(
            sender="sendgrid",
            host=host_of(link),
            source=source,
            owner_host=str(owner.get("name", "")),
            region=next((region for region, name in TARGETS.items() if name == target), ""),
            is_legacy=bool(link.get("legacy")),
            notes=() if link.get("valid") else ("SendGrid says that it is not valid: its mails have other links",),
            refused=_OWN_HTTPS if link.get("auto_ssl") else "",
        )
