"""The engine's Google Cloud provider of one account."""

from __future__ import annotations

import pulumi_gcp

from linkproof.contract.vendor import as_secret
from linkproof.vendors.gcp.account import Options, Secrets


def provider(account: str, options: Options, secrets: Secrets) -> pulumi_gcp.Provider:
    """What the account does not have is left out, never given as null: the provider then looks where Google's libraries look.

    It adds a label of its own to each object unless it is told not to.
    """
    return pulumi_gcp.Provider(
        f"gcp-{account}",
        project=options.project,
        credentials=as_secret(secrets.gcp_credentials),
        access_token=as_secret(secrets.gcp_access_token),
        compute_custom_endpoint=options.compute_custom_endpoint,
        certificate_manager_custom_endpoint=options.certificate_manager_custom_endpoint,
        dns_custom_endpoint=options.dns_custom_endpoint,
        add_pulumi_attribution_label=False,
    )
