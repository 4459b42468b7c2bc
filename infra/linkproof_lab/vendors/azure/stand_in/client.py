"""Calls of Azure Resource Manager, with a token of the account's service principal."""

from __future__ import annotations

import json
import threading
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from linkproof.providers.protocol.base import ApiError

from linkproof_lab.providers.http import Http


@dataclass(slots=True)
class AzureClient:
    """Args:
    metadata_host: asked once where the APIs are.
    """

    metadata_host: str
    subscription: str
    tenant: str
    client: str
    secret: str = field(repr=False)
    http: Http
    _opened: tuple[str, str] | None = field(default=None, repr=False)
    _lock: threading.Lock = field(default_factory=threading.Lock, repr=False)

    def call(self, method: str, id_: str, version: str, body: Any = None) -> dict[str, Any]:
        """Args:
            id_: from `/subscriptions/` on.

        Raises:
            ApiError: with Azure's message.
        """
        management, token = self._session()
        headers = {"authorization": f"Bearer {token}", "content-type": "application/json"}
        return self._send(
            method,
            f"{management}{id_}?api-version={version}",
            b"" if body is None else json.dumps(body).encode(),
            headers,
        )

    def find(self, id_: str, version: str) -> dict[str, Any] | None:
        """As `call` with GET; None when there is no such object."""
        try:
            return self.call("GET", id_, version)
        except ApiError as error:
            if error.status == 404:
                return None
            raise

    def _session(self) -> tuple[str, str]:
        with self._lock:
            if self._opened is None:
                found = self._send(
                    "GET", f"http://{self.metadata_host}/metadata/endpoints?api-version=2022-09-01", b"", {}
                )
                login = str(found["authentication"]["loginEndpoint"]).rstrip("/")
                form = {"grant_type": "client_credentials", "client_id": self.client, "client_secret": self.secret}
                headers = {"content-type": "application/x-www-form-urlencoded"}
                answer = self._send(
                    "POST", f"{login}/{self.tenant}/oauth2/v2.0/token", urlencode(form).encode(), headers
                )
                self._opened = str(found["resourceManager"]).rstrip("/"), str(answer["access_token"])
            return self._opened

    def _send(self, method: str, url: str, body: bytes, headers: dict[str, str]) -> dict[str, Any]:
        answer = self.http.send(method, url, body, lambda: headers)
        document: dict[str, Any] = json.loads(answer.body or b"{}")
        if answer.status >= 400:
            error = document.get("error") or document
            raise ApiError(
                f"{method} {url.partition('?')[0]}", answer.status, str(error.get("code")), str(error.get("message"))
            )
        return document
