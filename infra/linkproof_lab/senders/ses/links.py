"""Tracked links as Amazon SES writes them into mail."""

from __future__ import annotations

import secrets
from urllib.parse import quote

from linkproof_lab.store import Store

CLICK_KIND = "ses-click"
HOST_KIND = "ses-host"


def make_link(store: Store, url: str) -> str:
    """Make a link that leads to a page.

    Args:
        url: where a click ends; it stands in the path, its slashes encoded.

    Returns:
        The path, to be appended to `http://<host>`.
    """
    token = secrets.token_hex(16)
    store.put(CLICK_KIND, token, {"url": url})
    return f"/CL0/{quote(url, safe=':')}/1/{token}/{secrets.token_urlsafe(24)}=1"
