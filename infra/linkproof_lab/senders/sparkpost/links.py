"""Tracked links as SparkPost writes them into mail."""

from __future__ import annotations

import secrets
from urllib.parse import quote

from linkproof_lab.store import Store

CLICK_KIND = "sparkpost-click"
# A tracking domain of some account: `region`, `secure`, `default`, `verified`, `subaccount`; of its certificate `managed`, `tls_status`,
# `error_code`, `expires_at`.
DOMAIN_KIND = "sparkpost-tracking-domain"
# Of HTTPS that SparkPost manages, by host.
CERTIFICATE_KIND = "sparkpost-certificate"


def make_link(store: Store, url: str, *, in_query: bool = False) -> str:
    """Make a link that leads to a page.

    Args:
        url: where a click ends.
        in_query: it stands in the query string `target`, which an edge has to forward; else SparkPost remembers it.

    Returns:
        The path with its query, to be appended to `http://<host>`.
    """
    token = secrets.token_urlsafe(16)
    store.put(CLICK_KIND, token, {"url": None if in_query else url})
    return f"/f/a/{token}/AAAAAA/{secrets.token_urlsafe(24)}" + (f"?target={quote(url, safe='')}" if in_query else "")
