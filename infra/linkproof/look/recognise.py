"""Who stands behind a host: by the names that it leads to, and by what the edge and the sender answer of themselves."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from linkproof import registry
from linkproof.known import Known, known_name, title_of
from linkproof.verify.judge.ranges import providers_of
from linkproof.verify.marks import EDGE_ANSWERS, SENDER_ANSWERS, edge_answers, sender_answers
from linkproof.verify.observe.edge.app_files import ANDROID, APPLE

if TYPE_CHECKING:
    from collections.abc import Sequence

    from linkproof.verify.marks import Probe
    from linkproof.verify.observations.edge import HttpObservation, TlsObservation
    from linkproof.verify.observations.resolved import Resolved
    from linkproof.verify.observe.dns.walk import Walker
    from linkproof.verify.observe.port import Port

# Hosts whose edges are asked at a time; each holds one connection.
_AT_A_TIME: Final = 100
# An edge that no plug-in knows, or one's own server.
OTHER_EDGE: Final = "other"
_REDIRECTS: Final = frozenset({301, 302, 303, 307, 308})
_FILES: Final = {"apple": APPLE, "android": ANDROID}


@dataclass(frozen=True, slots=True)
class Recognised:
    """What a host turned out to be.

    Args:
        host: without trailing dot.
        status: how its name ended, as `Resolved` has it.
        chain: the names that it leads to, in their order, with trailing dots.
        addresses: of its last name, IPv4.
        zone: that holds it, with trailing dot, as its parent delegates it; empty where nobody said.
        detail: why the name led nowhere.
        sender: a sender or tracking service of the registry; empty where none was recognised.
        is_tracking: it measures a web site and writes no links.
        region: of the sender; empty where nothing tells.
        edge: of the registry, `managed`, or `other`; empty where the host stands at the sender, or leads nowhere.
        is_own: the sender's own host, for links that nobody branded; nothing is asked of it.
        service: what is told by its name alone and can be neither declared nor judged.
        files: the files for apps that it serves: `apple`, `android`.
        how: by what each was recognised.
    """

    host: str
    status: str
    chain: tuple[str, ...] = ()
    addresses: tuple[str, ...] = ()
    zone: str = ""
    detail: str = ""
    sender: str = ""
    is_tracking: bool = False
    region: str = ""
    edge: str = ""
    is_own: bool = False
    service: str = ""
    files: tuple[str, ...] = ()
    how: tuple[str, ...] = ()

    @property
    def sender_title(self) -> str:
        if not self.sender:
            return self.service
        return title_of("tracking" if self.is_tracking else "sender", self.sender)

    @property
    def edge_title(self) -> str:
        if self.edge == "managed":
            return f"{self.sender_title}'s own HTTPS"
        if self.edge == OTHER_EDGE:
            return "an edge or server that is not known here"
        return title_of("edge", self.edge) if self.edge else ""

    @property
    def phase(self) -> str:
        """What this amounts to in a declaration: `branded`, `managed` or `live`; empty where that cannot be told.

        `live` and `secured` differ only in what the sender writes into mails.
        """
        if not self.sender or self.is_tracking or self.is_own:
            return ""
        if self.edge == "managed":
            return "managed"
        return "live" if self.edge else "branded"


async def recognise(hosts: Sequence[str], port: Port, walker: Walker) -> list[Recognised]:
    """Every host, in their order. What is asked here is not asked again in the round that judges: the port keeps it."""
    await walker.prepare([(f"{host}.", "A") for host in hosts], is_urgent=True)
    limit = asyncio.Semaphore(_AT_A_TIME)

    async def one(host: str) -> Recognised:
        async with limit:
            return await _recognise(host, walker, port)

    return list(await asyncio.gather(*map(one, hosts)))


async def _recognise(host: str, walker: Walker, port: Port) -> Recognised:
    resolved = await walker.resolve(f"{host}.", "A")
    cut = await walker.cut_of(f"{host}.")
    seen = replace(_by_names(host, resolved), zone=cut.name)
    if seen.is_own or seen.service or seen.is_tracking or seen.edge == "managed" or (seen.sender and not seen.edge):
        return seen
    return await _by_answers(seen, port) if seen.addresses else seen


def _by_names(host: str, resolved: Resolved) -> Recognised:
    names = resolved.chain[1:]
    itself = known_name(host)
    if itself is not None and itself.is_own:
        how = f"{itself.title}: its own name ({itself.source})"
        return replace(_with(Recognised(host, resolved.status, names), itself), how=(how,))
    known = [(name, found) for name in names if (found := known_name(name)) is not None]
    seen = Recognised(
        host,
        resolved.status,
        names,
        tuple(record.value for record in resolved.records if record.type == "A"),
        detail=resolved.detail,
    )
    for name, found in known:
        seen = replace(_with(seen, found), how=(*seen.how, f"{found.title}: the CNAME {name} ({found.source})"))
    return seen


def _with(seen: Recognised, found: Known) -> Recognised:
    if found.kind == "edge":
        return seen if seen.edge else replace(seen, edge=found.plugin)
    if found.kind == "other":
        return replace(seen, service=found.title)
    edge = "managed" if found.is_managed or found.is_own else seen.edge
    return replace(
        seen,
        sender=found.plugin,
        is_tracking=found.kind == "tracking",
        region=found.region,
        edge=edge,
        is_own=found.is_own,
    )


async def _by_answers(seen: Recognised, port: Port) -> Recognised:
    """At the first address: each sender's probe until one is answered as that sender does; then the files for apps."""
    address = seen.addresses[0]
    tls: TlsObservation | None = None
    for name in [name for name in SENDER_ANSWERS if sender_answers(name).probe is not None]:
        probe = sender_answers(name).probe
        assert probe is not None
        tls, answer = await _ask(seen.host, address, probe, port)
        seen = _edge_of(seen, tls, answer)
        if answer is None or answer.outcome != "answered":
            break
        mark = sender_answers(name).first(answer)
        if mark is not None:
            how = f"{title_of('sender', name)}: its answer to {probe.method} {probe.path}: {mark.says}"
            region = answer.header(sender_answers(name).region_header)
            seen = replace(seen, sender=name, region=region, how=(*seen.how, how))
            break
        own = next((one for one in EDGE_ANSWERS if edge_answers(one).first(answer) is not None), "")
        if own:  # the edge's own page: it reaches nobody, whatever it is asked
            seen = (
                seen
                if seen.edge
                else replace(seen, edge=own, how=(*seen.how, f"{title_of('edge', own)}: its own page"))
            )
            break
    if not seen.edge:
        seen = replace(seen, edge=OTHER_EDGE)
    if tls is not None and tls.outcome == "answered":
        seen = replace(seen, files=await _files(seen.host, address, port))
    return seen


async def _ask(host: str, address: str, probe: Probe, port: Port) -> tuple[TlsObservation, HttpObservation | None]:
    tls, answer = await port.tls(host, address, probe)
    if answer is None or answer.outcome != "answered":
        answer = await port.http(host, address, probe)
    return tls, answer


def _edge_of(seen: Recognised, tls: TlsObservation, answer: HttpObservation | None) -> Recognised:
    """By its own headers, its own certificate, or the addresses that it publishes."""
    if seen.edge:
        return seen
    names = tls.served[0].names if tls.served else ()
    for name in EDGE_ANSWERS:
        answers = edge_answers(name)
        if answer is not None and answer.outcome == "answered" and answers.shows_itself(answer):
            return replace(seen, edge=name, how=(*seen.how, f"{title_of('edge', name)}: its own headers"))
        if answers.is_own_certificate(names):
            return replace(seen, edge=name, how=(*seen.how, f"{title_of('edge', name)}: its own certificate"))
    for name in providers_of(seen.addresses):
        if name in registry.EDGES:
            return replace(seen, edge=name, how=(*seen.how, f"{title_of('edge', name)}: its published addresses"))
    return seen


async def _files(host: str, address: str, port: Port) -> tuple[str, ...]:
    """Which there are: asked in the clear, for a handshake costs more than the answer; the vendors' own way only where that redirects."""
    answers = await asyncio.gather(*(port.http(host, address, probe) for probe in _FILES.values()))
    found = []
    for (name, probe), first in zip(_FILES.items(), answers, strict=True):
        answer: HttpObservation | None = first
        if first.outcome != "answered" or first.status in _REDIRECTS:
            _, answer = await port.tls(host, address, probe)
        if answer is not None and answer.status == 200 and answer.body.lstrip()[:1] in (b"{", b"["):
            found.append(name)
    return tuple(found)
