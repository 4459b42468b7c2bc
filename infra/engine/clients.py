"""Vendor API clients with the stack's own credentials, for the commands that must ask a vendor themselves."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from infra.errors import LinkproofError

if TYPE_CHECKING:
    from infra.engine.cli import Engine

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
    """Clients by account, made from the stack's config when first asked for.

    Args:
        options: config `linkproof:accounts`.
        secrets: config `linkproof:secrets`, decrypted.
    """

    def __init__(self, options: Mapping[str, Any], secrets: Mapping[str, Any]) -> None:
        self._options = options
        self._secrets = secrets

    @classmethod
    def of(cls, engine: Engine) -> Clients:
        """Read the stack's config through the CLI, which alone can decrypt it."""
        config = json.loads(engine.must("config", "--json", "--show-secrets", "--stack", engine.stack))

        def value(key: str) -> dict[str, Any]:
            entry = config.get(key) or {}
            found = entry.get("objectValue")
            if found is None:
                found = json.loads(entry.get("value") or "{}")
            return found if isinstance(found, dict) else {}

        return cls(value("linkproof:accounts"), value("linkproof:secrets"))

    def aws(self, service: str, account: str, region: str | None = None) -> Any:
        """A boto3 client; without configured credentials it reads the environment, as the provider does."""
        import boto3

        options = self._options.get(account, {}).get("aws", {})
        secrets = self._secrets.get(account, {})
        endpoints: dict[str, str] = {}
        for entry in options.get("endpoints") or []:
            endpoints |= entry
        session = boto3.Session(
            profile_name=options.get("profile"),
            aws_access_key_id=secrets.get("awsAccessKey"),
            aws_secret_access_key=secrets.get("awsSecretKey"),
            region_name=region or options.get("region", "us-east-1"),
        )
        return session.client(service, endpoint_url=endpoints.get(service))

    def cloudflare(self, account: str) -> CloudflareClient:
        import os

        options = self._options.get(account, {}).get("cloudflare", {})
        token = self._secrets.get(account, {}).get("cloudflareApiToken") or os.environ.get("CLOUDFLARE_API_TOKEN")
        if not token:
            raise LinkproofError(
                f"no Cloudflare token for account {account}", "set linkproof:secrets or CLOUDFLARE_API_TOKEN"
            )
        return CloudflareClient(options.get("baseUrl") or CLOUDFLARE_API, token)
