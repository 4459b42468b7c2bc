"""Access tokens: of a service principal by its secret, or whatever the environment has, found by azure-identity."""

from __future__ import annotations

import os
import time
from collections.abc import Callable

from linkproof.contract.vendor import SECRETS
from linkproof.errors import LinkproofError
from linkproof.vendors.azure.account import Options, Secrets
from linkproof.vendors.azure.cloud import PUBLIC, Cloud

_TIMEOUT_SECONDS = 30.0
# Before it ends.
_RENEWED_SECONDS = 300.0


def token_of(account: str, options: Options, secrets: Secrets, cloud: Cloud, stack: str) -> Callable[[], str]:
    """What gives a token, renewed before it ends. The engine's provider reads the same variables.

    Raises:
        LinkproofError: there is a secret, and nothing says whose.
    """
    given = secrets.azure_client_secret
    secret = given.get_secret_value() if given else os.environ.get("ARM_CLIENT_SECRET")
    if not secret:
        return _found_token(account, cloud, stack)
    tenant = options.tenant_id or os.environ.get("ARM_TENANT_ID")
    client = options.client_id or os.environ.get("ARM_CLIENT_ID")
    if not tenant or not client:
        raise LinkproofError(
            f"account {account} has a secret of a service principal at Azure and no {'tenant' if not tenant else 'client'} id",
            f"write tenantId and clientId under linkproof:accounts.{account}.azure in Pulumi.{stack}.yaml, or set ARM_TENANT_ID and ARM_CLIENT_ID",
        )
    return _PrincipalToken(account, f"{cloud.login}/{tenant}/oauth2/v2.0/token", client, secret, cloud.audience)


class _PrincipalToken:
    """OAuth 2.0 client credentials (RFC 6749 §4.4). azure-identity asks over TLS alone, and a lab has none at its APIs."""

    def __init__(self, account: str, url: str, client: str, secret: str, audience: str) -> None:
        self._account = account
        self._url = url
        self._form = {
            "grant_type": "client_credentials",
            "client_id": client,
            "client_secret": secret,
            "scope": f"{audience.rstrip('/')}/.default",
        }
        self._token = ""
        self._until = 0.0

    def __call__(self) -> str:
        """Raises:
        LinkproofError: none is given; the secret is not in it.
        """
        if time.monotonic() < self._until:
            return self._token
        import httpx

        try:
            answer = httpx.post(self._url, data=self._form, timeout=_TIMEOUT_SECONDS)
            document = answer.json()
            self._token = str(document["access_token"])
            self._until = time.monotonic() + float(document["expires_in"]) - _RENEWED_SECONDS
        except (httpx.HTTPError, ValueError, LookupError, TypeError) as error:
            raise LinkproofError(
                f"Azure gives no access token for account {self._account}: {type(error).__name__}",
                "see whether the service principal exists in that tenant and its secret has not ended (`az ad app credential list --id …`)",
            ) from error
        return self._token


def _found_token(account: str, cloud: Cloud, stack: str) -> Callable[[], str]:
    """By the Azure CLI, a managed or workload identity, or the environment."""
    import azure.core.exceptions
    import azure.identity

    authority = cloud.login if cloud != PUBLIC else None
    found = azure.identity.DefaultAzureCredential(authority=authority, exclude_interactive_browser_credential=True)
    scope = f"{cloud.audience.rstrip('/')}/.default"

    def token() -> str:
        try:
            return str(found.get_token(scope).token)
        except azure.core.exceptions.AzureError as error:
            raise LinkproofError(
                f"no Azure credentials for account {account}: {type(error).__name__}",
                "run `az login`, set ARM_TENANT_ID, ARM_CLIENT_ID and ARM_CLIENT_SECRET, or set the secret in"
                f" Pulumi.{stack}.yaml with `pulumi config set --stack {stack} --secret --path {SECRETS}.{account}.azureClientSecret`",
            ) from error

    return token
