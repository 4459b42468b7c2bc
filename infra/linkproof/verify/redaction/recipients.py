"""Canaries without their recipients: a real link's path and query are its recipient's, so nothing kept or shown has them."""

from __future__ import annotations

import html
import re
from dataclasses import replace
from typing import TYPE_CHECKING
from urllib.parse import quote, unquote, urlsplit

from linkproof.urls import location_of
from linkproof.verify.marks import Probe
from linkproof.verify.redaction.redact import redact

if TYPE_CHECKING:
    from linkproof.expectations.model import CanaryExpectation, EndpointExpectation, Expectations
    from linkproof.verify.observations.edge import HttpObservation

# A shorter part (`ls`, `click`, `f`) is the sender's own word, and nobody's.
_SHORTEST_TOKEN = 8


def hiding(endpoint: EndpointExpectation, probe: Probe) -> Probe:
    """A request of whose answer nothing is kept that is a recipient's: an edge that mixes answers up may give any of them."""
    return replace(probe, hides=_hides(endpoint)) if endpoint.canaries else probe


def without_recipients(expectations: Expectations) -> Expectations:
    """Expectations as evidence keeps them; judged again they give the same, for judging never looks at the path."""
    endpoints = tuple(nobodys(endpoint) if endpoint.canaries else endpoint for endpoint in expectations.endpoints)
    return expectations.model_copy(update={"endpoints": endpoints})


def nobodys(endpoint: EndpointExpectation) -> EndpointExpectation:
    """An endpoint whose canaries say how they are written and where they lead, and not whose they are."""
    hides = _hides(endpoint)
    canaries = []
    for number, canary in enumerate(endpoint.canaries, start=1):
        url = f"{urlsplit(canary.url).scheme}://{endpoint.host}{path_without_recipient(number, canary)}"
        leads_to = location_of("", redact(_hidden(canary.leads_to, hides)))
        canaries.append(canary.model_copy(update={"url": url, "leads_to": leads_to}))
    return endpoint.model_copy(update={"canaries": tuple(canaries)})


def without_recipient(seen: HttpObservation, probe: Probe) -> HttpObservation:
    """An answer without what its request hides, however the server repeats it."""
    if not probe.hides:
        return seen
    headers = tuple((name, _hidden(value, probe.hides)) for name, value in seen.headers)
    # latin-1 keeps every octet, so that a body which is no text at all stays as it is
    body = _hidden(seen.body.decode("latin-1"), probe.hides).encode("latin-1")
    return replace(seen, headers=headers, body=body)


def path_without_recipient(number: int, canary: CanaryExpectation) -> str:
    return f"/(canary-{number})" + ("?(query)" if urlsplit(canary.url).query else "")


def request_path(canary: CanaryExpectation) -> str:
    parts = urlsplit(canary.url)
    return (parts.path or "/") + (f"?{parts.query}" if parts.query else "")


def _hides(endpoint: EndpointExpectation) -> tuple[tuple[str, str], ...]:
    """Whole paths first, so that a redirect to the same URL stays one; then what is left of their parts, the longest first."""
    wholes: dict[str, str] = {}
    parts: dict[str, str] = {}
    every = [_parts(canary) for canary in endpoint.canaries]
    # what all of them have is the sender's own
    common = set.intersection(*every) if len(every) > 1 else set()
    for number, (canary, own) in enumerate(zip(endpoint.canaries, every, strict=True), start=1):
        shown = path_without_recipient(number, canary)
        for written in _writings(request_path(canary)):
            wholes.setdefault(written, shown)
        for part in own - common:
            for hidden, stands in _instead(part, number, endpoint):
                for written in _writings(hidden):
                    parts.setdefault(written, stands)
    return tuple(
        pair
        for group in (wholes, parts)
        for pair in sorted(group.items(), key=lambda pair: (-len(pair[0]), pair[0]))
        if len(pair[0]) >= _SHORTEST_TOKEN
    )


def _instead(part: str, number: int, endpoint: EndpointExpectation) -> list[tuple[str, str]]:
    """What of a part is hidden, and what stands there.

    A link may hold its destination (SES does, in the path): of that no more is hidden than the declaration leaves unsaid, and a
    place on another host stays one, or every redirect would look as if it led back to the link.
    """
    stands = f"(canary-{number})"
    url = unquote(part)
    if not url.lower().startswith(("http://", "https://")):
        return [(part, stands)]
    said = next((one.leads_to for one in endpoint.canaries if url.startswith(unquote(one.leads_to))), None)
    if said is not None:
        return [(rest, stands) for rest in re.split(r"[?&=#]", url[len(unquote(said)) :])]
    scheme, _, rest = url.partition("://")
    return [(part, f"{scheme}://{re.split(r'[/?#]', rest)[0]}/{stands}")]


def _parts(canary: CanaryExpectation) -> set[str]:
    parts = urlsplit(canary.url)
    return {parts.query, *(one.partition("=")[2] for one in parts.query.split("&")), *parts.path.split("/")}


def _writings(text: str) -> tuple[str, ...]:
    return text, unquote(text), quote(text, safe=""), html.escape(text), html.escape(unquote(text))


def _hidden(text: str, hides: tuple[tuple[str, str], ...]) -> str:
    for token, shown in hides:
        text = text.replace(token, shown)
    return text
