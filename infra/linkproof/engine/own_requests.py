"""The requests that we ourselves sent to edges at their own addresses: what their counters count and nobody clicked.

Kept beside the stack's other files: those of `verify`, `probe`, `failover`, `guard`, `drift`, and of `conformance` for an edge of a stack. What is not known
here (another machine's) counts as somebody's: an edge then stays longer, never shorter.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

from linkproof.expectations.model import Expectations
from linkproof.verify.observations.sent import SentRequest
from linkproof.verify.result import VerificationResult

VERSION: Final = 1
FILE: Final = "requests.json"
# A counter is asked about one day, which ends a little before now.
_KEPT: Final = timedelta(days=2)


@dataclass(frozen=True, slots=True, order=True)
class Own:
    """One request that was answered.

    Args:
        at: aware.
        edge: the provider.
    """

    at: datetime
    host: str
    edge: str


def sent_to_edges(expectations: Expectations, result: VerificationResult) -> Iterator[Own]:
    """Those of a verification that went to an edge at its own addresses; what the host's own name led to is none of them."""
    beside = {one.id: one for one in expectations.endpoints}
    edges: dict[tuple[str, str], set[str | None]] = {}
    for cell in result.cells:
        endpoint = beside.get(cell.id)
        if endpoint is not None:
            edge = endpoint.edge if endpoint.connect is not None else None
            edges.setdefault((endpoint.host.rstrip("."), cell.vantage.address), set()).add(edge)
    for request in result.requests:
        found = edges.get((request.host, request.address), {None})
        (edge,) = found if len(found) == 1 else (None,)
        if edge is not None:
            yield Own(request.at, request.host, edge)


def conformance_s(requests: Iterable[SentRequest], edge: str) -> list[Own]:
    """Those of a conformance run at an edge's own addresses.

    Args:
        edge: the provider.
    """
    return [Own(one.at, one.host, edge) for one in requests]


class OwnRequests:
    """Those of one stack; a file that is lost only makes edges stay longer."""

    def __init__(self, folder: Path) -> None:
        self._file = folder / FILE

    def read(self) -> list[Own]:
        """Nothing where the file is gone, torn or of another version."""
        try:
            document = json.loads(self._file.read_text())
            if document["version"] != VERSION:
                return []
            found = [
                Own(datetime.fromisoformat(one["at"]), str(one["host"]), str(one["edge"]))
                for one in document["requests"]
            ]
        except (OSError, ValueError, KeyError, TypeError, AttributeError):
            return []
        return found if all(one.at.tzinfo is not None for one in found) else []

    def keep(self, requests: Iterable[Own], now: datetime) -> None:
        """Beside those of earlier runs; what is too old to be asked about goes.

        Args:
            now: aware.
        """
        fresh = list(requests)
        known = self.read()
        if not fresh and not known:
            return
        kept = sorted(one for one in (*known, *fresh) if now - one.at <= _KEPT)
        entries = [{"at": one.at.isoformat(), "host": one.host, "edge": one.edge} for one in kept]
        self._file.parent.mkdir(parents=True, exist_ok=True)
        scratch = self._file.with_suffix(".new")
        scratch.write_text(json.dumps({"version": VERSION, "requests": entries}, indent=1) + "\n")
        scratch.replace(self._file)
