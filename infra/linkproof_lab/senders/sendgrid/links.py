"""Tracked links as SendGrid writes them into mail."""

from __future__ import annotations

import secrets
from typing import Any

from linkproof_lab.senders.sendgrid.facts import PARENT_ID
from linkproof_lab.store import Store

CLICK_KIND = "sendgrid-click"
HOST_KIND = "sendgrid-host"
FILES_KIND = "sendgrid-files"
LINK_KIND = "sendgrid-link"
# Of Auto SSL, by click host.
CERTIFICATE_KIND = "sendgrid-certificate"


def host_of(link: dict[str, Any]) -> str:
    """The click host."""
    return f"{link['subdomain']}.{link['domain']}"


def make_link(store: Store, host: str, url: str) -> str:
    """Make a link that leads to a page.

    Args:
        host: the click host that the link is written with; SendGrid answers it on every host that it knows.
        url: where a click ends.

    Returns:
        The path with its query, to be appended to `http://<host>`.
    """
    token = secrets.token_urlsafe(24)
    store.put(CLICK_KIND, token, {"url": url, "host": host})
    return f"/ls/click?upn={token}"


def host_written(store: Store, username: str, from_domain: str) -> str:
    """The host that a mail's links are written with: the oldest valid link of the From domain, else the default one.

    A link that is not valid writes nothing: what is left is SendGrid's own host, the user's number below it.
    """
    links = [link for _, link in store.all(LINK_KIND) if username in (link["username"], *link["subusers"])]
    valid = [link for link in links if link["valid"]]
    chosen = [link for link in valid if link["domain"] == from_domain] or [link for link in valid if link["default"]]
    if chosen:
        return f"{chosen[0]['subdomain']}.{chosen[0]['domain']}"
    held = store.get("sendgrid-user", username)
    return f"u{held['id'] if held else PARENT_ID}.ct.sendgrid.net"
