"""The engine's provider of one account. The package has no SDK: its resources are named by their tokens."""

from __future__ import annotations

import pulumi
from linkproof.contract.vendor import as_secret
from linkproof.dns.toy.account import Options, Secrets


def provider(account: str, options: Options, secrets: Secrets) -> pulumi.ProviderResource:
    endpoints = pulumi.Output.json_dumps({"dns": options.api})
    return pulumi.ProviderResource(
        "toy", f"toydns-{account}", {"endpoints": endpoints, "token": as_secret(secrets.toydns_token)}
    )
