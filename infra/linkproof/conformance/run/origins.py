"""The origin as a run uses it: one of this process, or one behind an echo endpoint."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Sequence
from typing import Any, Protocol
from urllib.parse import urlsplit

from linkproof.conformance.client.front import Answer, Front, NoAnswerError, request
from linkproof.conformance.errors import UnreadableEchoError
from linkproof.conformance.origin.orders import Order
from linkproof.conformance.origin.recorded import Recorded
from linkproof.conformance.origin.server import RecordingOrigin
from linkproof.conformance.requirements.requirement import Ability


class Names(Protocol):
    """The addresses that the origin's name has for the edge, which a harness can change.

    Attributes:
        four, other, six: at which the origin listens, all on one port.
        dead: an IPv6 address at which nobody does.
        ttl_seconds: of the name.
    """

    four: str
    other: str
    six: str
    dead: str
    ttl_seconds: float

    async def set(self, addresses: Sequence[str]) -> None:
        """From now on the name has these addresses."""

    def are_known(self) -> bool:
        """Whether the edge has asked for the name since they were set."""


class Origin(Protocol):
    """What checks may do.

    Attributes:
        abilities: what can be asked with it.
        names: None where its name's addresses cannot be changed.
    """

    names: Names | None

    @property
    def abilities(self) -> frozenset[Ability]: ...

    async def last(self) -> int:
        """The number of the newest request."""

    async def since(self, number: int) -> list[Recorded]:
        """The requests with a higher number."""

    async def order(self, key: str, order: Order | None) -> None:
        """See `RecordingOrigin.order`."""

    async def show_wrong(self, *, wrong: bool) -> None:
        """Show nobody's certificate from now on, or the right one again; kept connections are dropped."""

    async def go(self) -> None:
        """Refuse connections."""

    async def come(self) -> None:
        """Take them again."""


class OwnOrigin:
    """One that listens in this process."""

    def __init__(self, recording: RecordingOrigin, names: Names | None = None) -> None:
        self._recording = recording
        self.names = names

    @property
    def abilities(self) -> frozenset[Ability]:
        more: set[Ability] = {"certificates"} if self._recording.has_wrong else set()
        if self.names is not None:
            more.add("names")
        return frozenset({"records", "orders", "going", *more})

    async def last(self) -> int:
        return self._recording.records[-1].number if self._recording.records else 0

    async def since(self, number: int) -> list[Recorded]:
        return [one for one in self._recording.records if one.number > number]

    async def order(self, key: str, order: Order | None) -> None:
        self._recording.order(key, order)

    async def show_wrong(self, *, wrong: bool) -> None:
        self._recording.is_wrong = wrong
        await self._recording.drop()

    async def go(self) -> None:
        await self._recording.refuse()

    async def come(self) -> None:
        await self._recording.resume()


class EchoOrigin:
    """One elsewhere, which tells over HTTP what arrived.

    Args:
        url: of the echo, with its secret path: `https://origin.example/3k…/`.
        ca: PEM file of anchors beside the system's.
    """

    def __init__(self, front: Front, path: str) -> None:
        self._front = front
        self._path = path
        self.names: Names | None = None
        self._scheme: Any = "https"
        self._takes_orders = True

    @classmethod
    async def at(cls, url: str, ca: Any = None) -> EchoOrigin:
        """Find it, and whether it takes orders.

        Raises:
            UnreadableEchoError: it does not answer as the protocol says.
        """
        parts = urlsplit(url)
        try:
            port = parts.port or (443 if parts.scheme == "https" else 80)
        except ValueError as error:
            raise UnreadableEchoError(f"{url[:60]!r} is no URL: {error}") from error
        if parts.scheme not in {"http", "https"} or not parts.hostname or parts.query:
            raise UnreadableEchoError(f"{url[:60]!r} is no URL of http or https without a query")
        made = cls(Front(parts.hostname, (parts.hostname,), port, port, ca), parts.path.rstrip("/"))
        made._scheme = parts.scheme
        await made.last()
        answer = await made._ask("PUT", "/orders", json.dumps({"version": 1, "key": "", "order": None}).encode())
        made._takes_orders = answer.status == 200
        return made

    @property
    def abilities(self) -> frozenset[Ability]:
        return frozenset({"records", "orders"} if self._takes_orders else {"records"})

    async def last(self) -> int:
        return int((await self._requests(10**11))["last"])

    async def since(self, number: int) -> list[Recorded]:
        return [Recorded.from_json(one) for one in (await self._requests(number))["requests"]]

    async def order(self, key: str, order: Order | None) -> None:
        document = {"version": 1, "key": key, "order": None if order is None else order.to_json()}
        answer = await self._ask("PUT", "/orders", json.dumps(document).encode())
        if answer.status != 200:
            raise UnreadableEchoError(f"an order was answered {answer.status}")

    async def show_wrong(self, *, wrong: bool) -> None:
        raise NotImplementedError

    async def go(self) -> None:
        raise NotImplementedError

    async def come(self) -> None:
        raise NotImplementedError

    async def _requests(self, after: int) -> dict[str, Any]:
        answer = await self._ask("GET", f"/requests?after={after}")
        try:
            document = json.loads(answer.body)
            if answer.status != 200 or document["version"] != 1:
                raise UnreadableEchoError(f"it answered {answer.status}")
            return {"last": int(document["last"]), "requests": list(document["requests"])}
        except (ValueError, KeyError, TypeError) as error:
            raise UnreadableEchoError(f"it answered {answer.status} and not as the protocol says") from error

    async def _ask(self, method: str, path: str, body: bytes = b"") -> Answer:
        context = await asyncio.to_thread(self._front.judging_context) if self._scheme == "https" else None
        raw = request(method, f"{self._path}{path}", self._front.host, (), body)
        try:
            return await self._front.exchange(raw, method, scheme=self._scheme, context=context)
        except NoAnswerError as error:
            raise UnreadableEchoError(str(error)) from error
