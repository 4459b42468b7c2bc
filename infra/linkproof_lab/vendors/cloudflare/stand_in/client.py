"""Requests to Cloudflare's API, version 4, and its answers' envelope."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any

from linkproof.providers.protocol.base import ApiError

from linkproof_lab.providers.http import Http


@dataclass(frozen=True, slots=True)
class CloudflareClient:
    """One token.

    Args:
        base_url: with `/client/v4`, without a slash at the end.
    """

    base_url: str
    token: str = field(repr=False)
    http: Http

    def call(self, method: str, path: str, body: dict[str, Any] | None = None) -> dict[str, Any]:
        """The answer's `result`; empty when it has none.

        Raises:
            ApiError: with the number of the first of Cloudflare's errors as its code, and all their messages.
        """
        headers = {"authorization": f"Bearer {self.token}".rstrip(), "content-type": "application/json"}
        data = b"" if body is None else json.dumps(body).encode()
        answer = self.http.send(method, f"{self.base_url}{path}", data, lambda: headers)
        try:
            document = json.loads(answer.body or b"{}")
        except ValueError:
            raise ApiError(
                f"{method} {path}", answer.status, "NotJson", answer.body[:200].decode("utf-8", "replace")
            ) from None
        if answer.status >= 400 or document.get("success") is False:
            errors = document.get("errors") or [{"code": 0, "message": "no reason given"}]
            text = "; ".join(map(_words, errors))
            raise ApiError(f"{method} {path}", answer.status, str(errors[0].get("code")), text)
        result: dict[str, Any] = document.get("result") or {}
        return result

    def find(self, path: str) -> dict[str, Any] | None:
        """As `call("GET", path)`; None when there is no such object."""
        try:
            return self.call("GET", path)
        except ApiError as error:
            if error.status == 404:
                return None
            raise


def _words(error: dict[str, Any]) -> str:
    """The vendor's code and message, and those of what is behind them."""
    code = error.get("code")
    own = f"{error.get('message')} ({code})" if code is not None else str(error.get("message"))
    return ": ".join([own, *map(_words, error.get("error_chain") or ())])
