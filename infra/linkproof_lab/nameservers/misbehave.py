"""The ways in which a server can be wrong: one function each, by the name that a fault document gives as `mode`."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial

import dns.flags
import dns.rcode

from linkproof_lab.nameservers.ask import Ask
from linkproof_lab.nameservers.faults import DnsFault
from linkproof_lab.nameservers.lookup import Found, Kind
from linkproof_lab.nameservers.wire import NoReply, Reply, empty_response, rrsets
from linkproof_lab.nameservers.zones import AsOf
from linkproof_lab.nameservers.zoneview import RecordSet

Proceed = Callable[[Ask], Reply]
Misbehaviour = Callable[[DnsFault, Ask, Proceed], Reply]


def timeout(fault: DnsFault, ask: Ask, proceed: Proceed) -> Reply:
    """Never answers."""
    return NoReply.SILENT


def refused(fault: DnsFault, ask: Ask, proceed: Proceed) -> Reply:
    """Lame: says that it does not serve the zone."""
    return empty_response(ask.query, dns.rcode.REFUSED)


def servfail(fault: DnsFault, ask: Ask, proceed: Proceed) -> Reply:
    return empty_response(ask.query, dns.rcode.SERVFAIL)


def upward_referral(fault: DnsFault, ask: Ask, proceed: Proceed) -> Reply:
    """Lame in the old way: sends the client back to the root."""
    response = empty_response(ask.query)
    servers = ("a.root-servers.lab.", "b.root-servers.lab.")
    response.authority += rrsets([RecordSet("", "NS", 518400, servers)], ask.query)
    return response


def nonauth_empty(fault: DnsFault, ask: Ask, proceed: Proceed) -> Reply:
    """NOERROR, no AA, nothing in it."""
    return empty_response(ask.query)


def non_authoritative(fault: DnsFault, ask: Ask, proceed: Proceed) -> Reply:
    """The right answer without AA, as a cache or a forwarder in the server's place gives it."""
    reply = proceed(ask)
    if not isinstance(reply, NoReply):
        reply.flags &= ~dns.flags.AA
    return reply


def missing_name(fault: DnsFault, ask: Ask, proceed: Proceed) -> Reply:
    return _negative(ask, proceed, dns.rcode.NXDOMAIN)


def missing_type(fault: DnsFault, ask: Ask, proceed: Proceed) -> Reply:
    return _negative(ask, proceed, dns.rcode.NOERROR)


def wrong_value(fault: DnsFault, ask: Ask, proceed: Proceed) -> Reply:
    """The record set holds `data` (and `ttl`, where given) instead of what was published."""
    found = _own(ask)
    if found is None:
        return proceed(ask)
    old = next(iter(found.sets), None)
    rtype = fault.type or (old.type if found.kind is Kind.CNAME and old else ask.type)
    ttl = int(fault.parameters.get("ttl", old.ttl if old else 300))
    return proceed(_with_set(ask, RecordSet(ask.name, rtype, ttl, tuple(fault.parameters.get("data", ())))))


def duplicate_cname(fault: DnsFault, ask: Ask, proceed: Proceed) -> Reply:
    """A second CNAME (`data`) at a name that has one, which RFC 1034 §3.6.2 forbids."""
    found = _own(ask)
    old = next((rrset for rrset in found.sets if rrset.type == "CNAME"), None) if found else None
    if old is None:
        return proceed(ask)
    extra = tuple(fault.parameters.get("data", ("duplicate.invalid.",)))
    return proceed(_with_set(ask, replace(old, data=old.data + extra)))


def stale(fault: DnsFault, ask: Ask, proceed: Proceed) -> Reply:
    """A secondary that was not told: the zone as of `serial`, or as it was `seconds` ago."""
    if ask.zone is None:
        return proceed(ask)
    serial = fault.parameters.get("serial")
    as_of = AsOf(seconds_ago=float(fault.parameters.get("seconds", 0))) if serial is None else AsOf(serial=int(serial))
    return proceed(replace(ask, as_of={**ask.as_of, ask.zone.id: as_of}))


def drop_edns(fault: DnsFault, ask: Ask, proceed: Proceed) -> Reply:
    """A firewall in front drops every query that has an OPT record."""
    return NoReply.SILENT if ask.query.edns >= 0 else proceed(ask)


def formerr_edns(fault: DnsFault, ask: Ask, proceed: Proceed) -> Reply:
    """A server from before EDNS: FORMERR, and no OPT in the response (RFC 6891 §7)."""
    if ask.query.edns < 0:
        return proceed(ask)
    response = empty_response(ask.query, dns.rcode.FORMERR)
    response.use_edns(False)
    return response


def no_tcp(fault: DnsFault, ask: Ask, proceed: Proceed) -> Reply:
    """Closes a TCP connection instead of answering on it."""
    return NoReply.HANG_UP if ask.transport == "tcp" else proceed(ask)


def truncated(fault: DnsFault, ask: Ask, proceed: Proceed) -> Reply:
    """Every answer over UDP says that it did not fit."""
    if ask.transport == "tcp":
        return proceed(ask)
    response = empty_response(ask.query)
    response.flags |= dns.flags.TC
    return response


MODES: dict[str, Misbehaviour] = {
    "wrong-value": wrong_value,
    "missing-name": missing_name,
    "missing-type": missing_type,
    "refused": refused,
    "servfail": servfail,
    "upward-referral": upward_referral,
    "nonauth-empty": nonauth_empty,
    "non-authoritative": non_authoritative,
    "timeout": timeout,
    "duplicate-cname": duplicate_cname,
    "stale": stale,
    "drop-edns": drop_edns,
    "formerr-edns": formerr_edns,
    "no-tcp": no_tcp,
    "truncated": truncated,
}


def answer(ask: Ask, faults: list[DnsFault], right: Proceed) -> Reply:
    """The right answer as the ordered faults bend it: the first one is outermost."""
    zone = ask.zone.name if ask.zone else None
    for position, fault in enumerate(faults):
        if (
            fault.mode in MODES
            and fault.concerns_server(ask.server.address, ask.server.serves)
            and fault.concerns(zone, ask.name, ask.type)
        ):
            return MODES[fault.mode](fault, ask, partial(answer, faults=faults[position + 1 :], right=right))
    return right(ask)


def _own(ask: Ask) -> Found | None:
    """What the server's own zone has for the question, without following it."""
    return ask.content(ask.zone).find(ask.name, ask.type) if ask.zone else None


def _negative(ask: Ask, proceed: Proceed, rcode: int) -> Reply:
    if ask.zone is None:
        return proceed(ask)
    response = empty_response(ask.query, rcode)
    response.flags |= dns.flags.AA
    response.authority += rrsets([ask.content(ask.zone).negative_soa], ask.query)
    return response


def _with_set(ask: Ask, rrset: RecordSet) -> Ask:
    assert ask.zone is not None, "the caller has found the set in a zone"
    node = {**ask.content(ask.zone).sets_at(ask.name), rrset.type: rrset}
    names = {**ask.replaced.get(ask.zone.id, {}), ask.name: node}
    return replace(ask, replaced={**ask.replaced, ask.zone.id: names})
