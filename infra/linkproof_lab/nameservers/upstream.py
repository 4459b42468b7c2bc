"""The resolver's questions to authoritative servers, and what their answers amount to."""

from __future__ import annotations

from dataclasses import dataclass

import dns.asyncquery
import dns.exception
import dns.flags
import dns.message
import dns.name
import dns.rcode
import dns.rdatatype
import dns.rrset

from linkproof_lab.nameservers.cache import Delegation
from linkproof_lab.nameservers.wire import UDP_BYTES


@dataclass(frozen=True, slots=True)
class Answered:
    """Records at the name itself: what was asked for, or a CNAME."""

    rrset: dns.rrset.RRset


@dataclass(frozen=True, slots=True)
class Denied:
    """NXDOMAIN or NODATA; without its SOA it may not be remembered (RFC 2308 §5)."""

    rcode: dns.rcode.Rcode
    soa: dns.rrset.RRset | None


@dataclass(frozen=True, slots=True)
class Referred:
    delegation: Delegation
    ttl: int


Verdict = Answered | Denied | Referred | None
"""None: this server does not help, ask another."""


async def exchange(
    name: dns.name.Name, rtype: int, server: str, port: int, timeout_seconds: float, *, edns: bool
) -> dns.message.Message | None:
    """Ask one server over UDP, and over TCP if the answer was truncated. None: nothing usable came back."""
    query = dns.message.make_query(
        name, dns.rdatatype.RdataType(rtype), use_edns=0 if edns else False, payload=UDP_BYTES
    )
    query.flags &= ~dns.flags.RD
    try:
        message, _ = await dns.asyncquery.udp_with_fallback(
            query, server, timeout=timeout_seconds, port=port, ignore_unexpected=True
        )
    except (dns.exception.DNSException, OSError, EOFError):
        return None
    return message


def judge(message: dns.message.Message, name: dns.name.Name, rtype: int, zone: dns.name.Name) -> Verdict:
    """What a server of `zone` has said about the name. Only what lies in its zone is believed."""
    if message.rcode() not in {dns.rcode.NOERROR, dns.rcode.NXDOMAIN}:
        return None
    if not message.flags & dns.flags.AA:
        return _referral(message, name, zone)
    for wanted in (rtype, dns.rdatatype.CNAME):
        for rrset in message.answer:
            if rrset.name == name and rrset.rdtype == wanted:
                return Answered(rrset)
    soa = next(
        (
            rrset
            for rrset in message.authority
            if rrset.rdtype == dns.rdatatype.SOA and name.is_subdomain(rrset.name) and rrset.name.is_subdomain(zone)
        ),
        None,
    )
    return Denied(message.rcode(), soa)


def _referral(message: dns.message.Message, name: dns.name.Name, zone: dns.name.Name) -> Referred | None:
    for rrset in message.authority:
        # a step down on the way to the name; anything else (upward, sideways) is a lame server's
        if rrset.rdtype == dns.rdatatype.NS and name.is_subdomain(rrset.name) and rrset.name != zone:
            if not rrset.name.is_subdomain(zone):
                continue
            servers = tuple(ns.target for ns in rrset)
            glue: dict[dns.name.Name, list[str]] = {}
            for extra in message.additional:
                if extra.name in servers and extra.name.is_subdomain(zone) and extra.rdtype == dns.rdatatype.A:
                    glue[extra.name] = [record.address for record in extra]
            return Referred(Delegation(rrset.name, servers, glue), rrset.ttl)
    return None
