"""The plan: the hinge between declaration, engine and verifier. Pure data, no Pulumi, no I/O."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from linkproof.contract.checks import CaaNeed, Check, Endpoint, Pending
from linkproof.contract.declared import Zone
from linkproof.contract.items import Item, Record
from linkproof.contract.values import Value


@dataclass(frozen=True, slots=True)
class PlannedLink:
    """One link for people: where it is on its way and where its names point now.

    Args:
        standby: the key of the edge that is kept ready beside it, likewise its provider, account and certificate; None without one.
        certificate_is_yours: the user brings and renews the certificate; likewise of the standby.
        is_proxied: the edge's own addresses are answered in place of the click host's CNAME.
        is_alias: the addresses of what it points at are.
        is_external: somebody else runs the sender's account.
        has_own_https: the sender terminates HTTPS while the click host stands there.
        successor: the key of the link that new mail has in its place; empty where it is the one.
        kept_until: the day from which it may go then, as 2027-06-30.
        sender_endpoint: where the sender answers for this account alone; empty where all accounts share one.
    """

    key: str
    path: str
    sender: str
    click_host: str
    owner_host: str | None
    edge: str | None
    edge_provider: str | None
    edge_account: str | None
    phase: str
    click_points_at: Value
    owner_points_at: str | None
    certificate: str
    certificate_is_yours: bool
    settings: tuple[tuple[str, str], ...]
    standby: str | None = None
    standby_provider: str | None = None
    standby_account: str | None = None
    standby_certificate: str = "none"
    standby_certificate_is_yours: bool = False
    is_proxied: bool = False
    is_alias: bool = False
    is_external: bool = False
    has_own_https: bool = False
    sender_endpoint: str = ""
    successor: str = ""
    kept_until: str = ""


@dataclass(frozen=True, slots=True)
class PlannedHost:
    """One tracking host for people.

    Args:
        state: as declared; empty where nothing is said.
        is_published: whether its record is to exist.
    """

    key: str
    path: str
    provider: str
    host: str
    points_at: str
    certificate: str
    lapse: str
    state: str = ""
    is_published: bool = True


@dataclass(frozen=True)
class Plan:
    """Everything that must exist, in the order in which it is built, and what is proved outside.

    Args:
        zones: those that hold at least one planned record.
        items: anything that the engine holds, and what people make where it is not ours.
        checks: proved outside, beside the records.
    """

    zones: tuple[Zone, ...]
    links: tuple[PlannedLink, ...]
    hosts: tuple[PlannedHost, ...]
    items: tuple[Item, ...]
    checks: tuple[Check, ...]

    def zone(self, name: str) -> Zone:
        """The planned zone of that name.

        Raises:
            KeyError: no planned record is in such a zone.
        """
        return self._zones[name]

    @cached_property
    def records(self) -> tuple[Record, ...]:
        return tuple(item for item in self.items if isinstance(item, Record))

    @cached_property
    def objects(self) -> tuple[Item, ...]:
        """The plug-ins' own items: everything but records."""
        return tuple(item for item in self.items if not isinstance(item, Record))

    @cached_property
    def endpoints(self) -> tuple[Endpoint, ...]:
        return tuple(check for check in self.checks if isinstance(check, Endpoint))

    @cached_property
    def caa(self) -> tuple[CaaNeed, ...]:
        return tuple(check for check in self.checks if isinstance(check, CaaNeed))

    @cached_property
    def pending(self) -> tuple[Pending, ...]:
        return tuple(check for check in self.checks if isinstance(check, Pending))

    @cached_property
    def _zones(self) -> dict[str, Zone]:
        return {zone.name.text: zone for zone in self.zones}
