"""Where a scheduler of Dask listens, as `--engine` names it."""

from __future__ import annotations

import re
from dataclasses import dataclass

from linkproof.errors import LinkproofError

# Dask's own port of a scheduler.
_PORT = 8786
_SCHEMES = {"dask": "tcp", "dask+tls": "tls"}
_ADDRESS = re.compile(r"(?P<scheme>[a-z+]+)://(?P<host>\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9._-]+)(:(?P<port>[0-9]{1,5}))?/?")


class InvalidEngineError(LinkproofError):
    """The text after `--engine` names no engine."""

    def __init__(self, text: str) -> None:
        super().__init__(
            f"--engine {text!r}: no engine is written so",
            "write dask://HOST:PORT, or dask+tls://HOST:PORT where the scheduler speaks TLS",
        )
        self.text = text


@dataclass(frozen=True, slots=True)
class DaskAddress:
    """The scheduler's address.

    Args:
        uri: as Dask writes it: `tcp://…` or `tls://…`.
    """

    uri: str

    @classmethod
    def parse(cls, text: str) -> DaskAddress:
        """Read `dask://HOST[:PORT]` or `dask+tls://HOST[:PORT]`.

        Raises:
            InvalidEngineError: it is neither.
        """
        match = _ADDRESS.fullmatch(text.strip())
        if match is None or match["scheme"] not in _SCHEMES:
            raise InvalidEngineError(text)
        port = int(match["port"] or _PORT)
        if not 0 < port < 65536:
            raise InvalidEngineError(text)
        return cls(f"{_SCHEMES[match['scheme']]}://{match['host']}:{port}")
