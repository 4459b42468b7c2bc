"""Finding at SendGrid what a killed engine may have made. Nothing there carries a mark of its owner."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from linkproof.contract.find import Candidate, Finder
from linkproof.senders.sendgrid.api import WaitingHere
from linkproof.senders.sendgrid.brands import joined_id, links_at
from linkproof.senders.sendgrid.items import API_KEY, ASSIGNMENT, BRANDING, CLICK_TRACKING, VALIDATION, WEBHOOK

if TYPE_CHECKING:
    from linkproof.senders.sendgrid.api import SendGridApi

# Setting what is set already, or validating what is valid, makes nothing.
WITHOUT_OBJECT = frozenset({VALIDATION, ASSIGNMENT, CLICK_TRACKING})
_SECONDS = 120.0


def brands(inputs: Mapping[str, Any], client: SendGridApi) -> Iterator[Candidate]:
    """A host has one brand. One that is valid already was there before: ours is validated by a later step."""
    subuser = str(inputs.get("subuser") or "")
    host = f"{inputs['subdomain']}.{inputs['domain']}".lower()
    for link in links_at(client, WaitingHere(_SECONDS), host, subuser):
        doubt = "it is validated, which the create that was interrupted does not do" if link.get("valid") else ""
        yield Candidate(f"branded link {link['id']} of {host}", joined_id(subuser, link["id"]), doubt)


def keys(inputs: Mapping[str, Any], client: SendGridApi) -> Iterator[Candidate]:
    """A key's text is shown once: one that nobody has seen is of no use, and cannot be told from others of its name."""
    subuser = str(inputs.get("subuser") or "")
    found = client.call("GET", "api_keys", WaitingHere(_SECONDS), subuser=subuser) or {}
    for one in found.get("result") or ():
        if one.get("name") == inputs["name"]:
            doubt = "its text was shown once, to an engine that was killed or to somebody else"
            yield Candidate(
                f"API key {one['api_key_id']} named {one['name']}", joined_id(subuser, one["api_key_id"]), doubt
            )


def webhooks(inputs: Mapping[str, Any], client: SendGridApi) -> Iterator[Candidate]:
    """By its URL, which is not shown."""
    subuser = str(inputs.get("subuser") or "")
    found = client.call("GET", "user/webhooks/event/settings/all", WaitingHere(_SECONDS), subuser=subuser) or {}
    for one in found.get("webhooks") or ():
        if one.get("url") == inputs["url"]:
            same_name = (one.get("friendly_name") or "") == (inputs.get("friendlyName") or "")
            doubt = "" if same_name else f"it is named {one.get('friendly_name') or 'nothing'}"
            yield Candidate(f"event webhook {one['id']} with this URL", joined_id(subuser, one["id"]), doubt)


FINDERS: Mapping[str, Finder] = {BRANDING: brands, API_KEY: keys, WEBHOOK: webhooks}
