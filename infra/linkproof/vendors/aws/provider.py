"""The engine's AWS provider of one account."""

from __future__ import annotations

import pulumi_aws

from linkproof.contract.vendor import as_secret
from linkproof.vendors.aws.account import Options, Secrets


def provider(account: str, options: Options, secrets: Secrets) -> pulumi_aws.Provider:
    """What the account does not have is left out, never given as null: the provider reads its own environment
    variables only for what was not given to it.
    """
    return pulumi_aws.Provider(
        f"aws-{account}",
        region=options.region,
        profile=options.profile,
        assume_roles=[
            pulumi_aws.ProviderAssumeRoleArgs(**role.model_dump(exclude_none=True)) for role in options.assume_roles
        ]
        or None,
        endpoints=[
            pulumi_aws.ProviderEndpointArgs(**entry.model_dump(exclude_none=True)) for entry in options.endpoints
        ]
        or None,
        skip_credentials_validation=options.skip_credentials_validation,
        skip_metadata_api_check=options.skip_metadata_api_check,
        skip_region_validation=options.skip_region_validation,
        skip_requesting_account_id=options.skip_requesting_account_id,
        access_key=as_secret(secrets.aws_access_key),
        secret_key=as_secret(secrets.aws_secret_key),
    )
