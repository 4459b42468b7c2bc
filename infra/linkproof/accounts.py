"""Credentials by name: which provider instance a zone or an edge is built with."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pulumi

if TYPE_CHECKING:
    import pulumi_aws
    import pulumi_cloudflare
    from pydantic import SecretStr

    from linkproof.credentials import Credentials


class Accounts:
    """Provider instances, made when first asked for.

    What an account does not have is left out, never given as null: a provider reads its own environment variables only
    for what was not given to it.
    """

    def __init__(self, credentials: Credentials) -> None:
        self._credentials = credentials
        self._aws: dict[str, pulumi_aws.Provider] = {}
        self._cloudflare: dict[str, pulumi_cloudflare.Provider] = {}

    def aws(self, account: str) -> pulumi_aws.Provider:
        """The AWS provider of one account.

        Raises:
            UnknownAccountError: the stack's config has no such account.
        """
        if account not in self._aws:
            import pulumi_aws

            options = self._credentials.account(account).aws
            secrets = self._credentials.secrets(account)
            self._aws[account] = pulumi_aws.Provider(
                f"aws-{account}",
                region=options.region,
                profile=options.profile,
                assume_roles=[
                    pulumi_aws.ProviderAssumeRoleArgs(**role.model_dump(exclude_none=True))
                    for role in options.assume_roles
                ]
                or None,
                endpoints=[
                    pulumi_aws.ProviderEndpointArgs(**entry.model_dump(exclude_none=True))
                    for entry in options.endpoints
                ]
                or None,
                skip_credentials_validation=options.skip_credentials_validation,
                skip_metadata_api_check=options.skip_metadata_api_check,
                skip_region_validation=options.skip_region_validation,
                skip_requesting_account_id=options.skip_requesting_account_id,
                access_key=_secret(secrets.aws_access_key),
                secret_key=_secret(secrets.aws_secret_key),
            )
        return self._aws[account]

    def cloudflare(self, account: str) -> pulumi_cloudflare.Provider:
        """The Cloudflare provider of one account.

        Raises:
            UnknownAccountError: the stack's config has no such account.
        """
        if account not in self._cloudflare:
            import pulumi_cloudflare

            self._cloudflare[account] = pulumi_cloudflare.Provider(
                f"cloudflare-{account}",
                base_url=self._credentials.account(account).cloudflare.base_url,
                api_token=_secret(self._credentials.secrets(account).cloudflare_api_token),
            )
        return self._cloudflare[account]


def _secret(value: SecretStr | None) -> pulumi.Output[str] | None:
    return None if value is None else pulumi.Output.secret(value.get_secret_value())
