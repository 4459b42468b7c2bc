"""One primary server: its record sets read and changed, each message signed with TSIG, over TCP.

A server that must not do what it was told answers NOERROR all the same and leaves it out (RFC 2136 §3.4.2.2): a CNAME beside an address, a
deletion by another value. So every change names in its prerequisites what stands there now, deletes before it adds, and is read back.
Seen at Knot 3.2.6, BIND 9.18.49 and PowerDNS 4.7.3: `tests/dns/rfc2136/`.
"""

from __future__ import annotations

import socket
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Protocol

import dns.exception
import dns.flags
import dns.message
import dns.name
import dns.query
import dns.rcode
import dns.rdata
import dns.rdataset
import dns.rdatatype
import dns.tsig
import dns.update
import dns.xfr
import dns.zone

from linkproof.errors import LinkproofError
from linkproof.rdata import plain, presented

_SECONDS = 10.0
_TRANSFER_SECONDS = 60.0
_ATTEMPTS = 3
# What a prerequisite that does not hold is answered with (RFC 2136 §3.2).
_NOT_AS_THOUGHT = frozenset({dns.rcode.YXDOMAIN, dns.rcode.YXRRSET, dns.rcode.NXDOMAIN, dns.rcode.NXRRSET})
# What a name is looked at for when something stands in the way there.
_SHOWN_TYPES = ("CNAME", "A", "AAAA", "TXT", "MX")
_NAMES = frozenset({"CNAME", "NS", "MX", "PTR"})


class PrimaryError(LinkproofError):
    """The server refused, gave no answer that can be relied on, or holds something else than was thought."""


class ChangedError(PrimaryError):
    """What stands at the name is not what the change was made for; nothing was changed."""


class _NoAnswerError(Exception):
    """Nothing came back; with `sent`, what was asked may have been done."""

    def __init__(self, reason: str, *, sent: bool) -> None:
        super().__init__(reason)
        self.sent = sent


class Waiting(Protocol):
    """How long the caller may wait."""

    def left_seconds(self) -> float: ...

    def sleep(self, seconds: float) -> None: ...


@dataclass(frozen=True, slots=True)
class RecordSet:
    """What a name has of one type.

    Args:
        values: in presentation form, names with their trailing dot.
    """

    type: str
    ttl_seconds: int
    values: tuple[str, ...]

    def says_the_same(self, other: RecordSet | None) -> bool:
        return other is not None and self.ttl_seconds == other.ttl_seconds and self.has_same_data(other)

    def has_same_data(self, other: RecordSet) -> bool:
        """Names compare without case, as DNS compares them."""
        return self.type == other.type and set(self.rdataset()) == set(other.rdataset())

    def rdataset(self) -> dns.rdataset.Rdataset:
        """Raises:
        PrimaryError: a value is none of its type.
        """
        texts = [written(self.type, value) for value in self.values]
        try:
            return dns.rdataset.from_text_list("IN", self.type, self.ttl_seconds, texts)
        except (dns.exception.DNSException, ValueError) as error:
            raise PrimaryError(
                f"{', '.join(self.values)} is no {self.type}: {error}", "correct the value where it is declared"
            ) from None

    def shown(self) -> str:
        return f"{self.type} {', '.join(sorted(value.removesuffix('.') for value in self.values))}"


def written(record_type: str, value: str) -> str:
    """A value in presentation form, whichever form it came in."""
    return presented(record_type, value) if record_type in _NAMES | {"TXT"} else value


class Primary:
    """Args:
    server: a name or an address.
    secret: of the TSIG key.
    """

    def __init__(self, server: str, port: int, key_name: str, algorithm: str, secret: bytes) -> None:
        self._server, self._port = server, port
        self._key_name, self._algorithm = key_name, algorithm
        try:
            self._key = dns.tsig.Key(key_name, secret, algorithm)
        except (dns.exception.DNSException, ValueError) as error:
            raise PrimaryError(
                f"{key_name} is no name of a key: {error}", "write `keyName` as the server has it"
            ) from None

    @property
    def title(self) -> str:
        return f"{self._server} port {self._port}"

    def held(self, zone: str, name: str, record_type: str, waiting: Waiting) -> RecordSet | None:
        """What the server has at this very name; None where it has nothing of that type.

        Raises:
            PrimaryError: it does not serve the zone, refuses, or cannot be reached.
        """
        query = dns.message.make_query(_absolute(name), record_type, flags=0)
        query.use_tsig(self._key)
        answer = self._answer(query, f"{name} {record_type}", waiting)
        code = answer.rcode()
        if code not in (dns.rcode.NOERROR, dns.rcode.NXDOMAIN):
            raise self._refusal(f"the question for {name} {record_type}", code, zone)
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
            address = self._addresses()[0]
            dns.query.inbound_xfr(address, copy, query, port=self._port, timeout=_SECONDS, lifetime=_TRANSFER_SECONDS)
        except dns.xfr.TransferError as error:
            raise self._refusal(f"the transfer of {plain(zone)}", error.rcode, zone) from None
        except dns.tsig.PeerError as error:
            raise self._bad_key(error) from None
        except (dns.exception.DNSException, OSError, EOFError) as error:
            raise self._unreached(f"the transfer of {plain(zone)}", _reason(error)) from None
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
        for attempt in range(1, _ATTEMPTS + 1):
            is_last = attempt == _ATTEMPTS or waiting.left_seconds() == 0
            try:
                code = self._exchange(update, waiting).rcode()
            except _NoAnswerError as error:
                # it may have been done: only what stands there says so
                held = self.held(zone, name, one.type, waiting) if error.sent else None
                if error.sent and _is_done(held, after):
                    return
                if is_last:
                    raise self._unreached(what, str(error)) from None
                waiting.sleep(attempt)
                continue
            if code == dns.rcode.SERVFAIL and not is_last:
                waiting.sleep(attempt)
                continue
            if code not in (dns.rcode.NOERROR, *_NOT_AS_THOUGHT):
                raise self._refusal(what, code, zone)
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
            if after is None or before.type != after.type or not before.says_the_same(after):
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

    def _answer(self, query: dns.message.Message, what: str, waiting: Waiting) -> dns.message.Message:
        """To a question, which may be asked again."""
        for attempt in range(1, _ATTEMPTS + 1):
            try:
                return self._exchange(query, waiting)
            except _NoAnswerError as error:
                if attempt == _ATTEMPTS or waiting.left_seconds() == 0:
                    raise self._unreached(f"the question for {what}", str(error)) from None
                waiting.sleep(attempt)
        raise AssertionError(what)

    def _exchange(self, message: dns.message.Message, waiting: Waiting) -> dns.message.Message:
        """One message and its answer, whose signature is judged.

        Raises:
            PrimaryError: the key is refused.
            _NoAnswerError: none came.
        """
        seconds = max(1.0, min(_SECONDS, waiting.left_seconds()))
        reason, message_sent = "it has no address", False
        for address in self._addresses():
            family = socket.AF_INET6 if ":" in address else socket.AF_INET
            try:
                with socket.socket(family, socket.SOCK_STREAM) as connection:
                    connection.settimeout(seconds)
                    connection.connect((address, self._port))
                    connection.setblocking(False)
                    message_sent = True
                    return dns.query.tcp(message, address, timeout=seconds, port=self._port, sock=connection)
            except (dns.tsig.PeerError, dns.tsig.BadSignature, dns.tsig.BadTime) as error:
                raise self._bad_key(error) from None
            except dns.message.UnknownTSIGKey as error:
                raise self._bad_key(error) from None
            except dns.exception.FormError as error:
                if "TSIG" in str(error):
                    raise self._bad_key(error) from None
                raise _NoAnswerError(_reason(error), sent=message_sent) from None
            except (dns.exception.DNSException, OSError, EOFError) as error:
                reason = _reason(error)
                if message_sent:
                    break  # another address may be another server, which has not seen it
        raise _NoAnswerError(reason, sent=message_sent)

    def _addresses(self) -> list[str]:
        """Raises:
        PrimaryError: the name has none.
        """
        try:
            found = socket.getaddrinfo(self._server, self._port, type=socket.SOCK_STREAM)
        except (OSError, UnicodeError) as error:
            raise PrimaryError(
                f"{self._server} has no address: {error}", "correct `server` of the account, or name its address"
            ) from None
        return list(dict.fromkeys(str(one[4][0]) for one in found))

    def _bad_key(self, error: Exception) -> PrimaryError:
        """A server that does not know a key says so, or answers without signing."""
        key = f"key {self._key_name} ({self._algorithm})"
        if isinstance(error, dns.tsig.PeerBadTime | dns.tsig.BadTime):
            return PrimaryError(
                f"{self.title}: its clock and this machine's differ by more than the five minutes that TSIG allows",
                "set both clocks, then run the same command again",
            )
        if isinstance(error, dns.tsig.PeerBadSignature | dns.tsig.BadSignature):
            return PrimaryError(
                f"{self.title}: the signature of {key} does not fit",
                "copy the key's secret from the server's configuration once more, see that `algorithm` is the key's",
            )
        said = (
            "does not know"
            if isinstance(error, dns.tsig.PeerBadKey)
            else "answered without a signature, as servers do that refuse"
        )
        return PrimaryError(
            f"{self.title} {said} {key}",
            "write `keyName` and `algorithm` as the server has them, and let that key update and query the zone",
        )

    def _refusal(self, what: str, code: int | None, zone: str) -> PrimaryError:
        name = dns.rcode.to_text(dns.rcode.Rcode(code or 0))
        fix = {
            dns.rcode.REFUSED: f"let key {self._key_name} update and transfer {plain(zone)} (linkproof/dns/rfc2136/README.md)",
            dns.rcode.NOTAUTH: f"name the primary of {plain(zone)} as `server`, or let key {self._key_name} write the zone",
            dns.rcode.NOTZONE: f"the name is not in zone {plain(zone)}: correct the zone",
            dns.rcode.NOTIMP: "switch dynamic updates on at the server",
        }.get(dns.rcode.Rcode(code or 0), "see the server's log, then run the same command again")
        return PrimaryError(f"{self.title}: {what} was answered {name}", fix)

    def _unreached(self, what: str, reason: str) -> PrimaryError:
        return PrimaryError(
            f"{self.title} gave no answer to {what}: {reason}",
            "see whether the server runs and takes TCP there, then run the same command again: it looks first",
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


def _reason(error: Exception) -> str:
    return str(error) or type(error).__name__
