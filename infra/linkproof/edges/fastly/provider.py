"""The engine's Fastly provider of one account."""

from __future__ import annotations

from linkproof.contract.vendor import as_secret
from linkproof.edges.fastly.account import Options, Secrets
from linkproof.in_parts import import_in_parts

import_in_parts("pulumi_fastly")

from pulumi_fastly.provider import Provider  # noqa: E402


def provider(account: str, options: Options, secrets: Secrets) -> Provider:
    """What the account does not have is left out, so that the provider reads its environment."""
    return Provider(f"fastly-{account}", base_url=options.base_url, api_key=as_secret(secrets.fastly_api_key))
