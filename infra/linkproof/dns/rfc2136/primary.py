"""One primary server: its record sets read and changed, each message signed with TSIG, over TCP.

A server that must not do what it was told answers NOERROR all the same and leaves it out (RFC 2136 §3.4.2.2): a CNAME beside an address, a
deletion by another value. So every change names in its prerequisites what stands there now, deletes before it adds, and is read back.
Seen at Knot 3.2.6, BIND 9.18.49 and PowerDNS 4.7.3: `tests/dns/rfc2136/`.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

import dns.exception
import dns.flags
import dns.message
import dns.name
import dns.query
import dns.rcode
import dns.rdata
import dns.rdatatype
import dns.tsig
import dns.update
import dns.xfr
import dns.zone

from linkproof.dns.rfc2136.exchange import ATTEMPTS, SECONDS, Exchange, NoAnswerError, PrimaryError, Waiting, reason_of
from linkproof.dns.rfc2136.record_set import RecordSet
from linkproof.rdata import plain

_TRANSFER_SECONDS = 60.0
# What a prerequisite that does not hold is answered with (RFC 2136 §3.2).
_NOT_AS_THOUGHT = frozenset({dns.rcode.YXDOMAIN, dns.rcode.YXRRSET, dns.rcode.NXDOMAIN, dns.rcode.NXRRSET})
# What a name is looked at for when something stands in the way there.
_SHOWN_TYPES = ("CNAME", "A", "AAAA", "TXT", "MX")


class ChangedError(PrimaryError):
    """What stands at the name is not what the change was made for; nothing was changed."""


class Primary:
    """Args:
    exchange: with the server.
    """

    def __init__(self, exchange: Exchange) -> None:
        self._exchange = exchange
        self._key = exchange.key

    @property
    def title(self) -> str:
        return self._exchange.title

    def held(self, zone: str, name: str, record_type: str, waiting: Waiting) -> RecordSet | None:
        """What the server has at this very name; None where it has nothing of that type.

        Raises:
            PrimaryError: it does not serve the zone, refuses, or cannot be reached.
        """
        query = dns.message.make_query(_absolute(name), record_type, flags=0)
        query.use_tsig(self._key)
        answer = self._exchange.answer(query, f"{name} {record_type}", waiting)
        code = answer.rcode()
        if code not in (dns.rcode.NOERROR, dns.rcode.NXDOMAIN):
            raise self._exchange.refusal(f"the question for {name} {record_type}", code, zone)
        if not answer.flags & dns.flags.AA:
            raise PrimaryError(
                f"{self.title} does not answer for {name} itself",
                f"name the primary of {plain(zone)} as `server`; if the name lies below a delegation, write its record there",
            )
        wanted = dns.rdatatype.from_text(record_type)
        for rrset in answer.answer:
            if rrset.name == _absolute(name) and rrset.rdtype == wanted:
                return RecordSet(record_type, rrset.ttl, _values(rrset))
        return None

    def create(self, zone: str, name: str, wanted: RecordSet, waiting: Waiting) -> None:
        """Where the name has nothing of the type, nor a CNAME; a CNAME only where it has nothing at all.

        Raises:
            ChangedError: something stands there.
            PrimaryError: refused, or it cannot be said whether it was done.
        """
        self._change(zone, name, None, wanted, waiting)

    def replace(self, zone: str, name: str, before: RecordSet, wanted: RecordSet, waiting: Waiting) -> None:
        """In one update, so that nobody is ever told that there is nothing.

        Raises:
            ChangedError: what stands there is not `before`.
            PrimaryError: as `create`.
        """
        self._change(zone, name, before, wanted, waiting)

    def delete(self, zone: str, name: str, before: RecordSet, waiting: Waiting) -> None:
        """Only what is still as it was thought to be.

        Raises:
            ChangedError: what stands there is not `before`.
            PrimaryError: as `create`.
        """
        self._change(zone, name, before, None, waiting)

    def records(self, zone: str) -> list[tuple[str, RecordSet]]:
        """The whole zone by transfer (AXFR): each set with its name, lower case and without trailing dot.

        Raises:
            PrimaryError: the server does not transfer it to this key, or cannot be reached.
        """
        copy = dns.zone.Zone(_absolute(zone), relativize=False)
        query, _ = dns.xfr.make_query(copy, serial=None, keyring=self._key)
        try:
            address = self._exchange.addresses()[0]
            dns.query.inbound_xfr(
                address, copy, query, port=self._exchange.port, timeout=SECONDS, lifetime=_TRANSFER_SECONDS
            )
        except dns.xfr.TransferError as error:
            raise self._exchange.refusal(f"the transfer of {plain(zone)}", error.rcode, zone) from None
        except dns.tsig.PeerError as error:
            raise self._exchange.bad_key(error) from None
        except (dns.exception.DNSException, OSError, EOFError) as error:
            raise self._exchange.unreached(f"the transfer of {plain(zone)}", reason_of(error)) from None
        return [
            (plain(name.to_text()), RecordSet(dns.rdatatype.to_text(one.rdtype), one.ttl, _values(one)))
            for name, one in copy.iterate_rdatasets()
        ]

    def _change(
        self, zone: str, name: str, before: RecordSet | None, after: RecordSet | None, waiting: Waiting
    ) -> None:
        one = after or before
        assert one is not None, "a change has a before or an after"
        update = self._update(zone, name, before, after)
        what = f"the update of {name} {one.type}"
        for attempt in range(1, ATTEMPTS + 1):
            is_last = attempt == ATTEMPTS or waiting.left_seconds() == 0
            try:
                code = self._exchange.send(update, waiting).rcode()
            except NoAnswerError as error:
                # it may have been done: only what stands there says so
                held = self.held(zone, name, one.type, waiting) if error.sent else None
                if error.sent and _is_done(held, after):
                    return
                if is_last:
                    raise self._exchange.unreached(what, str(error)) from None
                waiting.sleep(attempt)
                continue
            if code == dns.rcode.SERVFAIL and not is_last:
                waiting.sleep(attempt)
                continue
            if code not in (dns.rcode.NOERROR, *_NOT_AS_THOUGHT):
                raise self._exchange.refusal(what, code, zone)
            held = self.held(zone, name, one.type, waiting)
            if _is_done(held, after) and (code == dns.rcode.NOERROR or attempt > 1):
                return
            raise self._not_done(zone, name, before, held, code, waiting)

    def _update(
        self, zone: str, name: str, before: RecordSet | None, after: RecordSet | None
    ) -> dns.update.UpdateMessage:
        """What is deleted comes first: a record that cannot stand beside what is there is left out without a word."""
        update, owner = dns.update.UpdateMessage(_absolute(zone), keyring=self._key), _absolute(name)
        if before is not None:
            # a prerequisite has no TTL: with one it is FORMERR (RFC 2136 §2.4)
            update.present(owner, replace(before, ttl_seconds=0).rdataset())
            update.delete(owner, before.type)
        elif after is not None and after.type == "CNAME":
            update.absent(owner)
        elif after is not None:
            update.absent(owner, "CNAME")
            update.absent(owner, after.type)
        if after is not None:
            update.add(owner, after.rdataset())
        return update

    def _not_done(
        self, zone: str, name: str, before: RecordSet | None, held: RecordSet | None, code: int, waiting: Waiting
    ) -> PrimaryError:
        if code == dns.rcode.NOERROR:
            return PrimaryError(
                f"{self.title} answered NOERROR for {name} and did not do it: it has {held.shown() if held else 'nothing'} there",
                "see the server's log and its update policy, then run the same command again",
            )
        there = [held] if held else [one for kind in _SHOWN_TYPES if (one := self.held(zone, name, kind, waiting))]
        shown = "; ".join(one.shown() for one in there) or "nothing"
        if before is None:
            return ChangedError(
                f"{name} has {shown} at {self.title} already",
                "remove it there, or take it over: `linkproof adopt STACK`",
            )
        return ChangedError(
            f"{name} has {shown} at {self.title}, and not {before.shown()}: somebody changed it, and nothing was touched",
            "`pulumi refresh` shows the difference; then decide which is right, and run the same command again",
        )


def _is_done(held: RecordSet | None, after: RecordSet | None) -> bool:
    return held is None if after is None else after.says_the_same(held)


def _absolute(name: str) -> dns.name.Name:
    """Raises:
    PrimaryError: it is no name.
    """
    try:
        return dns.name.from_text(name.rstrip(".") + ".")
    except (dns.exception.DNSException, UnicodeError) as error:
        raise PrimaryError(f"{name} is no name: {error}", "correct it where it is declared") from None


def _values(rdatas: Iterable[dns.rdata.Rdata]) -> tuple[str, ...]:
    return tuple(sorted(one.to_text() for one in rdatas))
