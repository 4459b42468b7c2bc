"""How one verification is run: whom to ask, on which ports, how long."""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from linkproof.errors import LinkproofError

if TYPE_CHECKING:
    from pathlib import Path

ResolverTransport = Literal["udp", "tls", "https"]
_DEFAULT_PORTS: dict[ResolverTransport, int] = {"udp": 53, "tls": 853, "https": 443}


class InvalidResolverError(LinkproofError):
    """The text after `--resolver` names no resolver."""

    def __init__(self, text: str, reason: str) -> None:
        super().__init__(
            f"--resolver {text!r}: {reason}",
            "write 192.0.2.1, 192.0.2.1:5300, [2001:db8::1]:53, tls://host or https://host/dns-query",
        )
        self.text = text
        self.reason = reason


class InvalidControlAddressError(LinkproofError):
    """What is to be asked to see whether DNS is intercepted is no address."""

    def __init__(self, text: str) -> None:
        super().__init__(f"control address {text!r}: not an IP address", "give one that no server has, as 192.0.2.1")
        self.text = text


@dataclass(frozen=True, slots=True)
class ResolverAddress:
    """One resolver to ask.

    Args:
        transport: `udp` (with TCP when an answer is cut short), `tls` (RFC 7858) or `https` (RFC 8484).
        host: an address; for tls and https also a name, which its certificate must cover.
        port: where it listens.
        path: the path of `https` alone.
    """

    transport: ResolverTransport
    host: str
    port: int
    path: str = ""

    @classmethod
    def parse(cls, text: str) -> ResolverAddress:
        """Read `ADDR[:PORT]`, `[v6]:port`, `tls://host[:port]` or `https://host[:port]/path`.

        Raises:
            InvalidResolverError: it is none of these.
        """
        transport: ResolverTransport = "udp"
        rest, path = text.strip(), ""
        schemes: tuple[ResolverTransport, ...] = ("tls", "https")
        for scheme in schemes:
            if rest.startswith(f"{scheme}://"):
                transport, rest = scheme, rest.removeprefix(f"{scheme}://")
        if transport == "https":
            rest, slash, tail = rest.partition("/")
            path = f"/{tail}" if slash and tail else "/dns-query"
            if not path.isascii() or any(character <= " " for character in path):
                raise InvalidResolverError(text, "the path has a character that no path has")
        host, port = _split_port(text, rest, _DEFAULT_PORTS[transport])
        is_address = _is_address(host)
        if not is_address and (
            transport == "udp" or not host or any(character in host for character in "/@ ?#%\t\r\n")
        ):
            raise InvalidResolverError(text, "not an IP address" if transport == "udp" else "not a host")
        return cls(transport, host, port, path)

    def __str__(self) -> str:
        host = f"[{self.host}]" if ":" in self.host else self.host
        shown = host if self.port == _DEFAULT_PORTS[self.transport] else f"{host}:{self.port}"
        return shown if self.transport == "udp" else f"{self.transport}://{shown}{self.path}"


def _split_port(text: str, rest: str, default: int) -> tuple[str, int]:
    if rest.startswith("["):
        host, bracket, tail = rest[1:].partition("]")
        if not bracket or (tail and not tail.startswith(":")):
            raise InvalidResolverError(text, "an IPv6 address with a port is written [2001:db8::1]:53")
        port_text = tail[1:]
    elif rest.count(":") == 1:
        host, _, port_text = rest.partition(":")
    else:
        host, port_text = rest, ""
    if not port_text:
        return host, default
    if not (port_text.isascii() and port_text.isdigit() and 0 < int(port_text) < 65536):
        raise InvalidResolverError(text, f"{port_text!r} is not a port")
    return host, int(port_text)


def _is_address(text: str) -> bool:
    try:
        ipaddress.ip_address(text)
    except ValueError:
        return False
    return True


@dataclass(frozen=True, slots=True)
class VerifyOptions:
    """The options of one `verify`.

    Args:
        hints: a root hints file in zone-file form; None for the IANA root servers.
        resolvers: asked for a name only once all of its authoritative servers are right; each once, however often it is given.
        dns_port: port of every authoritative server.
        http_port: port of plain HTTP at every endpoint.
        https_port: port of TLS at every endpoint.
        ca: PEM file of further trust anchors beside the system's.
        save: folder for the raw evidence; None to keep none.
        wait_seconds: how long to go on polling what is not yet right; 0 asks once.
        strict: warnings count as errors.
        timeout_seconds: for one query or connection; an edge's answer has twice as long.
        attempts: how often a query is sent before its server counts as silent.
        control_address: one that no server has, so that whoever answers from it intercepts DNS.
        check_ranges: judge the addresses of proxied names against the provider's published ranges.
        with_answers: put beside each cell what was answered, as the HTML report shows it; without it a large run takes less time and memory.

    Raises:
        InvalidControlAddressError: `control_address` is no IP address.
    """

    hints: Path | None = None
    resolvers: tuple[ResolverAddress, ...] = ()
    dns_port: int = 53
    http_port: int = 80
    https_port: int = 443
    ca: Path | None = None
    save: Path | None = None
    wait_seconds: float = 0
    strict: bool = False
    timeout_seconds: float = 3.0
    attempts: int = 3
    control_address: str = "192.0.2.1"
    check_ranges: bool = True
    with_answers: bool = True

    def __post_init__(self) -> None:
        if not _is_address(self.control_address):
            raise InvalidControlAddressError(self.control_address)
        # one that is named twice, also as ADDR and as ADDR:53, is one
        object.__setattr__(self, "resolvers", tuple(dict.fromkeys(self.resolvers)))
