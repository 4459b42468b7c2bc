"""The engine's Cloudflare provider of one account."""

from __future__ import annotations

import pulumi_cloudflare

from linkproof.contract.vendor import as_secret
from linkproof.vendors.cloudflare.account import Options, Secrets


def provider(account: str, options: Options, secrets: Secrets) -> pulumi_cloudflare.Provider:
    """What the account does not have is left out, never given as null, so that the provider reads its environment."""
    return pulumi_cloudflare.Provider(
        f"cloudflare-{account}", base_url=options.base_url, api_token=as_secret(secrets.cloudflare_api_token)
    )
