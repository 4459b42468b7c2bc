"""Calls of Google's APIs, with the account's token."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from linkproof.providers.protocol.base import ApiError

from linkproof_lab.providers.http import Http


@dataclass(frozen=True, slots=True)
class GcpClient:
    """Args:
    urls: of `compute`, `certificateManager` and `dns`, each with its version and a last slash.
    """

    urls: Mapping[str, str]
    project: str
    token: str = field(repr=False)
    http: Http

    def call(
        self, api: str, method: str, path: str, body: Any = None, query: Mapping[str, str] | None = None
    ) -> dict[str, Any]:
        """Args:
            path: after the version: `projects/…`.

        Raises:
            ApiError: with Google's message.
        """
        url = f"{self.urls[api]}{path}" + (f"?{urlencode(query)}" if query else "")
        headers = {"authorization": f"Bearer {self.token}", "content-type": "application/json"}
        answer = self.http.send(method, url, b"" if body is None else json.dumps(body).encode(), lambda: headers)
        document: dict[str, Any] = json.loads(answer.body or b"{}")
        if answer.status >= 400:
            error = document.get("error") or {}
            reason = next((str(one.get("reason")) for one in error.get("errors") or ()), str(answer.status))
            raise ApiError(f"{method} {path}", answer.status, reason, str(error.get("message")))
        return document

    def find(self, api: str, path: str, query: Mapping[str, str] | None = None) -> dict[str, Any] | None:
        """As `call` with GET; None when there is no such object."""
        try:
            return self.call(api, "GET", path, query=query)
        except ApiError as error:
            if error.status == 404:
                return None
            raise
