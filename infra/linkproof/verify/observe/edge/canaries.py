"""What is asked of an endpoint beyond its safe request, where the declaration names it: files for apps, and canaries."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from linkproof.verify.marks import Probe
from linkproof.verify.redaction.recipients import hiding, path_without_recipient, request_path

if TYPE_CHECKING:
    from linkproof.expectations.model import EndpointExpectation
    from linkproof.verify.observations.edge import HttpObservation


from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from linkproof.expectations.model import EndpointExpectation
    from linkproof.verify.observations.edge import HttpObservation
    from linkproof.verify.observe.port import Port


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


def canary_probes(endpoint: EndpointExpectation) -> tuple[tuple[str, Probe], ...]:
    """The scheme and the request of each."""
    return tuple(
        (
            urlsplit(canary.url).scheme,
            hiding(
                endpoint,
                Probe("GET", request_path(canary), shown=path_without_recipient(number, canary), asked_for=endpoint.id),
            ),
        )
        for number, canary in enumerate(endpoint.canaries, start=1)
    )
