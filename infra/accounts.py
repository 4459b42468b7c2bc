"""Credentials by name: which provider instance a zone or an edge is built with."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import pulumi

from infra.errors import LinkproofError

if TYPE_CHECKING:
    import pulumi_aws
    import pulumi_cloudflare

DEFAULT = "default"


class UnknownAccountError(LinkproofError):
    """A zone or an edge names an account that the stack's config does not have."""

    def __init__(self, account: str, known: list[str]) -> None:
        super().__init__(
            f"account {account!r} is not in config linkproof:accounts (it has: {', '.join(known) or 'none'})",
            f"add it under linkproof:accounts in the stack's Pulumi.<stack>.yaml, as `{account}: {{aws: {{profile: …}}}}`",
        )


class Accounts:
    """Provider instances, made when first asked for.

    Args:
        options: config `linkproof:accounts`: account → `aws` or `cloudflare` → provider options, none of them secret.
            The account `default` may be left out: it takes the environment's credentials.
        secrets: config `linkproof:secrets`, a secret object: account → `cloudflareApiToken`, `awsAccessKey`, `awsSecretKey`.
    """

    def __init__(self, options: Mapping[str, Any], secrets: pulumi.Output[Any] | None) -> None:
        self._options = options
        self._secrets = secrets
        self._aws: dict[str, pulumi_aws.Provider] = {}
        self._cloudflare: dict[str, pulumi_cloudflare.Provider] = {}

    def aws(self, account: str) -> pulumi_aws.Provider:
        if account not in self._aws:
            import pulumi_aws

            options = self._of(account, "aws")
            self._aws[account] = pulumi_aws.Provider(
                f"aws-{account}",
                region=options.get("region", "us-east-1"),
                profile=options.get("profile"),
                assume_roles=options.get("assumeRoles"),
                endpoints=options.get("endpoints"),
                skip_credentials_validation=options.get("skipCredentialsValidation"),
                skip_metadata_api_check=options.get("skipMetadataApiCheck"),
                skip_region_validation=options.get("skipRegionValidation"),
                skip_requesting_account_id=options.get("skipRequestingAccountId"),
                access_key=self._secret(account, "awsAccessKey"),
                secret_key=self._secret(account, "awsSecretKey"),
            )
        return self._aws[account]

    def cloudflare(self, account: str) -> pulumi_cloudflare.Provider:
        if account not in self._cloudflare:
            import pulumi_cloudflare

            options = self._of(account, "cloudflare")
            self._cloudflare[account] = pulumi_cloudflare.Provider(
                f"cloudflare-{account}",
                base_url=options.get("baseUrl"),
                api_token=self._secret(account, "cloudflareApiToken"),
            )
        return self._cloudflare[account]

    def _of(self, account: str, provider: str) -> Mapping[str, Any]:
        if account not in self._options and account != DEFAULT:
            raise UnknownAccountError(account, sorted(self._options))
        found: Mapping[str, Any] = self._options.get(account, {}).get(provider, {})
        return found

    def _secret(self, account: str, name: str) -> pulumi.Output[str] | None:
        """None where the stack has no such secret: the provider then reads its own environment variables."""
        if self._secrets is None:
            return None
        return self._secrets.apply(lambda secrets: secrets.get(account, {}).get(name))
