"""Follow the canaries of endpoints that are fit for it: each is a click, so it is asked at one address, and only where it can tell."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from linkproof.verify.ids import canaries_id
from linkproof.verify.judge.canaries import judge_canaries
from linkproof.verify.marks import edge_answers, sender_answers
from linkproof.verify.observe.concurrency import share_of
from linkproof.verify.observe.edge.canaries import ask_canaries

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from linkproof.expectations.model import EndpointExpectation
    from linkproof.verify.observations.edge import EndpointObservation
    from linkproof.verify.observe.port import Port
    from linkproof.verify.result import Cell

_CONNECTIONS = 50


async def follow_canaries(
    port: Port,
    probed: Iterable[tuple[EndpointExpectation, EndpointObservation]],
    cells: Mapping[str, list[Cell]],
    processes: int = 1,
) -> dict[str, list[Cell]]:
    """Ask and judge, endpoint by endpoint.

    Args:
        port: asks.
        probed: endpoints with what their addresses showed in this round.
        cells: what was judged of that, by endpoint.
        processes: how many ask together.

    Returns:
        cells by the canaries' id; nothing for an endpoint that declares none.
    """
    named = [(endpoint, seen) for endpoint, seen in probed if endpoint.canaries]

    connections = asyncio.Semaphore(share_of(_CONNECTIONS, processes))

    async def one(endpoint: EndpointExpectation, seen: EndpointObservation) -> list[Cell]:
        address = fit_address(endpoint, seen, cells[endpoint.id])
        answers = None
        if address is not None:
            async with connections:
                answers = await ask_canaries(port, endpoint, address)
        return judge_canaries(endpoint, answers, sender_answers(endpoint.sender), edge_answers(endpoint.edge or ""))

    found = await asyncio.gather(*(one(endpoint, seen) for endpoint, seen in named))
    return {canaries_id(endpoint): judged for (endpoint, _), judged in zip(named, found, strict=True)}


def fit_address(endpoint: EndpointExpectation, seen: EndpointObservation, cells: Iterable[Cell]) -> str | None:
    """The first address that answers the safe probe by the schemes that the canaries are written with, without an error."""
    wrong = {cell.vantage.address for cell in cells if cell.state == "differs"}
    by_scheme = {"https": seen.https, "http": seen.http}
    schemes = {urlsplit(canary.url).scheme for canary in endpoint.canaries}
    return next(
        (
            address
            for address in seen.addresses
            if address not in wrong
            and all(
                address in by_scheme[scheme] and by_scheme[scheme][address].outcome == "answered" for scheme in schemes
            )
        ),
        None,
    )
