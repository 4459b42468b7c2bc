"""What the origin is told to answer."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any, Literal, get_args

from linkproof.conformance.errors import UnreadableEchoError

# `close`: read, then close without an answer. `reset`: the same by RST. `garbage`: what is not HTTP. `silent`: never answer.
# `lose`: `close` for one request in `every`, and `answer` for the others.
Act = Literal["answer", "close", "reset", "garbage", "silent", "lose"]
LANDING = "https://shop.example/landing"


@dataclass(frozen=True, slots=True)
class Order:
    """One answer. Texts hold one character an octet (latin-1).

    Args:
        headers: as they are sent, Content-Length excepted, which is always right.
        etag: sent, and a request that has it in If-None-Match is answered 304; empty for none.
        every: of `lose`.
    """

    status: int = 302
    headers: tuple[tuple[str, str], ...] = (("Location", LANDING),)
    body: str = ""
    etag: str = ""
    act: Act = "answer"
    every: int = 100

    def to_json(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_json(cls, document: Any) -> Order:
        """Raises:
        UnreadableEchoError: it is not of that form.
        """
        try:
            act = document.get("act", "answer")
            if act not in get_args(Act):
                raise ValueError(f"act {act!r}")  # noqa: TRY301
            status, every = int(document.get("status", 302)), int(document.get("every", 100))
            if not 200 <= status <= 599 or every < 1:
                raise ValueError(f"status {status}, every {every}")  # noqa: TRY301
            headers = tuple((_line(name), _line(value)) for name, value in document.get("headers", ()))
            body, etag = str(document.get("body", "")), _line(document.get("etag", ""))
            body.encode("latin-1")
            return cls(status, headers, body, etag, act, every)
        except (AttributeError, TypeError, ValueError) as error:
            raise UnreadableEchoError(f"an order has not the form: {error}") from error


def _line(value: Any) -> str:
    text = str(value)
    if "\r" in text or "\n" in text:
        raise ValueError("a header with a line break")
    text.encode("latin-1")
    return text
