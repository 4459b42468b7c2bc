"""One run's way to ask: each request with a token of its own, and what of it reached the origin."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from linkproof.conformance.client.front import Answer, Front, NoAnswerError, Scheme, request
from linkproof.conformance.run.found import NotAskedError
from linkproof.conformance.targets import HERE

if TYPE_CHECKING:
    import ssl

    from linkproof.conformance.origin.orders import Order
    from linkproof.conformance.origin.recorded import Recorded
    from linkproof.conformance.run.origins import Origin
    from linkproof.contract.needs import EdgeNeeds
    from linkproof.verify.marks import Probe

USER_AGENT = "linkproof/0.1 (conformance of the owner's own hosts)"
_MOST_SHOWN = 240
_BAD_REQUEST = 400


@dataclass(frozen=True, slots=True)
class Limits:
    """Args:
    answer_seconds: for one answer.
    failure_seconds: within which an origin's failure must show.
    silent_seconds: likewise, of an origin that takes the request and never answers.
    lost_of: how many clicks are sent while the origin loses one in `lost_every`.
    """

    answer_seconds: float = 20
    failure_seconds: float = 20
    silent_seconds: float = 35
    lost_of: int = 300
    lost_every: int = 100


@dataclass(frozen=True, slots=True)
class Seen:
    """One request, what came back, and what arrived.

    Args:
        sent: the request line and what else of it matters, shown.
        target: as sent.
        answer: None without one.
        trouble: what came in its place.
        arrived: at the origin; those of this request alone.
    """

    sent: str
    target: str
    answer: Answer | None
    trouble: str
    arrived: tuple[Recorded, ...]

    @property
    def first(self) -> Recorded | None:
        return self.arrived[0] if self.arrived else None

    @property
    def status(self) -> int:
        return self.answer.status if self.answer else 0

    def shown(self) -> str:
        """What came back and what arrived, for people."""
        back = self.trouble if self.answer is None else f"answered {self.answer.status}"
        if not self.arrived:
            return f"{back}; nothing reached the origin"
        return f"{back}; the origin read {brief(self.arrived[0].line)}" + (
            f" and {len(self.arrived) - 1} more" if len(self.arrived) > 1 else ""
        )


@dataclass
class Session:
    """Args:
    origin: None for a live host.
    needs: of the sender that the edge is for; None where it is for any.
    probe: of the sender: the one request that is safe at a live host.
    scheme: by which everything is asked that is not about schemes.
    """

    front: Front
    origin: Origin | None = None
    needs: EdgeNeeds | None = None
    probe: Probe | None = None
    limits: Limits = field(default_factory=Limits)
    scheme: Scheme = "https"
    _keys: set[str] = field(default_factory=set)

    @property
    def at(self) -> Origin:
        """The origin.

        Raises:
            NotAskedError: there is none.
        """
        if self.origin is None:
            raise NotAskedError("it takes an origin that records")
        return self.origin

    def token(self) -> str:
        return f"lp{secrets.token_hex(5)}"

    async def ask(
        self,
        text: str = "/ls/{token}/click?upn=u001.abc-2B",
        *,
        method: str = "GET",
        headers: tuple[tuple[str, str], ...] = (),
        body: bytes = b"",
        order: Order | None = None,
        key: str = "",
        host: str | None = None,
        sni: str | None = None,
        scheme: Scheme | None = None,
        context: ssl.SSLContext | None = None,
        address: str = "",
        seconds: float = 0,
        user_agent: str = USER_AGENT,
    ) -> Seen:
        """Send one request on a connection of its own.

        Args:
            text: the target, in which HERE becomes `key`.
            order: how the origin answers it; by default as before.
            key: by which it is known at the origin; by default a token that nobody ever sent.
        """
        key = key or self.token()
        self._keys.add(key)
        target = text.replace(HERE, key)
        if order is not None:
            await self.at.order(key, order)
        before = await self.origin.last() if self.origin else 0
        lines = (("User-Agent", user_agent), ("Accept", "*/*"), *headers)
        raw = request(method, target, self.front.host if host is None else host, lines, body)
        answer, trouble = None, ""
        try:
            answer = await self.front.exchange(
                raw,
                method,
                scheme=scheme or self.scheme,
                sni=sni,
                context=context,
                address=address,
                seconds=seconds or self.limits.answer_seconds,
            )
        except NoAnswerError as error:
            trouble = str(error)
        else:
            # by another name, or as nonsense, it may never have come to where this host's requests are counted
            if host is None and sni is None and answer.status != _BAD_REQUEST:
                self.front.counts(address)
        arrived = await self._arrived(before, key)
        shown = "".join(f", {name}: {value}" for name, value in headers)
        return Seen(f"{method} {brief(target)}{brief(shown)}", target, answer, trouble, arrived)

    async def _arrived(self, before: int, key: str) -> tuple[Recorded, ...]:
        """Those with the key in their target; where none has it, those with nobody's."""
        if self.origin is None:
            return ()
        new = await self.origin.since(before)
        own = tuple(one for one in new if key in one.target)
        return own or tuple(one for one in new if not any(known in one.target for known in self._keys))


def brief(text: str) -> str:
    """On one line, printable, and cut in the middle."""
    short = text if len(text) <= _MOST_SHOWN else f"{text[: _MOST_SHOWN - 40]}…{text[-39:]}"
    return "".join(c if " " <= c <= "~" or c == "…" else f"\\x{ord(c):02x}" for c in short)
