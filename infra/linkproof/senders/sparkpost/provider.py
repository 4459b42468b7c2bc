"""The engine's SparkPost provider of one account: our own, for there is none that fits."""

from __future__ import annotations

import pulumi

from linkproof.contract.vendor import as_secret
from linkproof.senders.sparkpost.account import Options, Secrets


def provider(account: str, options: Options, secrets: Secrets) -> pulumi.ProviderResource:
    """What the account does not have is left out, so that the provider reads its environment."""
    given = {
        "apiKey": as_secret(secrets.sparkpost_api_key),
        "region": options.region,
        "baseUrl": options.base_url,
        "rootHints": options.root_hints,
        "dnsPort": None if options.dns_port is None else str(options.dns_port),
    }
    known = {name: value for name, value in given.items() if value is not None}
    return pulumi.ProviderResource("sparkpost", f"sparkpost-{account}", known)
