"""A service as the engine's provider takes it."""

from __future__ import annotations

from typing import Any

from linkproof.edges.fastly.items import Service
from linkproof.edges.fastly.plan import FORWARDED_HOST


def arguments(planned: Service) -> dict[str, Any]:
    """What it takes beside its name."""
    return {
        "domains": [{"name": planned.host}],
        "backends": [
            {
                "name": "origin",
                "address": planned.origin,
                # without these it is asked on port 80 in the clear
                "port": 443,
                "use_ssl": True,
                "ssl_sni_hostname": planned.origin,
                "ssl_cert_hostname": planned.origin,
                "ssl_check_cert": True,
                "min_tls_version": planned.minimum_tls,
            }
        ],
        # vcl_recv: no answer is looked for in the cache, and HEAD stays HEAD
        "request_settings": [{"name": "no cache", "action": "pass"}],
        # vcl_fetch: leaves before the part that asks the origin a second time after its 500 or 503
        "cache_settings": [{"name": "no second request", "action": "pass"}],
        "snippets": _snippets(planned),
        "default_ttl": 0,
        # an active service cannot be deleted otherwise; the guard says when it may go
        "force_destroy": True,
    }


def _snippets(planned: Service) -> list[dict[str, Any]]:
    """What is changed in the request to the origin: in vcl_pass, which every request goes through."""
    lines = [] if planned.cookies else ["unset bereq.http.Cookie;"]
    if planned.forwarded_host:
        lines.append(f'set bereq.http.{FORWARDED_HOST} = "{planned.host}";')
    return [{"name": "to the origin", "type": "pass", "content": "\n".join(lines)}] if lines else []
