"""Vendor API clients with the stack's own credentials, for the commands that must ask a vendor themselves."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from linkproof.credentials import ACCOUNTS, SECRETS, Credentials, read_credentials
from linkproof.engine.aws_session import session
from linkproof.errors import LinkproofError

if TYPE_CHECKING:
    from linkproof.engine.cli import Engine

CLOUDFLARE_API = "https://api.cloudflare.com/client/v4"
TIMEOUT_SECONDS = 30.0


class CloudflareClient:
    """GET on the Cloudflare API; a token never appears in an error."""

    def __init__(self, base_url: str, token: str) -> None:
        import httpx

        self._http = httpx.Client(headers={"Authorization": f"Bearer {token}"}, timeout=TIMEOUT_SECONDS)
        self._base_url = base_url.rstrip("/")

    def get(self, path: str, query: Mapping[str, str]) -> Any:
        """The `result` of one call; all of its pages where it is a list.

        Raises:
            LinkproofError: the API refused, or cannot be reached.
        """
        import httpx

        results: list[Any] = []
        page = 1
        while True:
            try:
                answer = self._http.get(
                    self._base_url + path, params={**query, **({"page": str(page)} if page > 1 else {})}
                )
                document = answer.json()
            except (httpx.HTTPError, ValueError) as error:
                raise LinkproofError(
                    f"the Cloudflare API gave no answer to GET {path}: {type(error).__name__}", "try again"
                ) from error
            if not document.get("success"):
                said = "; ".join(f"{e.get('code')} {e.get('message')}" for e in document.get("errors") or [])
                raise LinkproofError(
                    f"the Cloudflare API refused GET {path}: {answer.status_code} {said}", "check the token's scope"
                )
            if not isinstance(document["result"], list):
                return document["result"]
            results += document["result"]
            if page >= (document.get("result_info") or {}).get("total_pages", 1):
                return results
            page += 1


class Clients:
    """Clients by account, made from the stack's config when first asked for, as the engine's providers are."""

    def __init__(self, credentials: Credentials) -> None:
        self._credentials = credentials
        self._sessions: dict[str, Any] = {}

    @classmethod
    def of(cls, engine: Engine) -> Clients:
        """Read the stack's config through the CLI, which alone can decrypt it.

        Raises:
            CredentialsError: the config's accounts or secrets are not understood.
        """
        config = json.loads(engine.must("config", "--json", "--show-secrets", "--stack", engine.stack))

        def value(key: str) -> Any:
            entry = config.get(key) or {}
            return entry["objectValue"] if entry.get("objectValue") is not None else entry.get("value")

        return cls(read_credentials(value(ACCOUNTS), value(SECRETS), engine.stack))

    def aws(self, service: str, account: str, region: str | None = None) -> Any:
        """A boto3 client; without configured credentials it reads the environment, as the provider does.

        Raises:
            LinkproofError: the account is unknown, its profile is missing, or one of its roles may not be assumed.
        """
        options = self._credentials.account(account).aws
        if account not in self._sessions:
            self._sessions[account] = session(
                account, options, self._credentials.secrets(account), self._credentials.stack
            )
        return self._sessions[account].client(
            service, region_name=region or options.region, endpoint_url=options.endpoint(service)
        )

    def cloudflare(self, account: str) -> CloudflareClient:
        """A client with the account's token, or the environment's.

        Raises:
            LinkproofError: the account is unknown, or there is no token for it.
        """
        options = self._credentials.account(account).cloudflare
        secret = self._credentials.secrets(account).cloudflare_api_token
        token = secret.get_secret_value() if secret else os.environ.get("CLOUDFLARE_API_TOKEN")
        if not token:
            raise LinkproofError(
                f"no Cloudflare token for account {account}",
                f"set it in Pulumi.{self._credentials.stack}.yaml with `pulumi config set --stack {self._credentials.stack} "
                f"--secret --path {SECRETS}.{account}.cloudflareApiToken`, or set CLOUDFLARE_API_TOKEN",
            )
        return CloudflareClient(options.base_url or CLOUDFLARE_API, token)
