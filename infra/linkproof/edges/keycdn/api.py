"""KeyCDN's API: how a key is sent, what its errors and its rate limit say; zones and zone aliases as it has them."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator, Mapping
from typing import Any, ClassVar

from linkproof.contract.vendor import SECRETS
from linkproof.json_api import Body, JsonApi, JsonApiError, Waiting
from linkproof.rate import Rate

BASE_URL = "https://api.keycdn.com"
# "60 requests per minute" in its headers, which say no time.
_WAIT_SECONDS = 5.0


class KeyCdnError(JsonApiError):
    """KeyCDN refused a call, or gave no answer of its own."""

    vendor = "KeyCDN"
    otherwise = "run the same command again; see https://status.keycdn.com if it stays"
    fixes: ClassVar[Mapping[int, str]] = {
        400: "correct what the message names",
        401: f"the key is unknown: set a valid one at {SECRETS}.ACCOUNT.keycdnApiKey",
        403: "see whether the key is right, and whether the account may have one more zone",
        404: "see whether it was deleted in the console, or belongs to another account",
        413: "KeyCDN takes 64 KB: give the certificate with its intermediates and no root",
        429: "run the same command again in a minute; all keys of the account share the limit",
    }


class UnknownOutcomeError(KeyCdnError):
    """The call may have been carried out: nothing says whether it was."""


class KeyCdnApi(JsonApi):
    """One account's API."""

    root = "/"
    subject = "user"
    refused = KeyCdnError
    unknown = UnknownOutcomeError
    rate = Rate(burst=20, per_second=40 / 60)  # 60 in any minute

    def call(
        self,
        method: str,
        path: str,
        waiting: Waiting,
        body: Body | None = None,
        query: Mapping[str, str] | None = None,
    ) -> dict[str, Any]:
        """One call, as `ask` does it; what `data` of the answer has.

        Args:
            path: without `.json`.

        Raises:
            UnknownOutcomeError: it may have worked.
            KeyCdnError: it was refused, or the vendor cannot be reached.
        """
        answer = self.ask(method, f"{path}.json", waiting, body, query=query)
        data = answer.get("data") if isinstance(answer, dict) else None
        return data if isinstance(data, dict) else {}

    def listed(self, path: str, waiting: Waiting) -> list[dict[str, Any]]:
        """Every zone, or zone alias.

        Args:
            path: `zones` or `zonealiases`, which is what the answer calls them too.

        Raises:
            KeyCdnError: the API refuses, or answers in no form of its own.
        """
        found = self.call("GET", path, waiting).get(path)
        if not isinstance(found, list):
            raise KeyCdnError(f"GET /{path}.json", 0, (("", f"the answer has no {path}"),))
        return found

    def headers(self, key: str, subject: str) -> dict[str, str]:
        """The key as the user of HTTP Basic, without a password."""
        del subject
        return {"Authorization": f"Basic {base64.b64encode(f'{key}:'.encode()).decode()}"}

    def problems_of(self, error: Mapping[str, Any]) -> tuple[object, object]:
        return "", error.get("description")

    def wait_seconds(self, headers: Mapping[str, str]) -> float:
        del headers
        return _WAIT_SECONDS

    def _said(self, data: bytes) -> Iterator[tuple[str, str]]:
        """One message stands where others have a list."""
        try:
            document = json.loads(data)
        except ValueError:
            return
        if isinstance(document, dict) and document.get("description"):
            where, what = self.problems_of(document)
            yield self._clean(where), self._clean(what)


def found_or_none(api: KeyCdnApi, zone_id: str, waiting: Waiting) -> dict[str, Any] | None:
    """A zone; None where it is gone.

    Raises:
        KeyCdnError: the API answers anything else.
    """
    try:
        found = api.call("GET", f"zones/{zone_id}", waiting).get("zone")
    except KeyCdnError as error:
        if error.status == 404:
            return None
        raise
    return dict(found) if found else None


def alias_or_none(api: KeyCdnApi, alias_id: str, waiting: Waiting) -> dict[str, Any] | None:
    """A zone alias: one alone cannot be asked for.

    Raises:
        KeyCdnError: the API refuses.
    """
    return next((one for one in api.listed("zonealiases", waiting) if str(one.get("id")) == alias_id), None)
