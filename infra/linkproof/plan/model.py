"""The plan: the hinge between declaration, engine and verifier. Pure data, no Pulumi, no I/O."""

from __future__ import annotations

from dataclasses import dataclass

from linkproof.plan.items import (
    CaaNeed,
    Certificate,
    Distribution,
    Endpoint,
    Item,
    OriginRequestPolicy,
    Pending,
    Record,
    Ruleset,
    Value,
)


@dataclass(frozen=True, slots=True)
class PlannedZone:
    """A zone that holds at least one planned record."""

    name: str
    path: str
    dns: str
    id: str | None
    account: str
    propagation_seconds: int
    transfer_group: str | None
    dnssec: str


@dataclass(frozen=True, slots=True)
class PlannedLink:
    """One link for people: where it is on its way and where its names point now."""

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
    settings: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class PlannedHost:
    """One tracking host for people."""

    key: str
    path: str
    provider: str
    host: str
    points_at: str


@dataclass(frozen=True, slots=True)
class Plan:
    """Everything that must exist, in the order in which it is built."""

    zones: tuple[PlannedZone, ...]
    links: tuple[PlannedLink, ...]
    hosts: tuple[PlannedHost, ...]
    records: tuple[Record, ...]
    certificates: tuple[Certificate, ...]
    policies: tuple[OriginRequestPolicy, ...]
    distributions: tuple[Distribution, ...]
    rulesets: tuple[Ruleset, ...]
    endpoints: tuple[Endpoint, ...]
    caa: tuple[CaaNeed, ...]
    pending: tuple[Pending, ...]

    def zone(self, name: str) -> PlannedZone:
        """The planned zone of that name.

        Raises:
            KeyError: no planned record is in such a zone.
        """
        for zone in self.zones:
            if zone.name == name:
                return zone
        raise KeyError(name)

    def items(self) -> tuple[Item, ...]:
        return (
            *self.records,
            *self.certificates,
            *self.policies,
            *self.distributions,
            *self.rulesets,
            *self.endpoints,
            *self.caa,
            *self.pending,
        )
