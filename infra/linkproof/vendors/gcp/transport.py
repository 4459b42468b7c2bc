"""google-auth's requests by httpx, which is there already: its own transports need another HTTP library each."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import google.auth.exceptions
import google.auth.transport
import httpx

_SECONDS = 30.0


class _Response(google.auth.transport.Response):
    def __init__(self, answer: httpx.Response) -> None:
        self._answer = answer

    @property
    def status(self) -> int:
        return self._answer.status_code

    @property
    def headers(self) -> Mapping[str, str]:
        return self._answer.headers

    @property
    def data(self) -> bytes:
        return self._answer.content


class HttpxRequest(google.auth.transport.Request):
    """One request a call, as `google.auth.transport.Request` asks."""

    def __call__(
        self,
        url: str,
        method: str = "GET",
        body: bytes | None = None,
        headers: Mapping[str, str] | None = None,
        timeout: float | None = _SECONDS,
        **more: Any,
    ) -> _Response:
        """Raises:
        TransportError: no answer came.
        """
        del more
        try:
            return _Response(httpx.request(method, url, content=body, headers=dict(headers or {}), timeout=timeout))
        except httpx.HTTPError as error:
            raise google.auth.exceptions.TransportError(type(error).__name__) from error  # type: ignore[no-untyped-call]
