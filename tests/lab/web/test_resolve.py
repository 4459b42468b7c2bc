"""Edges find their origins through the resolver of the lab, over real packets."""

from __future__ import annotations

import asyncio
from typing import Any

import dns.flags
import dns.message
import dns.rcode
import dns.rrset
import pytest
from linkproof_lab.web.errors import OriginNameError
from linkproof_lab.web.resolve import through_lab


class Responder(asyncio.DatagramProtocol):
    """Knows one CNAME and one address."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = transport

    def datagram_received(self, data: bytes, addr: Any) -> None:
        query = dns.message.from_wire(data)
        answer = dns.message.make_response(query, recursion_available=True)
        if str(query.question[0].name) == "alias.example.":
            answer.answer = [
                dns.rrset.from_text("alias.example.", 60, "IN", "CNAME", "origin.example."),
                dns.rrset.from_text("origin.example.", 60, "IN", "A", "127.9.9.9"),
            ]
        else:
            answer.set_rcode(dns.rcode.NXDOMAIN)
        self.transport.sendto(answer.to_wire(), addr)  # type: ignore[attr-defined]


def test_a_name_is_followed_to_its_address_and_a_missing_one_is_an_error(lab: Any) -> None:
    async def test() -> None:
        loop = asyncio.get_running_loop()
        where = (lab.settings.resolver, lab.settings.dns_port)
        transport, _ = await loop.create_datagram_endpoint(Responder, local_addr=where)
        try:
            resolve = through_lab(lab.settings)
            assert await resolve("alias.example") == ["127.9.9.9"]
            with pytest.raises(OriginNameError, match=r"nowhere\.example"):
                await resolve("nowhere.example")
        finally:
            transport.close()

    asyncio.run(test())
