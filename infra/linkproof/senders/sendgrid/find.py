"""Finding at SendGrid what a killed engine may have made. Nothing there carries a mark of its owner."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from linkproof.contract.find import Candidate, Finder
from linkproof.senders.sendgrid.api import WaitingHere
from linkproof.senders.sendgrid.brands import all_links, joined_id, links_at
from linkproof.senders.sendgrid.items import (
    API_KEY,
    ASSIGNMENT,
    BRANDING,
    CLICK_TRACKING,
    DOMAIN,
    DOMAIN_ASSIGNMENT,
    DOMAIN_VALIDATION,
    EXISTING_SUBUSER,
    SUBUSER,
    VALIDATION,
    WEBHOOK,
)

if TYPE_CHECKING:
    from linkproof.senders.sendgrid.api import SendGridApi

# Setting what is set already, or validating what is valid, makes nothing.
WITHOUT_OBJECT = frozenset(
    {VALIDATION, ASSIGNMENT, CLICK_TRACKING, DOMAIN_VALIDATION, DOMAIN_ASSIGNMENT, EXISTING_SUBUSER}
)
_SECONDS = 120.0
# What a preview has in place of a secret; a state has its ciphertext, in an object.
_HIDDEN = "[secret]"


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
    """By its URL, which is not shown; by its name where the URL is a secret of the state, which is not read here."""
    subuser = str(inputs.get("subuser") or "")
    found = client.call("GET", "user/webhooks/event/settings/all", WaitingHere(_SECONDS), subuser=subuser) or {}
    for one in found.get("webhooks") or ():
        same_name = (one.get("friendly_name") or "") == (inputs.get("friendlyName") or "")
        if not isinstance(inputs["url"], str) or inputs["url"] == _HIDDEN:
            if same_name:
                doubt = "its URL is a secret, so its name alone tells"
                yield Candidate(f"event webhook {one['id']} of this name", joined_id(subuser, one["id"]), doubt)
        elif one.get("url") == inputs["url"]:
            doubt = "" if same_name else f"it is named {one.get('friendly_name') or 'nothing'}"
            yield Candidate(f"event webhook {one['id']} with this URL", joined_id(subuser, one["id"]), doubt)


def domains(inputs: Mapping[str, Any], client: SendGridApi) -> Iterator[Candidate]:
    """By its host. One that is valid already was there before: ours is validated by a later step."""
    subuser = str(inputs.get("subuser") or "")
    query = {"domain": str(inputs["domain"])}
    found = client.call("GET", "whitelabel/domains", WaitingHere(_SECONDS), query=query, subuser=subuser) or []
    for one in found:
        if (one.get("domain"), one.get("subdomain")) == (inputs["domain"], inputs.get("subdomain")):
            doubt = "it is validated, which the create that was interrupted does not do" if one.get("valid") else ""
            host = f"{one['subdomain']}.{one['domain']}"
            yield Candidate(f"authenticated domain {one['id']} of {host}", joined_id(subuser, one["id"]), doubt)


def subusers(inputs: Mapping[str, Any], client: SendGridApi) -> Iterator[Candidate]:
    """By its name, which nobody else has. One that has links was there before: ours has nothing yet."""
    username = str(inputs["username"])
    found = client.call("GET", "subusers", WaitingHere(_SECONDS), query={"username": username}) or []
    for one in found:
        if one.get("username") == username:
            doubt = "" if one.get("email") == inputs["email"] else f"its address is {one.get('email') or 'none'}"
            if not doubt and all_links(client, WaitingHere(_SECONDS), username):
                doubt = "it has branded links, which nothing makes before the state knows the subuser"
            yield Candidate(f"subuser {username}", username, doubt)


FINDERS: Mapping[str, Finder] = {BRANDING: brands, API_KEY: keys, WEBHOOK: webhooks, DOMAIN: domains, SUBUSER: subusers}
