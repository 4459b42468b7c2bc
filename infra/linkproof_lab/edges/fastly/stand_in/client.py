"""Requests to Fastly's API: forms for services, JSON:API for TLS."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote, urlencode

from linkproof.providers.protocol.base import ApiError

from linkproof_lab.providers.http import Http

_JSON_API = "application/vnd.api+json"


@dataclass(frozen=True, slots=True)
class FastlyClient:
    """One token."""

    base_url: str
    key: str = field(repr=False)
    http: Http

    def form(self, method: str, path: str, values: Mapping[str, Any] | None = None) -> Any:
        """The answer's document.

        Raises:
            ApiError: with Fastly's `msg` and `detail`.
        """
        body = urlencode({name: _text(value) for name, value in (values or {}).items() if value is not None}).encode()
        return self._send(method, path, body, "application/x-www-form-urlencoded")

    def json_api(self, method: str, path: str, document: Mapping[str, Any] | None = None) -> Any:
        """Likewise, with the titles of JSON:API's errors."""
        return self._send(method, path, b"" if document is None else json.dumps(document).encode(), _JSON_API)

    def _send(self, method: str, path: str, body: bytes, kind: str) -> Any:
        headers = {
            "fastly-key": self.key,
            "content-type": kind,
            "accept": kind if kind == _JSON_API else "application/json",
        }
        answer = self.http.send(method, f"{self.base_url}{path}", body, lambda: headers)
        document = json.loads(answer.body or b"{}")
        if answer.status >= 400:
            title, detail = _said(document)
            raise ApiError(f"{method} {path}", answer.status, title, detail)
        return document


def part(name: str) -> str:
    """One part of a path."""
    return quote(name, safe="")


def _said(document: Any) -> tuple[str, str]:
    errors = document.get("errors") if isinstance(document, dict) else None
    if errors:
        return str(errors[0].get("title")), str(errors[0].get("detail"))
    return str(document.get("msg")), str(document.get("detail"))


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return "1" if value else "0"
    return str(int(value)) if isinstance(value, float) else str(value)
