"""The control query: ask an address that nobody has (RFC 5737); whoever answers stands in the way."""

from __future__ import annotations

import asyncio
import ipaddress
from typing import TYPE_CHECKING

from linkproof.verify.observations.vantage import Vantage
from linkproof.verify.observe.dns.question import DnsQuestion
from linkproof.verify.observe.port import ask

if TYPE_CHECKING:
    from linkproof.verify.observations.answer import Answer
    from linkproof.verify.observations.vantage import ServerAddress
    from linkproof.verify.observe.port import Port

# An interceptor is nearer than any server, so it need not be waited for as long.
_PATIENCE_SECONDS = 1.0


async def observe_interception(
    port: Port, address: str, dns_port: int, roots: tuple[ServerAddress, ...]
) -> Answer | None:
    """One question; None when nobody answers, as it should be.

    Args:
        port: sends it.
        address: one that no server has.
        dns_port: of every authoritative server.
        roots: where they all are on loopback there is no network to stand in, and only a control address on loopback is asked.
    """
    if all(_is_loopback(root.address) for root in roots) and not _is_loopback(address):
        return None
    vantage = Vantage("authoritative", "control", address, "udp")
    try:
        return await asyncio.wait_for(
            ask(port, DnsQuestion(vantage, dns_port, ".", "SOA", once=True)), _PATIENCE_SECONDS
        )
    except TimeoutError:
        return None


def _is_loopback(address: str) -> bool:
    try:
        return ipaddress.ip_address(address).is_loopback
    except ValueError:
        return False
