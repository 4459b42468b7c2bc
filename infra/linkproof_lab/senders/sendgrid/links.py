"""Tracked links as SendGrid writes them into mail."""

from __future__ import annotations

import secrets

from linkproof_lab.store import Store

CLICK_KIND = "sendgrid-click"
HOST_KIND = "sendgrid-host"
FILES_KIND = "sendgrid-files"


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
