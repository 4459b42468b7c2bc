"""What a primary does with a signed message, by RFC 2136; refusals as Knot, BIND and PowerDNS were seen to give them.

Only the key of its facts is known, and it may do everything in every zone of this host.
"""

from __future__ import annotations

import dns.exception
import dns.flags
import dns.message
import dns.name
import dns.opcode
import dns.rcode
import dns.rdataclass
import dns.rdataset
import dns.rdatatype
import dns.tsig
import dns.update

from linkproof_lab.dns.rfc2136.facts import KEY_ALGORITHM, KEY_NAME, KEY_SECRET
from linkproof_lab.nameservers.wire import NoReply, to_name, to_rdata
from linkproof_lab.store import RRsetVersion, Store, Zone

HOST = "rfc2136"
_ANY, _NONE = dns.rdataclass.ANY, dns.rdataclass.NONE
_HEADER_OCTETS = 12

Sets = dict[tuple[str, str], tuple[int, tuple[str, ...]]]
"""TTL and data by name and type, as the store has them."""


class _RefusedError(Exception):
    def __init__(self, code: dns.rcode.Rcode) -> None:
        super().__init__(code)
        self.code = code


class Primary:
    """The zones of this host, as the store has them."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._key = dns.tsig.Key(KEY_NAME, KEY_SECRET, KEY_ALGORITHM)

    def answer(self, packet: bytes) -> bytes | NoReply:
        """What is no message, or no question, gets no answer."""
        if len(packet) < _HEADER_OCTETS or packet[2] & 0x80:
            return NoReply.HANG_UP
        try:
            message = dns.message.from_wire(packet, keyring={self._key.name: self._key})
        except (dns.message.UnknownTSIGKey, dns.tsig.BadSignature):
            return self._bare(packet, dns.rcode.NOTAUTH)
        except dns.exception.DNSException:
            return self._bare(packet, dns.rcode.FORMERR)
        return self._reply(message).to_wire(max_size=65535)

    def _reply(self, message: dns.message.Message) -> dns.message.Message:
        reply = dns.message.make_response(message)
        if not message.had_tsig:
            reply.set_rcode(dns.rcode.REFUSED)
            return reply
        try:
            if isinstance(message, dns.update.UpdateMessage):
                self._update(message)
            else:
                self._ask(message, reply)
        except _RefusedError as refused:
            reply.set_rcode(refused.code)
        return reply

    def _zone(self, name: str) -> Zone:
        found = next((one for one in self._store.zones(HOST) if one.name == name), None)
        if found is None:
            raise _RefusedError(dns.rcode.NOTAUTH)
        return found

    def _ask(self, message: dns.message.Message, reply: dns.message.Message) -> None:
        """One set, or the whole zone, in one message."""
        (question,) = message.question
        name, rtype = _plain(question.name), dns.rdatatype.to_text(question.rdtype)
        zones = [one for one in self._store.zones(HOST) if f".{name}".endswith(f".{one.name}")]
        if not zones:
            raise _RefusedError(dns.rcode.REFUSED)
        zone = max(zones, key=lambda one: len(one.name))
        reply.flags |= dns.flags.AA
        held = self._store.current(zone.id)
        if rtype == "AXFR":
            soa = _soa(zone)
            reply.answer = [soa, *(_rrset(one) for one in held), soa]
            return
        if not any(one.name == name for one in held):
            reply.set_rcode(dns.rcode.NXDOMAIN)
        reply.answer = [_rrset(one) for one in held if one.name == name and one.type in (rtype, "CNAME")]

    def _update(self, message: dns.update.UpdateMessage) -> None:
        """All or nothing; what must not be done is left out without a word (§3.4.2.2)."""
        zone = self._zone(_plain(message.zone[0].name))
        sets: Sets = {(one.name, one.type): (one.ttl, one.data) for one in self._store.current(zone.id)}
        before = dict(sets)
        for one in (*message.prerequisite, *message.update):
            name = _plain(one.name)
            if not f".{name}".endswith(f".{zone.name}"):
                raise _RefusedError(dns.rcode.NOTZONE)
        _judge(message, sets)
        for one in message.update:
            _apply(one, sets)
        changed = [
            (name, rtype, *sets.get((name, rtype), (0, ())))
            for name, rtype in {**before, **sets}
            if sets.get((name, rtype)) != before.get((name, rtype))
        ]
        self._store.set_rrsets(zone.id, changed)

    def _bare(self, packet: bytes, code: int) -> bytes:
        """Without a signature, as PowerDNS answers for a key that it does not know."""
        return packet[:2] + bytes((0x80 | packet[2] & 0x78, code)) + bytes(8)


def _judge(message: dns.update.UpdateMessage, sets: Sets) -> None:
    """The prerequisites (§3.2)."""
    wanted: dict[tuple[str, str], set[str]] = {}
    for one in message.prerequisite:
        name, rtype = _plain(one.name), dns.rdatatype.to_text(one.rdtype)
        if one.ttl != 0:
            raise _RefusedError(dns.rcode.FORMERR)
        is_there = any(key[0] == name for key in sets) if rtype == "ANY" else (name, rtype) in sets
        if one.deleting == _ANY and not is_there:
            raise _RefusedError(dns.rcode.NXDOMAIN if rtype == "ANY" else dns.rcode.NXRRSET)
        if one.deleting == _NONE and is_there:
            raise _RefusedError(dns.rcode.YXDOMAIN if rtype == "ANY" else dns.rcode.YXRRSET)
        if one.deleting is None:
            wanted.setdefault((name, rtype), set()).update(rdata.to_text() for rdata in one)
    for (name, rtype), texts in wanted.items():
        _, held = sets.get((name, rtype), (0, ()))
        if {to_rdata(rtype, text) for text in held} != {to_rdata(rtype, text) for text in texts}:
            raise _RefusedError(dns.rcode.NXRRSET)


def _apply(one: dns.rrset.RRset, sets: Sets) -> None:
    """One change (§3.4.2)."""
    name, rtype = _plain(one.name), dns.rdatatype.to_text(one.rdtype)
    key = (name, rtype)
    if one.deleting == _ANY:
        for each in [each for each in sets if each[0] == name and rtype in ("ANY", each[1])]:
            del sets[each]
        return
    texts = tuple(rdata.to_text() for rdata in one)
    ttl, held = sets.get(key, (one.ttl, ()))
    if one.deleting == _NONE:
        gone = {to_rdata(rtype, text) for text in texts}
        left = tuple(text for text in held if to_rdata(rtype, text) not in gone)
        if left:
            sets[key] = (ttl, left)
        else:
            sets.pop(key, None)
        return
    others = {each[1] for each in sets if each[0] == name} - {rtype}
    if (others and rtype == "CNAME") or "CNAME" in others:
        return
    known = () if rtype == "CNAME" else held
    sets[key] = (one.ttl, (*known, *(text for text in texts if text not in known)))


def _plain(name: dns.name.Name) -> str:
    return name.to_text(omit_final_dot=True).lower()


def _rrset(held: RRsetVersion) -> dns.rrset.RRset:
    made = dns.rrset.RRset(to_name(held.name), dns.rdataclass.IN, dns.rdatatype.from_text(held.type))
    for text in held.data:
        made.add(to_rdata(held.type, text), held.ttl)
    return made


def _soa(zone: Zone) -> dns.rrset.RRset:
    times = " ".join(str(zone.soa[name]) for name in ("refresh", "retry", "expire", "minimum"))
    text = f"{zone.servers[0][0]}. hostmaster.{zone.name}. {zone.serial} {times}"
    return dns.rrset.from_text(f"{zone.name}.", zone.soa["ttl"], "IN", "SOA", text)
