"""The authoritative servers: one engine, asked on behalf of whichever server a packet reached."""

from __future__ import annotations

import logging

import dns.exception
import dns.flags
import dns.message
import dns.rcode

from linkproof_lab.nameservers.ask import Ask, Server
from linkproof_lab.nameservers.lookup import Found, Kind, ZoneContent
from linkproof_lab.nameservers.misbehave import answer
from linkproof_lab.nameservers.wire import Reply, asked, empty_response, rrsets
from linkproof_lab.nameservers.zones import Zones

_log = logging.getLogger(__name__)
_TRANSFERS = frozenset({"AXFR", "IXFR"})
_CNAMES_FOLLOWED = 16


class Authority:
    def __init__(self, zones: Zones) -> None:
        self._zones = zones

    def reply(self, query: dns.message.Message, transport: str, server: Server) -> Reply:
        """What this server answers now, its faults and its propagation delay included."""
        self._zones.refresh()
        name, rtype = asked(query)
        # a DS set belongs to the parent, also where one server has both sides of the cut (RFC 4035 §3.1.4.1)
        zone = self._zones.serving(server.serves, name.partition(".")[2]) if rtype == "DS" and name else None
        zone = zone or self._zones.serving(server.serves, name)
        ask = Ask(query, transport, server, name, rtype, zone, self._zones)
        try:
            return answer(ask, self._zones.faults, self._right)
        except (dns.exception.DNSException, ValueError):
            _log.exception("%s: %s %s cannot be put on the wire", server.address, name, rtype)
            return empty_response(query, dns.rcode.SERVFAIL)

    def _right(self, ask: Ask) -> Reply:
        if ask.zone is None or ask.type in _TRANSFERS:
            return empty_response(ask.query, dns.rcode.REFUSED)
        response = empty_response(ask.query)
        content = ask.content(ask.zone)
        found = content.find(ask.name, ask.type)
        if found.kind is not Kind.REFERRAL:
            response.flags |= dns.flags.AA
        followed = {ask.name}
        while found.kind is Kind.CNAME and len(followed) <= _CNAMES_FOLLOWED:
            response.answer += rrsets(found.sets, ask.query)
            target = found.sets[0].data[0].removesuffix(".").lower()
            zone = self._zones.serving(ask.server.serves, target)
            if zone is None or target in followed:
                return response
            followed.add(target)
            content = ask.content(zone)
            found = content.find(target, ask.type)
            if found.kind is Kind.REFERRAL:
                return response  # the rest is for the client to find: this answer is about its own name
        _fill(response, ask, content, found)
        return response


def _fill(response: dns.message.Message, ask: Ask, content: ZoneContent, found: Found) -> None:
    if found.kind is Kind.ANSWER:
        response.answer += rrsets(found.sets, ask.query)
        for ns in (rrset for rrset in found.sets if rrset.type == "NS"):
            response.additional += rrsets(content.addresses(ns), ask.query)
    elif found.kind is Kind.REFERRAL:
        response.authority += rrsets(found.sets, ask.query)
        response.additional += rrsets(content.addresses(found.sets[0]), ask.query)
    elif found.kind in {Kind.NODATA, Kind.NXDOMAIN}:
        if found.kind is Kind.NXDOMAIN:
            response.set_rcode(dns.rcode.NXDOMAIN)
        response.authority += rrsets([content.negative_soa], ask.query)
