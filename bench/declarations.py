"""Declarations of many links, for the programs beside this one."""

from __future__ import annotations

from typing import Any

ZONE = "example.com"
CLOUDFRONT_EVERY = 10


def many(links: int) -> dict[str, Any]:
    """One link in ten live at CloudFront, the others branded; DNS at Cloudflare, one owner host."""
    return {
        "zones": {ZONE: {"dns": "cloudflare", "id": "023e105f4ecef8ad9ca31a8372d0c353"}},
        "edges": {"aws": {"provider": "cloudfront"}},
        "links": {
            f"link{n}": {
                "sender": "sendgrid",
                "click_host": f"url{n}.{ZONE}",
                "owner_host": f"1234567.{ZONE}",
                "edge": "aws",
                "phase": "live" if n % CLOUDFRONT_EVERY == 0 else "branded",
            }
            for n in range(links)
        },
    }
