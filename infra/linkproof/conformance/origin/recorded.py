"""One request as the origin read it. Texts hold one character an octet (latin-1), so that nothing is lost."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

from linkproof.conformance.errors import UnreadableEchoError


@dataclass(frozen=True, slots=True)
class Recorded:
    """What arrived.

    Args:
        number: of the request, from 1; later ones are higher.
        connection: number of the connection that it came on.
        nth: how many requests that connection had brought, this one among them.
        line: the request line without its end.
        headers: name and value as sent, in order.
        body: at most the origin's bound.
        tls: the version, `TLSv1.3`; empty over plain HTTP.
        sni: the name asked for in the handshake; empty without one.
        proxy: the PROXY header before it, as text; empty without one.
        peer: the address that it came from.
        at: the origin's own address at which it came.
    """

    number: int
    connection: int
    nth: int
    line: str
    headers: tuple[tuple[str, str], ...]
    body: str = ""
    tls: str = ""
    sni: str = ""
    proxy: str = ""
    peer: str = ""
    at: str = ""

    @property
    def method(self) -> str:
        return self.line.partition(" ")[0]

    @property
    def target(self) -> str:
        """Between the first and the last space: a raw space in it is seen."""
        return self.line.partition(" ")[2].rpartition(" ")[0]

    @property
    def version(self) -> str:
        return self.line.rpartition(" ")[2]

    def values(self, name: str) -> tuple[str, ...]:
        """Of every header of that name, whatever its case."""
        return tuple(value for key, value in self.headers if key.lower() == name.lower())

    def to_json(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_json(cls, document: Any) -> Recorded:
        """Raises:
        UnreadableEchoError: it is not of that form.
        """
        try:
            headers = tuple((str(name), str(value)) for name, value in document["headers"])
            number, connection, nth = (int(document.get(key, 1)) for key in ("number", "connection", "nth"))
            texts = (str(document.get(key, "")) for key in ("body", "tls", "sni", "proxy", "peer", "at"))
            return cls(number, connection, nth, str(document["line"]), headers, *texts)
        except (AttributeError, KeyError, TypeError, ValueError) as error:
            raise UnreadableEchoError(f"a request of it has not the form: {error!r}") from error
