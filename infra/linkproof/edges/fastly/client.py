"""Fastly's API with an account's own token. It is only asked, never told."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from linkproof.contract.vendor import says_itself, secret_of
from linkproof.edges.fastly.account import Options, Secrets
from linkproof.errors import LinkproofError

if TYPE_CHECKING:
    import httpx

FASTLY_API = "https://api.fastly.com"
KEY_VARIABLE = "FASTLY_API_KEY"
TIMEOUT_SECONDS = 30.0
PAGE_SIZE = 100
MOST_PAGES = 1000
TOO_MANY = 429
_MINUTE = 60
JSON_API = "application/vnd.api+json"


class FastlyClient:
    """Calls of Fastly's API; a token never appears in an error."""

    def __init__(self, base_url: str, token: str) -> None:
        import httpx

        self._http = httpx.Client(headers={"Fastly-Key": token}, timeout=TIMEOUT_SECONDS)
        self._base_url = base_url.rstrip("/")

    def services(self) -> Iterator[Mapping[str, Any]]:
        """Every service of the account, without what is in its versions.

        Raises:
            LinkproofError: the API refused, or cannot be reached.
        """
        for page in range(1, MOST_PAGES + 1):
            found = self._get("/service", {"page": str(page), "per_page": str(PAGE_SIZE)})
            if not isinstance(found, list):
                raise _not_its_own("/service")
            yield from found
            if len(found) < PAGE_SIZE:
                return

    def active_domains(self, service_id: str) -> frozenset[str]:
        """The hosts that a service answers for now.

        Raises:
            LinkproofError: the API refused, or cannot be reached.
        """
        details = self._get(f"/service/{service_id}/details", {})
        active = details.get("active_version") or {} if isinstance(details, dict) else {}
        return frozenset(str(domain.get("name")) for domain in active.get("domains") or ())

    def requests_by_minute(self, service_id: str, since: datetime, until: datetime) -> Iterator[tuple[datetime, int]]:
        """The minutes in which requests came to a service, and how many; one of which nobody came may be there or not.

        Args:
            since: aware; the minute that it stands in is the first one.
            until: aware, and past.

        Raises:
            LinkproofError: the API refused, or cannot be reached.
        """
        path = f"/stats/service/{service_id}"
        first = int(since.timestamp()) // _MINUTE * _MINUTE
        query = {"from": str(first), "to": str(math.ceil(until.timestamp())), "by": "minute"}
        document = self._get(path, query)
        if not isinstance(document, dict) or not isinstance(document.get("data"), list):
            raise _not_its_own(path)
        for one in document["data"]:
            yield datetime.fromtimestamp(int(one["start_time"]), UTC), int(one["requests"])

    def subscriptions(self, host: str) -> Iterator[Mapping[str, Any]]:
        """Every TLS subscription that has this host.

        Raises:
            LinkproofError: the API refused, or cannot be reached.
        """
        yield from self._of_host("/tls/subscriptions", "filter[tls_domains.id]", host)

    def activations(self, host: str) -> Iterator[Mapping[str, Any]]:
        """Every TLS activation of this host.

        Raises:
            LinkproofError: the API refused, or cannot be reached.
        """
        yield from self._of_host("/tls/activations", "filter[tls_domain.id]", host)

    def _of_host(self, path: str, filter_: str, host: str) -> Iterator[Mapping[str, Any]]:
        for page in range(1, MOST_PAGES + 1):
            query = {filter_: host, "page[number]": str(page), "page[size]": str(PAGE_SIZE)}
            document = self._get(path, query, JSON_API)
            if not isinstance(document, dict) or not isinstance(document.get("data"), list):
                raise _not_its_own(path)
            yield from document["data"]
            if page >= int((document.get("meta") or {}).get("total_pages") or 1):
                return

    def _get(self, path: str, query: Mapping[str, str], accept: str = "application/json") -> Any:
        import httpx

        try:
            answer = self._http.get(self._base_url + path, params=dict(query), headers={"Accept": accept})
            document = answer.json()
        except (httpx.HTTPError, ValueError) as error:
            raise LinkproofError(
                f"the Fastly API gave no answer to GET {path}: {type(error).__name__}", "try again"
            ) from error
        if answer.status_code >= 400:
            raise LinkproofError(
                f"the Fastly API refused GET {path}: {answer.status_code} {_said(document)}", _fix(answer)
            )
        return document


def _said(document: Any) -> str:
    """The words of a refusal: `msg` and `detail`, or those of JSON:API."""
    if not isinstance(document, dict):
        return ""
    errors = document.get("errors")
    if isinstance(errors, list):
        return "; ".join(str(one.get("detail") or one.get("title")) for one in errors if isinstance(one, dict))
    return ": ".join(str(document[name]) for name in ("msg", "detail") if document.get(name))


def _fix(answer: httpx.Response) -> str:
    if answer.status_code == TOO_MANY:
        return "wait until the hour of the rate limit is over (1,000 changing calls), then run this again"
    return "check the token and its scope (the README of edges/fastly says which)"


def _not_its_own(path: str) -> LinkproofError:
    return LinkproofError(
        f"the Fastly API gave no answer of its own to GET {path}", "see whether the account's baseUrl is right"
    )


def client(account: str, options: Options, secrets: Secrets, stack: str) -> FastlyClient:
    """A client with the account's token, or the environment's.

    Raises:
        LinkproofError: there is no token for the account.
    """
    token = secret_of(secrets.fastly_api_key, KEY_VARIABLE, "Fastly token", account, "fastlyApiKey", stack)
    return FastlyClient(options.base_url or FASTLY_API, token)


asking = says_itself
