"""The engine's provider of one primary server: our own, for Pulumi has none."""

from __future__ import annotations

import pulumi

from linkproof.contract.vendor import as_secret
from linkproof.dns.rfc2136.account import Options, Secrets


def provider(account: str, options: Options, secrets: Secrets) -> pulumi.ProviderResource:
    """What the account does not have is left out, so that the provider says what is missing."""
    given = {
        "server": options.server,
        "port": str(options.port),
        "keyName": options.key_name,
        "algorithm": options.algorithm,
        "secret": as_secret(secrets.rfc2136_tsig_secret),
    }
    known = {name: value for name, value in given.items() if value is not None}
    return pulumi.ProviderResource("rfc2136", f"rfc2136-{account}", known)
