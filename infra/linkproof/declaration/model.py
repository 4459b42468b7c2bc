"""A whole declaration, as immutable values. The plan starts from it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from types import MappingProxyType

from linkproof import registry
from linkproof.contract.declared import Edge, Link, Sender, TrackingHost, Zone
from linkproof.declaration.problem import Place
from linkproof.errors import LinkproofError
from linkproof.names import HostName


@cache
def implied_edge(key: str) -> Edge | None:
    """The edge that a link may name without an entry of its own: `edge: managed`; None where there is none of that name."""
    if key not in registry.EDGES or not (plugin := registry.edge(key)).is_complete or not plugin.facts.NEEDS_NO_ENTRY:
        return None
    return Edge(key, key, options=plugin.options.model_validate({"provider": key}))


class NoZoneError(LinkproofError):
    """No declared zone holds this host."""

    def __init__(self, host: HostName) -> None:
        super().__init__(f"{host} is in no declared zone", "declare its zone under `zones:`")
        self.host = host


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


def _no_senders() -> Mapping[str, Sender]:
    return MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Declaration:
    """All that one environment must look like.

    Args:
        file: the name the text was read under.
        lab: this environment lives in the loopback lab.
        nonce: what each click host's zone shows beside it, so that the zone is known to be this stack's; None where nothing is.
        zones: by name on the wire (`xn--bcher-kva.org`); `Zone.key` has the name as written.
        senders: by key, those with an entry of their own; likewise `edges`, `links` and `tracking_hosts`.
        places: where each key of the file is written, by path (`links.newsletter.click_host`, `links.newsletter`,
            `zones.example.net`), keys as written.
    """

    file: str
    zones: Mapping[str, Zone]
    edges: Mapping[str, Edge]
    links: Mapping[str, Link]
    tracking_hosts: Mapping[str, TrackingHost]
    senders: Mapping[str, Sender] = field(default_factory=_no_senders)
    verify: VerifyDefaults = VerifyDefaults()
    version: int = 1
    lab: bool = False
    nonce: str | None = None
    places: Mapping[str, Place] = field(default_factory=_empty, compare=False)

    def __post_init__(self) -> None:
        for name in ("zones", "senders", "edges", "links", "tracking_hosts", "places"):
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
        """The link's edge; None without one, and for a key that is not declared and needs to be."""
        return self._edge(link.edge)

    def standby_of(self, link: Link) -> Edge | None:
        """The edge that the link keeps ready beside its own; None likewise."""
        return self._edge(link.standby)

    def _edge(self, key: str | None) -> Edge | None:
        return None if key is None else self.edges.get(key) or implied_edge(key)

    def place(self, path: str) -> Place:
        """Where this path is written, or its nearest parent that is; the file's first line at worst."""
        while path:
            if path in self.places:
                return self.places[path]
            path = path.rpartition(".")[0]
        return Place(self.file, 1, 1)
