"""A box on the way that answers DNS in everybody's place: `python -m tests.shards.dask.interceptor`, where a rule leads port 53 to it."""

from __future__ import annotations

import socket
import struct

import dns.flags
import dns.message
import dns.rcode

# linux/in.h; Python 3.11 has neither by name
_IP_PKTINFO, _IP_TRANSPARENT = 8, 19
_ANCILLARY = 64


def main() -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as here:
        here.setsockopt(socket.SOL_IP, _IP_TRANSPARENT, 1)
        here.setsockopt(socket.SOL_IP, _IP_PKTINFO, 1)
        here.bind(("0.0.0.0", 53))
        while True:
            packet, ancillary, _, asker = here.recvmsg(4096, _ANCILLARY)
            # in_pktinfo: interface, our address for it, whom the question was for (ip(7))
            asked = next(data[8:12] for _, kind, data in ancillary if kind == _IP_PKTINFO)
            answer = dns.message.make_response(dns.message.from_wire(packet))
            answer.flags |= dns.flags.AA
            answer.set_rcode(dns.rcode.NXDOMAIN)
            here.sendmsg(
                [answer.to_wire()], [(socket.SOL_IP, _IP_PKTINFO, struct.pack("I4s4s", 0, asked, asked))], 0, asker
            )


if __name__ == "__main__":
    main()
