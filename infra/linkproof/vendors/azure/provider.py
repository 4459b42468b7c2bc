"""The engine's Azure provider of one account."""

from __future__ import annotations

import pulumi_azure_native

from linkproof.contract.vendor import as_secret
from linkproof.vendors.azure.account import Options, Secrets


def provider(account: str, options: Options, secrets: Secrets) -> pulumi_azure_native.Provider:
    """What the account does not have is left out, so that the provider reads its environment, or asks the Azure CLI."""
    return pulumi_azure_native.Provider(
        f"azure-{account}",
        subscription_id=options.subscription_id,
        tenant_id=options.tenant_id,
        client_id=options.client_id,
        client_secret=as_secret(secrets.azure_client_secret),
        metadata_host=options.metadata_host,
    )
