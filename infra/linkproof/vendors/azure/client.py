"""Azure Resource Manager with an account's own credentials."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from linkproof.contract.vendor import ACCOUNTS, says_itself
from linkproof.errors import LinkproofError
from linkproof.vendors.azure.account import Options, Secrets
from linkproof.vendors.azure.cloud import cloud_of
from linkproof.vendors.azure.token import token_of

if TYPE_CHECKING:
    from collections.abc import Callable

TIMEOUT_SECONDS = 30.0
# Where the engine's provider looks for it.
SUBSCRIPTION_VARIABLE = "ARM_SUBSCRIPTION_ID"
_MOST_SHOWN = 300
_MISSING = frozenset({404})
_TOO_MANY = 429


class AzureClient:
    """Calls below one subscription; a token never appears in an error.

    Args:
        management: of Azure Resource Manager, without a last slash.
        token: gives a fresh access token for each call.
    """

    def __init__(self, management: str, subscription: str, token: Callable[[], str]) -> None:
        import httpx

        self.root = f"/subscriptions/{subscription}"
        self._management = management
        self._token = token
        self._http = httpx.Client(timeout=TIMEOUT_SECONDS)

    def find(self, id_: str, version: str) -> dict[str, Any] | None:
        """One object; None where there is none.

        Args:
            id_: as Azure has it, from `/subscriptions/` on.
            version: of the API.

        Raises:
            LinkproofError: the API refused, or cannot be reached.
        """
        return self._document("GET", f"{id_}?api-version={version}", unless=_MISSING)

    def ask(self, id_: str, version: str, query: Iterable[tuple[str, str]] = ()) -> dict[str, Any]:
        """What an object says when it is asked so; that it is not there is a refusal too.

        Args:
            query: names and values; a name may come again.

        Raises:
            LinkproofError: the API refused, or cannot be reached.
        """
        asked = urlencode([("api-version", version), *query])
        return self._document("GET", f"{id_}?{asked}") or {}

    def list(self, id_: str, version: str) -> Iterator[dict[str, Any]]:
        """What a collection has, page by page; nothing where the parent is not there.

        Raises:
            LinkproofError: the API refused, or cannot be reached.
        """
        path: str | None = f"{id_}?api-version={version}"
        while path:
            document = self._document("GET", path, unless=_MISSING) or {}
            yield from document.get("value") or ()
            path = self._next(document.get("nextLink"))

    def write(
        self,
        method: str,
        id_: str,
        version: str,
        body: Mapping[str, Any] | None = None,
        *,
        headers: Mapping[str, str] | None = None,
        unless: frozenset[int] = frozenset(),
    ) -> dict[str, Any] | None:
        """Sent once: where no answer came, it may have been done all the same.

        Args:
            headers: `If-Match` and the like.
            unless: statuses of a refusal that the caller can do something about; None is then the answer.

        Raises:
            LinkproofError: the API refused, or cannot be reached.
        """
        return self._document(method, f"{id_}?api-version={version}", body, headers or {}, unless)

    def _next(self, link: Any) -> str | None:
        """The token goes to no other host than the one that was asked."""
        if not isinstance(link, str) or not link:
            return None
        if not link.startswith(f"{self._management}/"):
            raise LinkproofError(f"the next page of Azure's list is elsewhere: {link[:_MOST_SHOWN]}", "try again")
        return link.removeprefix(self._management)

    def _document(
        self,
        method: str,
        path: str,
        body: Mapping[str, Any] | None = None,
        headers: Mapping[str, str] | None = None,
        unless: frozenset[int] = frozenset(),
    ) -> dict[str, Any] | None:
        import httpx

        sent = {"Authorization": f"Bearer {self._token()}", **(headers or {})}
        asked = f"{method} {path.partition('?')[0]}"
        try:
            answer = self._http.request(method, self._management + path, json=body, headers=sent)
            document = answer.json() if answer.content else {}
        except (httpx.HTTPError, ValueError) as error:
            raise LinkproofError(f"Azure gave no answer to {asked}: {type(error).__name__}", "try again") from error
        if answer.status_code in unless:
            return None
        if answer.is_error or not isinstance(document, dict):
            raise LinkproofError(
                f"Azure refused {asked}: {answer.status_code}, {_said(document)}",
                "run the same command again in some minutes: Azure counts the calls of a subscription"
                if answer.status_code == _TOO_MANY
                else "check the account's subscription, the resource group, and the roles that the credentials have there",
            )
        return document


def _said(document: Any) -> str:
    """DNS says code and message at the top, everything else below `error`."""
    error = document.get("error", document) if isinstance(document, dict) else None
    if not isinstance(error, dict) or not error.get("message"):
        return "no word of its own"
    return f"{error.get('code')}: {error['message']}"[:_MOST_SHOWN]


def client(account: str, options: Options, secrets: Secrets, stack: str) -> AzureClient:
    """A client with the account's credentials, or those that the environment has.

    Raises:
        LinkproofError: there is no subscription, or there are no credentials.
    """
    subscription = options.subscription_id or os.environ.get(SUBSCRIPTION_VARIABLE)
    if not subscription:
        raise LinkproofError(
            f"no Azure subscription for account {account}",
            f"write `{account}: {{azure: {{subscriptionId: …}}}}` under {ACCOUNTS} in Pulumi.{stack}.yaml, or set {SUBSCRIPTION_VARIABLE}",
        )
    cloud = cloud_of(options.metadata_host)
    return AzureClient(cloud.management, subscription, token_of(account, options, secrets, cloud, stack))


asking = says_itself
