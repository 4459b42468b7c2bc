"""The engine's KeyCDN provider of one account: our own, for there is none."""

from __future__ import annotations

import pulumi

from linkproof.contract.vendor import as_secret
from linkproof.edges.keycdn.account import Options, Secrets


def provider(account: str, options: Options, secrets: Secrets) -> pulumi.ProviderResource:
    """What the account does not have is left out, so that the provider reads its environment."""
    given = {"apiKey": as_secret(secrets.keycdn_api_key), "baseUrl": options.base_url}
    known = {name: value for name, value in given.items() if value is not None}
    return pulumi.ProviderResource("keycdn", f"keycdn-{account}", known)
