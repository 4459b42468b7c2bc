"""What a declaration says, as immutable values. The plan starts from these."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Final, Literal

from linkproof.canaries import Canary
from linkproof.declaration.problem import Place
from linkproof.errors import LinkproofError
from linkproof.names import HostName

Dns = Literal["cloudflare", "route53", "manual"]
Dnssec = Literal["any", "signed", "unsigned"]
EdgeProvider = Literal["cloudfront", "cloudflare"]
Rulesets = Literal["ours", "external"]
Sender = Literal["sendgrid"]
Region = Literal["us", "eu"]
Phase = Literal["branded", "ready", "live", "secured"]
LinkAccount = Literal["ours", "external"]
TrackingProvider = Literal["karte"]

PHASES: Final[tuple[Phase, ...]] = ("branded", "ready", "live", "secured")

MANAGED: Final = "managed"
"""The value of `edge` for a link whose sender terminates HTTPS itself."""

DEFAULT_ACCOUNT: Final = "default"

DEFAULT_PROPAGATION_SECONDS: Final[Mapping[Dns, int]] = MappingProxyType(
    {
        # Route 53 says "within 60 seconds"; Cloudflare's edge follows within seconds, 30 leaves room;
        # a hand-run zone waits for NOTIFY, or for its person.
        "route53": 60,
        "cloudflare": 30,
        "manual": 300,
    }
)


class NoZoneError(LinkproofError):
    """No declared zone holds this host."""

    def __init__(self, host: HostName) -> None:
        super().__init__(f"{host} is in no declared zone", "declare its zone under `zones:`")
        self.host = host


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
    """

    key: str
    name: HostName
    dns: Dns
    id: str | None
    account: str = DEFAULT_ACCOUNT
    propagation_seconds: int = 60
    transfer_group: str | None = None
    dnssec: Dnssec = "any"
    caa: tuple[CaaRecord, ...] | None = None

    @property
    def path(self) -> str:
        return f"zones.{self.key}"


@dataclass(frozen=True, slots=True)
class Edge:
    """Who terminates HTTPS for the links that name it. `rulesets` has a meaning for Cloudflare only."""

    key: str
    provider: EdgeProvider
    account: str = DEFAULT_ACCOUNT
    rulesets: Rulesets = "ours"

    @property
    def path(self) -> str:
        return f"edges.{self.key}"


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
class Link:
    """A branded link. Its identity is its click host; the key is a label for people.

    Args:
        edge: the key of an edge, `managed`, or None (only in phase `branded`).
        ttl_seconds: of the click record.
        region: of the sender's account; `eu` has targets of its own.
        account: `external` where somebody else runs the sender's account (Braze does).
        legacy: a branding of the old kind: one CNAME and no owner host.
        in_use: mail with this link was sent, or may be.
        universal_links: files for apps on the click host; None where none are expected.
        canaries: real links that the verifier may follow, and so click.
    """

    key: str
    sender: Sender
    click_host: HostName
    phase: Phase
    owner_host: HostName | None = None
    edge: str | None = None
    ttl_seconds: int = 300
    region: Region = "us"
    account: LinkAccount = "ours"
    legacy: bool = False
    in_use: bool = True
    universal_links: UniversalLinks | None = None
    canaries: tuple[Canary, ...] = ()

    @property
    def path(self) -> str:
        return f"links.{self.key}"

    @property
    def is_managed(self) -> bool:
        return self.edge == MANAGED

    @property
    def sender_user(self) -> tuple[Sender, Region, LinkAccount, str] | None:
        """The user of the sender that writes this link, an account or a subuser; None where nothing tells.

        SendGrid's owner host is <user id>.<domain>: the number is the user's in every zone. Who runs the account and
        its region are part of it, for another platform has numbers of its own.
        """
        number = self.owner_host.labels[0] if self.owner_host is not None else ""
        return (self.sender, self.region, self.account, number) if number.isdigit() else None


@dataclass(frozen=True, slots=True)
class TrackingHost:
    """A first-party tracking host. `ttl_seconds` is its record's."""

    key: str
    provider: TrackingProvider
    host: HostName
    ttl_seconds: int = 300

    @property
    def path(self) -> str:
        return f"tracking_hosts.{self.key}"


@dataclass(frozen=True, slots=True)
class VerifyDefaults:
    """Defaults of `linkproof verify STACK`; an option on the command line wins.

    Args:
        resolvers: `ADDR[:PORT]`, `tls://…` or `https://…`.
        hints: a root hints file, relative to the project.
        ca: a PEM file to trust instead of the system's, relative to the project.
    """

    resolvers: tuple[str, ...] = ()
    hints: str | None = None
    dns_port: int | None = None
    http_port: int | None = None
    https_port: int | None = None
    ca: str | None = None


def _empty() -> Mapping[str, Place]:
    return MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Declaration:
    """All that one environment must look like.

    Args:
        file: the name the text was read under.
        lab: this environment lives in the loopback lab.
        zones: by name on the wire (`xn--bcher-kva.org`); `Zone.key` has the name as written.
        edges: by key; likewise `links` and `tracking_hosts`.
        places: where each key of the file is written, by path (`links.newsletter.click_host`, `links.newsletter`,
            `zones.example.net`), keys as written.
    """

    file: str
    zones: Mapping[str, Zone]
    edges: Mapping[str, Edge]
    links: Mapping[str, Link]
    tracking_hosts: Mapping[str, TrackingHost]
    verify: VerifyDefaults = VerifyDefaults()
    version: int = 1
    lab: bool = False
    places: Mapping[str, Place] = field(default_factory=_empty, compare=False)

    def __post_init__(self) -> None:
        for name in ("zones", "edges", "links", "tracking_hosts", "places"):
            # A proxy over a copy: nobody else holds the dict, so nobody can change it.
            object.__setattr__(self, name, MappingProxyType(dict(getattr(self, name))))

    def find_zone(self, host: HostName) -> Zone | None:
        """The longest declared zone that holds this host, by whole labels; None where there is none."""
        labels = host.labels
        for start in range(len(labels)):
            zone = self.zones.get(".".join(labels[start:]))
            if zone is not None:
                return zone
        return None

    def zone_of(self, host: HostName) -> Zone:
        """The longest declared zone that holds this host, by whole labels.

        Raises:
            NoZoneError: no declared zone does. A declaration without problems has one for each of its hosts.
        """
        zone = self.find_zone(host)
        if zone is None:
            raise NoZoneError(host)
        return zone

    def edge_of(self, link: Link) -> Edge | None:
        """The link's edge; None without one, with a managed one, and for a key that is not declared."""
        return None if link.edge is None else self.edges.get(link.edge)

    def links_on(self, edge: Edge) -> Iterator[Link]:
        """The links that name this edge, in the file's order."""
        return (link for link in self.links.values() if link.edge == edge.key)

    def place(self, path: str) -> Place:
        """Where this path is written, or its nearest parent that is; the file's first line at worst."""
        while path:
            if path in self.places:
                return self.places[path]
            path = path.rpartition(".")[0]
        return Place(self.file, 1, 1)
