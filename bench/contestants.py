"""Ways to ask one server for many CNAMEs. Each checks every answer, so that speed is never bought with a miss."""

from __future__ import annotations

import asyncio
import re
import subprocess
from typing import TYPE_CHECKING

from bench.internet.namespace import CannotMeasureError, need, write

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

TIMEOUT_SECONDS = 5.0
# aiodns is fastest at about this many under way (more make it slower).
AIODNS_UNDER_WAY = 50

Wanted = tuple[str, str]


def dnspython(address: str, wanted: Sequence[Wanted]) -> None:
    """`Resolver.resolve` in a loop, as its users write it."""
    import dns.resolver

    resolver = dns.resolver.Resolver(configure=False)
    resolver.nameservers, resolver.lifetime = [address], TIMEOUT_SECONDS
    for name, target in wanted:
        _compare(name, target, [item.target.to_text() for item in resolver.resolve(name, "CNAME")])


async def aiodns(address: str, wanted: Sequence[Wanted]) -> None:
    """aiodns through c-ares, a bounded number of tasks."""
    from aiodns import DNSResolver

    questions = iter(wanted)
    async with DNSResolver(nameservers=[address], timeout=TIMEOUT_SECONDS) as resolver:

        async def work() -> None:
            for name, target in questions:
                result = await resolver.query_dns(name, "CNAME")
                _compare(name, target, [f"{item.data.cname}." for item in result.answer])

        await asyncio.gather(*(work() for _ in range(AIODNS_UNDER_WAY)))


async def linkproof(address: str, wanted: Sequence[Wanted]) -> None:
    """The verifier's own transport, with every check: id, question, 0x20, source; each answer is a Reply."""
    from linkproof.verify.evidence.writer import EvidenceWriter
    from linkproof.verify.observations.answer import Reply
    from linkproof.verify.observations.vantage import Vantage
    from linkproof.verify.observe.dns.question import DnsQuestion
    from linkproof.verify.observe.dns.transport import DnsTransport
    from linkproof.verify.observe.reachability import ReachabilityLog

    vantage = Vantage("authoritative", "bench", address, "udp")
    transport = DnsTransport(
        timeout_seconds=TIMEOUT_SECONDS, attempts=3, reached=ReachabilityLog(), evidence=EvidenceWriter(None)
    )
    try:
        answers = await transport.ask_many([DnsQuestion(vantage, 53, name, "CNAME") for name, _ in wanted])
    finally:
        transport.close()
    for (name, target), answer in zip(wanted, answers, strict=True):
        _compare(name, target, answer.values("CNAME") if isinstance(answer, Reply) else [answer.kind])


def dnsperf(address: str, names: Sequence[str], folder: Path, seconds: int = 1, under_way: int = 100) -> float:
    """Queries per second of a load generator in C, which checks no content: what server and machine can do."""
    need("dnsperf")
    questions = write(folder / "questions", "".join(f"{name} CNAME\n" for name in names))
    command = ["dnsperf", "-s", address, "-d", str(questions), "-l", str(seconds), "-c", "1", "-q", str(under_way)]
    output = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    found = re.search(r"Queries per second:\s+([\d.]+)", output)
    if found is None:
        raise CannotMeasureError(f"dnsperf said no rate: {output[-500:]}")
    return float(found[1])


def _compare(name: str, target: str, answered: Sequence[str]) -> None:
    if [item.lower() for item in answered] != [target]:
        raise CannotMeasureError(f"{name} CNAME: expected {target}, answered {list(answered)}")
