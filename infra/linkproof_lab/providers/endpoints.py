"""The config of a package without a `provider.py`: where its services' APIs are, and a token.

| option | says |
|---|---|
| `endpoints` | an object from a registry kind (`edges`, `dns`) to the URL of that service's API; as an object or as JSON |
| `token` | secret; sent as `Authorization: Bearer …` |
"""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from linkproof.providers.protocol.base import ApiError, ProviderError
from linkproof.providers.protocol.values import Properties, Unknown, has_unknown

from linkproof_lab.providers.http import Http, is_loopback

SECRET_NAMES = ("token",)
_MISSING = 'missing: this stand-in talks to a lab only; name the lab\'s addresses, such as {"edges": "http://127.…"}'


@dataclass(frozen=True, slots=True)
class Endpoints:
    """What `resources.resources` is given."""

    urls: Mapping[str, str]
    token: str = field(repr=False)
    http: Http

    def call(self, kind: str, method: str, path: str, body: Any = None) -> dict[str, Any]:
        """A JSON request to the API of the package's service of this kind; an empty answer is an empty object.

        Raises:
            ApiError: with the answer's `code` and `message`.
            ProviderError: the config names no such API, or it does not answer.
        """
        base = self.urls.get(kind)
        if base is None:
            raise ProviderError(
                f"the provider's `endpoints` name no {kind}", f"add the lab's address as endpoints.{kind}"
            )
        headers = {"authorization": f"Bearer {self.token}", "content-type": "application/json"}
        data = b"" if body is None else json.dumps(body).encode()
        answer = self.http.send(method, base.rstrip("/") + path, data, lambda: headers)
        document: dict[str, Any] = json.loads(answer.body or b"{}")
        if answer.status >= 400:
            code, message = str(document.get("code", "Unknown")), str(document.get("message", ""))
            raise ApiError(f"{method} {path}", answer.status, code, message)
        return document

    def find(self, kind: str, path: str) -> dict[str, Any] | None:
        """As `call` with GET; None when there is no such object."""
        try:
            return self.call(kind, "GET", path)
        except ApiError as error:
            if error.status == 404:
                return None
            raise


def check(config: Properties) -> Iterator[tuple[str, str]]:
    if has_unknown(config.get("endpoints")) or isinstance(config.get("endpoints"), Unknown):
        return
    try:
        urls = _urls(config)
    except ProviderError as error:
        yield "endpoints", error.problem
        return
    if not urls:
        yield "endpoints", _MISSING
    for kind, url in urls.items():
        if not is_loopback(url):
            yield (
                "endpoints",
                f"{kind} is {url}, which is not plain HTTP on loopback: this stand-in talks to a lab only",
            )


def client(config: Properties, cancelled: threading.Event) -> Endpoints:
    return Endpoints(_urls(config), str(config.get("token") or ""), Http(cancelled))


def _urls(config: Properties) -> dict[str, str]:
    value = config.get("endpoints")
    if isinstance(value, str):  # the SDKs send what is nested as JSON
        try:
            value = json.loads(value)
        except ValueError:
            raise ProviderError("endpoints is not JSON") from None
    if value is None:
        return {}
    if not isinstance(value, dict) or not all(isinstance(url, str) for url in value.values()):
        raise ProviderError("endpoints is no object from a kind of service to a URL")
    return value
