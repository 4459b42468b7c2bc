"""What a declaration says of zones, senders, edges, links and tracking hosts, as immutable values."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any, Final, Literal

from linkproof.canaries import Canary
from linkproof.names import HostName

Dnssec = Literal["any", "signed", "unsigned"]
Phase = Literal["branded", "ready", "live", "secured"]
Family = Literal[4, 6]
RecordKind = Literal["cname", "alias"]

HostState = Literal["verifying", "preparing", "in-use"]

PHASES: Final[tuple[Phase, ...]] = ("branded", "ready", "live", "secured")

PHASES_AT_EDGE: Final[tuple[Phase, ...]] = ("live", "secured")
"""The phases in which the click host is led to the edge."""

DEFAULT_ACCOUNT: Final = "default"

MANAGED: Final = "managed"
"""The `edge` of a link whose HTTPS the sender terminates itself."""

EXTERNAL: Final = "external"
"""The value of a sender's `account` where somebody else runs it: nothing is asked of its API, and nobody here can."""


@dataclass(frozen=True, slots=True)
class CaaRecord:
    """One CAA record that the zone's apex is declared to serve (RFC 8659 §4.1)."""

    flags: int
    tag: str
    value: str


@dataclass(frozen=True, slots=True)
class Zone:
    """A DNS zone and who serves it.

    Args:
        key: the name as written in the file.
        name: the name as it goes on the wire.
        id: the provider's id; None only with `dns: manual`.
        account: names the credentials in the Pulumi config.
        propagation_seconds: after a change, how long the zone's servers may still differ.
        transfer_group: zones' servers whose serials may be compared; None where they are unrelated.
        caa: the CAA records that the apex is declared to serve; None where nothing is declared.
        options: the DNS host's own keys, as its `options.py` reads them.
    """

    key: str
    name: HostName
    dns: str
    id: str | None
    account: str = DEFAULT_ACCOUNT
    propagation_seconds: int = 60
    transfer_group: str | None = None
    dnssec: Dnssec = "any"
    caa: tuple[CaaRecord, ...] | None = None
    options: Any = None

    @property
    def path(self) -> str:
        return f"zones.{self.key}"


@dataclass(frozen=True, slots=True)
class Edge:
    """Who terminates HTTPS for the links that name it; `options` are the provider's own keys, as its `options.py` reads them."""

    key: str
    provider: str
    account: str = DEFAULT_ACCOUNT
    options: Any = field(default=None, hash=False)

    @property
    def path(self) -> str:
        return f"edges.{self.key}"


@dataclass(frozen=True, slots=True)
class Sender:
    """An account at a sender.

    Args:
        key: of its entry under `senders:`; the provider's name where a link says that alone.
        path: where it is said: its entry, or the link's own `sender`.
        account: names its credentials; `external` where somebody else runs it (Braze does).
        options: the provider's own keys, as its `options.py` reads them.
    """

    key: str
    provider: str
    path: str
    account: str = DEFAULT_ACCOUNT
    options: Any = None

    @property
    def is_external(self) -> bool:
        return self.account == EXTERNAL

    @property
    def is_managed(self) -> bool:
        """Its objects at the sender are made and read here; otherwise only their records are."""
        return getattr(self.options, "manage", None) is not None

    @property
    def region(self) -> str:
        """Of the account; empty where the provider has no regions."""
        return str(getattr(self.options, "region", ""))


@dataclass(frozen=True, slots=True)
class UniversalLinks:
    """The apps that open a link's URLs, and so the files that the click host must serve.

    Args:
        apple: `<team id>.<bundle id>` of each app; empty for any app; None where no file is expected.
        android: package names, likewise.
        path: where the app's links begin, if not where the sender puts them.
    """

    apple: tuple[str, ...] | None = None
    android: tuple[str, ...] | None = None
    path: str | None = None

    def __str__(self) -> str:
        wanted = {"apple": self.apple, "android": self.android}
        files = [f"{name}: {', '.join(apps) or 'any app'}" for name, apps in wanted.items() if apps is not None]
        return "; ".join([*files, *([f"below {self.path}"] if self.path else [])])


@dataclass(frozen=True, slots=True)
class Successor:
    """Who has taken a link's place in new mail.

    Args:
        link: the key of the other link.
        until: the day on which this one may go, from 00:00 UTC; before it, mail already sent is still read.
    """

    link: str
    until: date


@dataclass(frozen=True, slots=True)
class Link:
    """A branded link. Its identity is its click host; the key is a label for people.

    Args:
        edge: the key of an edge, or None (only in phase `branded`).
        standby: the key of a second edge, which is kept ready and proved while the click host leads to `edge`; None without one.
        ttl_seconds: of the click record.
        families: of the addresses by which the edge must be reached.
        record: what leads the click host to its edge; an alias answers with the edge's addresses in place of a CNAME.
        legacy: a branding of the old kind: one CNAME and no owner host.
        own_https: the sender terminates HTTPS while the click host stands there: the values of the records that this takes, by
            the first label of their names; None where nothing is said, which with `edge: managed` it need not be.
        in_use: mail with this link was sent, or may be.
        successor: what new mail has in its place; this one lives on until a day. None while it is the one that mail has.
        universal_links: files for apps on the click host; None where none are expected.
        canaries: real links that the verifier may follow, and so click.
    """

    key: str
    sender: Sender
    click_host: HostName
    phase: Phase
    owner_host: HostName | None = None
    edge: str | None = None
    standby: str | None = None
    ttl_seconds: int = 300
    families: tuple[Family, ...] = (4,)
    record: RecordKind = "cname"
    legacy: bool = False
    own_https: tuple[tuple[str, str], ...] | None = None
    in_use: bool = True
    successor: Successor | None = None
    universal_links: UniversalLinks | None = None
    canaries: tuple[Canary, ...] = ()

    @property
    def path(self) -> str:
        return f"links.{self.key}"

    @property
    def is_alias(self) -> bool:
        return self.record == "alias"

    @property
    def has_own_https(self) -> bool:
        """The sender terminates HTTPS for the host while that stands there, whatever edge it may move to."""
        return MANAGED in (self.edge, self.standby) or self.own_https is not None

    def at_standby(self) -> Link:
        """The link as its standby has it: got ready there, and never led to it. Only of a link that has one."""
        return replace(self, edge=self.standby, standby=None, phase="ready")

    def naming(self, edge: str) -> str:
        """The path of the key that names this edge, one of the link's two."""
        return f"{self.path}.{'edge' if edge == self.edge else 'standby'}"

    def swapped(self) -> Link:
        """The link once it is led to its standby, and the edge of before is kept in its place."""
        return replace(self, edge=self.standby, standby=self.edge)

    @property
    def leads_to_edge(self) -> bool:
        """The click host is led to the edge; to the sender's own in every phase."""
        return self.edge == MANAGED or (self.edge is not None and self.phase in PHASES_AT_EDGE)

    @property
    def stands_at_own_edge(self) -> bool:
        """The click host is led to the sender, which terminates HTTPS for it."""
        return self.has_own_https and (self.edge == MANAGED or not self.leads_to_edge)


@dataclass(frozen=True, slots=True)
class TrackingHost:
    """A first-party tracking host.

    Args:
        ttl_seconds: of its record.
        state: how far the service is with its certificate; None where nothing is said: a host whose record the stack holds is in use.
        options: the service's own keys, as its `options.py` reads them; nothing that must exist is decided by them.
    """

    key: str
    provider: str
    host: HostName
    ttl_seconds: int = 300
    state: HostState | None = None
    options: Any = field(default=None, repr=False)

    @property
    def is_published(self) -> bool:
        """Whether its record is to exist: only once the service answers for it."""
        return self.state in {None, "in-use"}

    @property
    def path(self) -> str:
        return f"tracking_hosts.{self.key}"
