"""The files by which a host lets apps open its links: where they are, and how they are asked for."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from linkproof.verify.marks import Probe
from linkproof.verify.redaction.recipients import hiding

if TYPE_CHECKING:
    from linkproof.expectations.model import EndpointExpectation
    from linkproof.verify.observations.edge import HttpObservation
    from linkproof.verify.observe.port import Port

# Apple's own bound, "Document Revision History" of the App Search Programming Guide, 2016-04-01; one octet more shows that it is passed.
MOST_APPLE_OCTETS = 128 * 1024
APPLE = Probe("GET", "/.well-known/apple-app-site-association", most_octets=MOST_APPLE_OCTETS + 1)
ANDROID = Probe("GET", "/.well-known/assetlinks.json", most_octets=MOST_APPLE_OCTETS + 1)


def wanted_files(endpoint: EndpointExpectation) -> tuple[Probe, ...]:
    """The files to ask for; none where HTTPS is off, for neither vendor would take them over HTTP."""
    wanted = endpoint.universal_links
    if wanted is None or endpoint.https == "off":
        return ()
    declared = ((APPLE, wanted.apple), (ANDROID, wanted.android))
    return tuple(probe for probe, apps in declared if apps is not None)


async def ask_files(
    port: Port, endpoint: EndpointExpectation, address: str
) -> dict[tuple[str, str], HttpObservation | None]:
    """The files for apps, by address and path; None where the handshake failed."""
    files = wanted_files(endpoint)
    answers = await asyncio.gather(*(port.tls(endpoint.host, address, hiding(endpoint, file)) for file in files))
    return {(address, file.path): answer for file, (_, answer) in zip(files, answers, strict=True)}
