"""A name server of a test: A and AAAA of a few names, which the test changes while it runs."""

from __future__ import annotations

import socket
import threading
from collections.abc import Sequence

import dns.message
import dns.rcode
import dns.rdatatype
import dns.rrset


class Names:
    """Answers over UDP at port 53 of an address of loopback.

    Args:
        ttl_seconds: of every answer.

    Attributes:
        asked: how many questions came.
    """

    def __init__(self, address: str, ttl_seconds: int = 1) -> None:
        self.address = address
        self.ttl_seconds = ttl_seconds
        self.asked = 0
        self._addresses: dict[str, list[str]] = {}
        self._closing = False
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._socket.bind((address, 53))
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()

    def set(self, name: str, addresses: Sequence[str]) -> None:
        """What the name has from now on: addresses of both families, in this order."""
        self._addresses[name] = list(addresses)

    def close(self) -> None:
        self._closing = True
        # A thread in `recvfrom` is not woken by `close`: a packet is.
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as waking:
            waking.sendto(b"", (self.address, 53))
        self._thread.join(timeout=10)
        self._socket.close()

    def _serve(self) -> None:
        while not self._closing:
            try:
                packet, whence = self._socket.recvfrom(4096)
            except OSError:
                return
            if packet:
                self.asked += 1
                self._socket.sendto(self._answer(packet), whence)

    def _answer(self, packet: bytes) -> bytes:
        query = dns.message.from_wire(packet)
        response = dns.message.make_response(query)
        response.flags |= 0x0080  # recursion is available
        question = query.question[0]
        known = self._addresses.get(question.name.to_text(omit_final_dot=True).lower())
        if known is None:
            response.set_rcode(dns.rcode.NXDOMAIN)
        else:
            has_colon = {dns.rdatatype.A: False, dns.rdatatype.AAAA: True}.get(question.rdtype)
            found = [one for one in known if (":" in one) is has_colon]
            if found:
                kind = dns.rdatatype.to_text(question.rdtype)
                response.answer.append(dns.rrset.from_text(question.name, self.ttl_seconds, "IN", kind, *found))
        return response.to_wire()
