"""One's own server as an edge: what its configuration must say, and what a plug-in renders of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

Version = tuple[int, ...]


@dataclass(frozen=True, slots=True, order=True)
class Origin:
    """Where a sender answers, and how it wants to be asked.

    Args:
        name: what it is asked at: its address comes from there, and SNI and the name that its certificate must have are this.
        sends_host: it is sent the click host as Host; otherwise its own name.
        says_host: `X-Forwarded-Host` says the click host, whatever a viewer sends there.
    """

    name: str
    sends_host: bool
    says_host: bool


@dataclass(frozen=True, slots=True)
class Site:
    """One click host.

    Args:
        certificate: path of its file, chain included; where the server wants the key in it, of that one file.
        key: path of its file; empty where the server reads it from the certificate's.
    """

    host: str
    origin: Origin
    certificate: str
    key: str


@dataclass(frozen=True, slots=True)
class Server:
    """One server with all the links that it answers for.

    Args:
        version: of the program.
        sites: in the order of their hosts.
        challenge: where the CA's requests to `/.well-known/acme-challenge/` go: a folder, or `ADDRESS:PORT` of what answers them.
        resolvers: addresses of the name servers that it asks; empty for the system's.
        trust: PEM file of the authorities that may sign for an origin.
        folder: where its files are to lie.
        log: the access log, a file.
        user: whose rights it takes once it has its ports.
        http: `ADDRESS:PORT` of each place where it takes requests in the clear; `https` likewise with TLS.
        inner: `ADDRESS:PORT` on loopback, for a server that must ask itself.
        origin_port: of all origins.
    """

    version: Version
    sites: Sequence[Site]
    challenge: str
    resolvers: Sequence[str]
    trust: str
    folder: str
    log: str
    user: str
    http: Sequence[str] = ("0.0.0.0:80", "[::]:80")
    https: Sequence[str] = ("0.0.0.0:443", "[::]:443")
    inner: str = "127.0.0.1:8480"
    origin_port: int = 443

    @property
    def origins(self) -> tuple[Origin, ...]:
        """Each once, in order."""
        return tuple(sorted({site.origin for site in self.sites}))


@dataclass(frozen=True, slots=True)
class Rendered:
    """A configuration.

    Args:
        files: texts by the name below the server's folder.
        check: the command that finds its faults before it is used; `reload` takes it into use without losing a connection.
        notes: what else is to be done once, and what this server does to a click that others do not.
    """

    files: Mapping[str, str]
    check: str
    reload: str
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Refused:
    """Versions that cannot be made right.

    Args:
        first: of them; `last` likewise, itself among them.
        because: what a click meets there.
    """

    first: Version
    last: Version
    because: str


class ServerFacts(Protocol):
    """What `facts.py` of such an edge has beside every edge's.

    Attributes:
        PACKAGED: the version of each named one: `debian-12`, `debian-13`, `newest`; a distribution that has no package of it is absent.
        OLDEST: what was tried.
        REFUSED: of those since.
        FOLDER: where its files lie; LOG, USER and CHALLENGE are the defaults of `Server`.
        KEY_IN_CERTIFICATE: it reads the key from the certificate's file.
        CERTIFICATE: path of a link's certificate by default, with `{host}` for the click host; likewise KEY.
        NEEDS_RESOLVERS: it does not read the system's.
        SETTINGS: name and value of what it does to a click, for people.
    """

    PACKAGED: Mapping[str, str]
    OLDEST: Version
    REFUSED: Sequence[Refused]
    FOLDER: str
    LOG: str
    USER: str
    CHALLENGE: str
    KEY_IN_CERTIFICATE: bool
    CERTIFICATE: str
    KEY: str
    NEEDS_RESOLVERS: bool
    SETTINGS: Sequence[tuple[str, str]]


class ServerPlugin(Protocol):
    """`server.py`: the configuration of one's own server. Absent where the edge is somebody's service."""

    FACTS: Any

    def render(self, server: Server) -> Rendered: ...
