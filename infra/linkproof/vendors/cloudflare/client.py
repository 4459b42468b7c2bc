"""Cloudflare's API with an account's own token."""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from linkproof.contract.vendor import says_itself, secret_of
from linkproof.errors import LinkproofError
from linkproof.json_api import WaitingHere
from linkproof.rate import Rate, bucket_of
from linkproof.vendors.cloudflare.account import Options, Secrets

if TYPE_CHECKING:
    import httpx

CLOUDFLARE_API = "https://api.cloudflare.com/client/v4"
TIMEOUT_SECONDS = 30.0
TOO_MANY = 429
# The limit counts in windows of five minutes.
MOST_WAIT_SECONDS = 330
MOST_PAGES = 10_000
# 1,200 calls in five minutes for all tokens of a user (developers.cloudflare.com/fundamentals/api/reference/limits): half of them here,
# for the engine's provider calls with the same token, and its calls cannot be counted.
RATE = Rate(burst=120, per_second=480 / 300)


class CloudflareClient:
    """Calls of the Cloudflare API; a token never appears in an error."""

    def __init__(self, base_url: str, token: str) -> None:
        import httpx

        self._http = httpx.Client(headers={"Authorization": f"Bearer {token}"}, timeout=TIMEOUT_SECONDS)
        self._base_url = base_url.rstrip("/")
        self._bucket = bucket_of("cloudflare", token, self._base_url, RATE)

    def get(self, path: str, query: Mapping[str, str]) -> Any:
        """The `result` of one call; all of its pages where it is a list.

        Raises:
            LinkproofError: the API refused, or cannot be reached.
        """
        results: list[Any] = []
        page = 1
        while True:
            document = self._document("GET", path, {**query, **({"page": str(page)} if page > 1 else {})})
            if not isinstance(document["result"], list):
                return document["result"]
            results += document["result"]
            if not document["result"] or page >= _pages(document.get("result_info")):
                return results
            page += 1

    def post(self, path: str, body: Mapping[str, Any]) -> Any:
        """The `result`. Sent once: where no answer came, it may have been done all the same.

        Raises:
            LinkproofError: the API refused, or cannot be reached.
        """
        return self._document("POST", path, {}, body)["result"]

    def graphql(self, query: str, variables: Mapping[str, Any]) -> Any:
        """The `data` of one query; it reads.

        Raises:
            LinkproofError: the API refused, or cannot be reached.
        """
        import httpx

        try:
            answer = self._unhurried("POST", "/graphql", {}, {"query": query, "variables": dict(variables)})
            document = answer.json()
        except (httpx.HTTPError, ValueError) as error:
            raise LinkproofError(
                f"the Cloudflare API gave no answer to POST /graphql: {type(error).__name__}", "try again"
            ) from error
        errors = document.get("errors") if isinstance(document, dict) else None
        if answer.status_code >= 400 or errors or not isinstance(document, dict):
            said = "; ".join(str(one.get("message")) for one in errors or () if isinstance(one, dict))
            raise LinkproofError(
                f"the Cloudflare API refused POST /graphql: {answer.status_code} {said}".rstrip(),
                "check the token's scope (Analytics Read), and how long the zone's plan keeps them",
            )
        return document.get("data")

    def delete(self, path: str) -> None:
        """Likewise.

        Raises:
            LinkproofError: the API refused, or cannot be reached.
        """
        self._document("DELETE", path, {})

    def _document(
        self, method: str, path: str, query: Mapping[str, str], body: Mapping[str, Any] | None = None
    ) -> dict[str, Any]:
        import httpx

        try:
            answer = self._unhurried(method, path, query, body)
            document = answer.json()
        except (httpx.HTTPError, ValueError) as error:
            raise LinkproofError(
                f"the Cloudflare API gave no answer to {method} {path}: {type(error).__name__}", "try again"
            ) from error
        if not isinstance(document, dict) or (document.get("success") and "result" not in document):
            raise LinkproofError(
                f"the Cloudflare API gave no answer of its own to {method} {path}",
                "see whether the account's baseUrl is right",
            )
        if answer.status_code == TOO_MANY:
            raise LinkproofError(
                f"the Cloudflare API's rate limit is used up ({method} {path})",
                f"run this again in {answer.headers.get('Retry-After', '300')[:5]} s; all tokens of a user share the limit",
            )
        if not document.get("success"):
            said = "; ".join(f"{e.get('code')} {e.get('message')}" for e in document.get("errors") or [])
            raise LinkproofError(
                f"the Cloudflare API refused {method} {path}: {answer.status_code} {said}", "check the token's scope"
            )
        return document

    def _unhurried(
        self, method: str, path: str, params: Mapping[str, str], body: Mapping[str, Any] | None
    ) -> httpx.Response:
        """One call; while the rate limit is used up it waits as long as the API says."""
        waited = 0.0
        while True:
            if self._bucket is not None:
                self._bucket.take(WaitingHere(MOST_WAIT_SECONDS))
            answer = self._http.request(method, self._base_url + path, params=dict(params), json=body)
            wait = answer.headers.get("Retry-After", "")
            if answer.status_code != TOO_MANY or not wait.isdecimal() or waited + int(wait) > MOST_WAIT_SECONDS:
                return answer
            waited += max(1, int(wait))
            time.sleep(max(1, int(wait)))


def _pages(info: Any) -> int:
    """How many there are; one where the answer does not say it as the API does."""
    pages = info.get("total_pages", 1) if isinstance(info, dict) else 1
    return min(pages, MOST_PAGES) if isinstance(pages, int) else 1


def client(account: str, options: Options, secrets: Secrets, stack: str) -> CloudflareClient:
    """A client with the account's token, or the environment's.

    Raises:
        LinkproofError: there is no token for the account.
    """
    given, variable = secrets.cloudflare_api_token, "CLOUDFLARE_API_TOKEN"
    token = secret_of(given, variable, "Cloudflare token", account, "cloudflareApiToken", stack)
    return CloudflareClient(options.base_url or CLOUDFLARE_API, token)


asking = says_itself
