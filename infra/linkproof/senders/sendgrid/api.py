"""SendGrid's API v3: how a key is sent, whom a call is for, what its errors and its rate limit say."""

from __future__ import annotations

import time
from collections.abc import Mapping
from email.utils import parsedate_to_datetime
from typing import Any, ClassVar

from linkproof.contract.vendor import SECRETS
from linkproof.json_api import Body, JsonApi, JsonApiError, Waiting, WaitingHere

__all__ = ["BASE_URLS", "SendGridApi", "SendGridError", "UnknownOutcomeError", "Waiting", "WaitingHere"]

BASE_URLS = {"us": "https://api.sendgrid.com", "eu": "https://api.eu.sendgrid.com"}


class SendGridError(JsonApiError):
    """SendGrid refused a call, or gave no answer of its own."""

    vendor = "SendGrid"
    otherwise = "run the same command again; see https://status.sendgrid.com if it stays"
    fixes: ClassVar[Mapping[int, str]] = {
        400: "correct what the message names",
        401: f"the key is unknown or revoked: set a valid one at {SECRETS}.ACCOUNT.sendgridApiKey",
        403: "give the key the scope that this needs (linkproof/senders/sendgrid/README.md), or see whether the subuser is this account's",
        404: "see whether it was deleted in the console, or belongs to another account or region",
        429: "run the same command again after that moment; all keys of the account share the limit",
    }


class UnknownOutcomeError(SendGridError):
    """The call may have been carried out: nothing says whether it was."""


class SendGridApi(JsonApi):
    """One account's API."""

    root = "/v3/"
    subject = "subuser"
    refused = SendGridError
    unknown = UnknownOutcomeError

    def call(
        self,
        method: str,
        path: str,
        waiting: Waiting,
        body: Body | None = None,
        *,
        query: Mapping[str, str] | None = None,
        subuser: str = "",
    ) -> Any:
        """One call, as `ask` does it.

        Args:
            path: below `/v3/`, its parts quoted.
            subuser: for whom the account calls.

        Raises:
            UnknownOutcomeError: it may have worked.
            SendGridError: it was refused, or the vendor cannot be reached.
        """
        return self.ask(method, path, waiting, body, query=query, subject=subuser)

    def headers(self, key: str, subject: str) -> dict[str, str]:
        return {"Authorization": f"Bearer {key}", **({"on-behalf-of": subject} if subject else {})}

    def problems_of(self, error: Mapping[str, Any]) -> tuple[object, object]:
        return error.get("field"), error.get("message")

    def wait_seconds(self, headers: Mapping[str, str]) -> float:
        """Until the refresh of the rate limit, by the server's own clock where it says what it is."""
        reset = headers.get("x-ratelimit-reset", "")
        if not reset.isdecimal() or len(reset) > 12:
            return 1.0
        try:
            now = parsedate_to_datetime(headers.get("date", "")).timestamp()
        except (TypeError, ValueError):
            now = time.time()
        return max(0.1, int(reset) - now)
