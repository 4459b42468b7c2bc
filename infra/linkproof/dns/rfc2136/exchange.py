"""Messages to one primary server and back: over TCP, each signed with TSIG, and what goes wrong in words."""

from __future__ import annotations

import socket
from typing import Protocol

import dns.exception
import dns.message
import dns.query
import dns.rcode
import dns.tsig

from linkproof.errors import LinkproofError
from linkproof.rdata import plain

SECONDS = 10.0
ATTEMPTS = 3


class PrimaryError(LinkproofError):
    """The server refused, gave no answer that can be relied on, or holds something else than was thought."""


class NoAnswerError(Exception):
    """Nothing came back; with `sent`, what was asked may have been done."""

    def __init__(self, reason: str, *, sent: bool) -> None:
        super().__init__(reason)
        self.sent = sent


class Waiting(Protocol):
    """How long the caller may wait."""

    def left_seconds(self) -> float: ...

    def sleep(self, seconds: float) -> None: ...


class Exchange:
    """Args:
    server: a name or an address.
    secret: of the TSIG key.
    """

    def __init__(self, server: str, port: int, key_name: str, algorithm: str, secret: bytes) -> None:
        self._server, self.port = server, port
        self._key_name, self._algorithm = key_name, algorithm
        try:
            self.key = dns.tsig.Key(key_name, secret, algorithm)
        except (dns.exception.DNSException, ValueError) as error:
            raise PrimaryError(
                f"{key_name} is no name of a key: {error}", "write `keyName` as the server has it"
            ) from None

    @property
    def title(self) -> str:
        return f"{self._server} port {self.port}"

    def answer(self, query: dns.message.Message, what: str, waiting: Waiting) -> dns.message.Message:
        """To a question, which may be asked again."""
        for attempt in range(1, ATTEMPTS + 1):
            try:
                return self.send(query, waiting)
            except NoAnswerError as error:
                if attempt == ATTEMPTS or waiting.left_seconds() == 0:
                    raise self.unreached(f"the question for {what}", str(error)) from None
                waiting.sleep(attempt)
        raise AssertionError(what)

    def send(self, message: dns.message.Message, waiting: Waiting) -> dns.message.Message:
        """One message and its answer, whose signature is judged.

        Raises:
            PrimaryError: the key is refused.
            NoAnswerError: none came.
        """
        seconds = max(1.0, min(SECONDS, waiting.left_seconds()))
        reason, message_sent = "it has no address", False
        for address in self.addresses():
            family = socket.AF_INET6 if ":" in address else socket.AF_INET
            try:
                with socket.socket(family, socket.SOCK_STREAM) as connection:
                    connection.settimeout(seconds)
                    connection.connect((address, self.port))
                    connection.setblocking(False)
                    message_sent = True
                    return dns.query.tcp(message, address, timeout=seconds, port=self.port, sock=connection)
            except (dns.tsig.PeerError, dns.tsig.BadSignature, dns.tsig.BadTime) as error:
                raise self.bad_key(error) from None
            except dns.message.UnknownTSIGKey as error:
                raise self.bad_key(error) from None
            except dns.exception.FormError as error:
                if "TSIG" in str(error):
                    raise self.bad_key(error) from None
                raise NoAnswerError(reason_of(error), sent=message_sent) from None
            except (dns.exception.DNSException, OSError, EOFError) as error:
                reason = reason_of(error)
                if message_sent:
                    break  # another address may be another server, which has not seen it
        raise NoAnswerError(reason, sent=message_sent)

    def addresses(self) -> list[str]:
        """Raises:
        PrimaryError: the name has none.
        """
        try:
            found = socket.getaddrinfo(self._server, self.port, type=socket.SOCK_STREAM)
        except (OSError, UnicodeError) as error:
            raise PrimaryError(
                f"{self._server} has no address: {error}", "correct `server` of the account, or name its address"
            ) from None
        return list(dict.fromkeys(str(one[4][0]) for one in found))

    def bad_key(self, error: Exception) -> PrimaryError:
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

    def refusal(self, what: str, code: int | None, zone: str) -> PrimaryError:
        name = dns.rcode.to_text(dns.rcode.Rcode(code or 0))
        fix = {
            dns.rcode.REFUSED: f"let key {self._key_name} update and transfer {plain(zone)} (linkproof/dns/rfc2136/README.md)",
            dns.rcode.NOTAUTH: f"name the primary of {plain(zone)} as `server`, or let key {self._key_name} write the zone",
            dns.rcode.NOTZONE: f"the name is not in zone {plain(zone)}: correct the zone",
            dns.rcode.NOTIMP: "switch dynamic updates on at the server",
        }.get(dns.rcode.Rcode(code or 0), "see the server's log, then run the same command again")
        return PrimaryError(f"{self.title}: {what} was answered {name}", fix)

    def unreached(self, what: str, reason: str) -> PrimaryError:
        return PrimaryError(
            f"{self.title} gave no answer to {what}: {reason}",
            "see whether the server runs and takes TCP there, then run the same command again: it looks first",
        )


def reason_of(error: Exception) -> str:
    return str(error) or type(error).__name__
