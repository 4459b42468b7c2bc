"""The echo's protocol: how a run on another machine reads what arrived, and says what to answer (docs/conformance.md).

    GET  /<secret>/requests?after=N   {"version": 1, "last": M, "requests": [...]}, those with a number over N
    PUT  /<secret>/orders             {"version": 1, "key": TEXT, "order": {...} or null}

The path is the credential: it is made at random at each start, and printed once.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Protocol

from linkproof.conformance.errors import UnreadableEchoError
from linkproof.conformance.origin.orders import Order

if TYPE_CHECKING:
    from linkproof.conformance.origin.reading import Head
    from linkproof.conformance.origin.recorded import Recorded

_MOST_KEY = 200


class Kept(Protocol):
    """What the echo needs of an origin."""

    @property
    def records(self) -> Sequence[Recorded]: ...

    def order(self, key: str, order: Order | None) -> None: ...


def answer(origin: Kept, head: Head, path: str, body: bytes) -> bytes:
    """One answer of the echo, closing the connection."""
    method = head.line.partition(" ")[0]
    name, _, query = path.partition("?")
    if (method, name) == ("GET", "requests"):
        after = query.removeprefix("after=")
        return _encode(200, _requests(origin, int(after) if after.isdigit() else 0))
    if (method, name) == ("PUT", "orders"):
        try:
            _take(origin, body)
        except UnreadableEchoError as error:
            return _encode(400, {"version": 1, "error": error.reason})
        return _encode(200, {"version": 1})
    return _encode(404, {"version": 1, "error": "GET requests or PUT orders"})


def _requests(origin: Kept, after: int) -> dict[str, Any]:
    found = [each.to_json() for each in origin.records if each.number > after]
    return {"version": 1, "last": origin.records[-1].number if origin.records else 0, "requests": found}


def _take(origin: Kept, body: bytes) -> None:
    try:
        document = json.loads(body)
        key, order = document["key"], document["order"]
    except (ValueError, KeyError, TypeError) as error:
        raise UnreadableEchoError(f"an order is {{version, key, order}}: {error!r}") from error
    if not isinstance(key, str) or len(key) > _MOST_KEY:
        raise UnreadableEchoError("a key is a text of at most 200 characters")
    origin.order(key, None if order is None else Order.from_json(order))


def _encode(status: int, document: dict[str, Any]) -> bytes:
    body = json.dumps(document).encode()
    head = f"HTTP/1.1 {status} Echo\r\nContent-Type: application/json\r\nContent-Length: {len(body)}\r\nConnection: close\r\n\r\n"
    return head.encode() + body
