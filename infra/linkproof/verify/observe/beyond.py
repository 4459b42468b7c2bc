"""What is asked of an endpoint beyond its safe request, where the declaration names it: files for apps, and canaries."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from linkproof.verify.app_files import wanted_files
from linkproof.verify.canaries import canary_probes, hiding

if TYPE_CHECKING:
    from linkproof.expectations.model import EndpointExpectation
    from linkproof.verify.observations_edge import HttpObservation
    from linkproof.verify.port import Port


async def ask_files(
    port: Port, endpoint: EndpointExpectation, address: str
) -> dict[tuple[str, str], HttpObservation | None]:
    """The files for apps, by address and path; None where the handshake failed."""
    files = wanted_files(endpoint)
    answers = await asyncio.gather(*(port.tls(endpoint.host, address, hiding(endpoint, file)) for file in files))
    return {(address, file.path): answer for file, (_, answer) in zip(files, answers, strict=True)}


async def ask_canaries(port: Port, endpoint: EndpointExpectation, address: str) -> tuple[HttpObservation | None, ...]:
    """Each canary once, one after the other: what a cache keeps of the first shows in the second.

    Returns:
        the answers, in the canaries' order; None where the handshake failed.
    """
    answers = []
    for scheme, probe in canary_probes(endpoint):
        if scheme == "https":
            _, answer = await port.tls(endpoint.host, address, probe)
        else:
            answer = await port.http(endpoint.host, address, probe)
        answers.append(answer)
    return tuple(answers)
