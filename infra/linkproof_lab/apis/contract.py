"""What `api.py` in a service's folder gives: `api(settings, store, parts)`."""

from __future__ import annotations

from collections.abc import Awaitable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol, runtime_checkable


@dataclass(frozen=True, slots=True)
class ApiRequest:
    """One HTTP request, read whole.

    Args:
        path: decoded, without the query.
        query: pairs in their order.
        headers: names in lower case.
    """

    method: str
    path: str
    query: Sequence[tuple[str, str]]
    headers: Mapping[str, str]
    body: bytes


@dataclass(frozen=True, slots=True)
class ApiAnswer:
    status: int
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)


class Api(Protocol):
    """A service's API at its own address.

    A service that shares a vendor's address makes a part instead, of the form that the vendor asks for; the vendor's `api` is
    given all of them as `parts`.
    """

    def answer(self, request: ApiRequest) -> ApiAnswer | Awaitable[ApiAnswer]:
        """Answer at once where everything is in the store; what asks others first is awaited."""


@runtime_checkable
class Follows(Protocol):
    """An API, or a part of one, whose DNS records lead to addresses of others."""

    def addresses_changed(self) -> None:
        """Some A, AAAA or CNAME set of the lab is another one now."""


@runtime_checkable
class Works(Protocol):
    """An API, or a part of one, that does something by itself."""

    async def run(self) -> None:
        """Until cancelled."""
