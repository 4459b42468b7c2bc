"""Cloudflare's API with an account's own token."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from linkproof.contract.vendor import SECRETS
from linkproof.errors import LinkproofError
from linkproof.vendors.cloudflare.account import Options, Secrets

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


def client(account: str, options: Options, secrets: Secrets, stack: str) -> CloudflareClient:
    """A client with the account's token, or the environment's.

    Raises:
        LinkproofError: there is no token for the account.
    """
    secret = secrets.cloudflare_api_token
    token = secret.get_secret_value() if secret else os.environ.get("CLOUDFLARE_API_TOKEN")
    if not token:
        raise LinkproofError(
            f"no Cloudflare token for account {account}",
            f"set it in Pulumi.{stack}.yaml with `pulumi config set --stack {stack} "
            f"--secret --path {SECRETS}.{account}.cloudflareApiToken`, or set CLOUDFLARE_API_TOKEN",
        )
    return CloudflareClient(options.base_url or CLOUDFLARE_API, token)


@contextmanager
def asking(what: str, account: str) -> Iterator[None]:
    """The client says itself what goes wrong."""
    del what, account
    yield
