"""Tracked links as Amazon SES writes them into mail."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from urllib.parse import quote

from linkproof_lab.store import Store

CLICK_KIND = "ses-click"
HOST_KIND = "ses-host"


def make_link(store: Store, url: str, *, message_id: str = "", link_tags: Mapping[str, list[str]] | None = None) -> str:
    """Make a link that leads to a page.

    Args:
        url: where a click ends; it stands in the path, its slashes encoded.
        message_id: of the mail whose events its clicks are; empty for a link of no mail.
        link_tags: of that link.

    Returns:
        The path, to be appended to `http://<host>`.
    """
    token = secrets.token_hex(16)
    store.put(CLICK_KIND, token, {"url": url, "message": message_id, "tags": dict(link_tags or {})})
    return f"/CL0/{quote(url, safe=':')}/1/{token}/{secrets.token_urlsafe(24)}=1"


def make_picture(store: Store, message_id: str) -> str:
    """Make the path of the picture that tells that a mail was opened."""
    token = secrets.token_hex(16)
    store.put(CLICK_KIND, token, {"url": "", "message": message_id, "tags": {}})
    return f"/CI0/1/{token}/{secrets.token_urlsafe(24)}=1"
