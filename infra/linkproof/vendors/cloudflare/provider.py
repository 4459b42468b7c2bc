"""The engine's Cloudflare provider of one account."""

from __future__ import annotations

from linkproof.contract.vendor import as_secret
from linkproof.in_parts import import_in_parts
from linkproof.vendors.cloudflare.account import Options, Secrets

import_in_parts("pulumi_cloudflare")

from pulumi_cloudflare.provider import Provider  # noqa: E402


def provider(account: str, options: Options, secrets: Secrets) -> Provider:
    """What the account does not have is left out, never given as null, so that the provider reads its environment."""
    return Provider(
        f"cloudflare-{account}", base_url=options.base_url, api_token=as_secret(secrets.cloudflare_api_token)
    )
