"""What a rule looks at: the declaration as far as it could be read, and the names it claims."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Literal

from linkproof.contract.declared import Link
from linkproof.contract.rules import Placed
from linkproof.declaration.model import Declaration
from linkproof.declaration.needs import needs_of
from linkproof.names import HostName

Role = Literal["click host", "owner host", "tracking host"]


@dataclass(frozen=True, slots=True)
class Claim:
    """One place where the declaration says that a name is a CNAME."""

    host: HostName
    role: Role
    path: str


@dataclass(frozen=True, slots=True)
class View:
    """A declaration that may have lost entries whose shape is wrong.

    Args:
        unread: the paths that were lost.
        unread_zones: the names of lost zones; a host inside one is not homeless.
    """

    declaration: Declaration
    unread: frozenset[str] = frozenset()
    unread_zones: frozenset[str] = frozenset()
    claims: tuple[Claim, ...] = field(init=False)
    by_name: Mapping[str, tuple[Claim, ...]] = field(init=False)

    def __post_init__(self) -> None:
        claims = tuple(_claims(self.declaration))
        by_name: dict[str, list[Claim]] = defaultdict(list)
        for claim in claims:
            by_name[claim.host.text].append(claim)
        object.__setattr__(self, "claims", claims)
        object.__setattr__(self, "by_name", MappingProxyType({name: tuple(found) for name, found in by_name.items()}))

    def may_be_in_an_unread_zone(self, host: HostName) -> bool:
        return "zones" in self.unread or self._is_in_an_unread_zone(host)

    def _is_in_an_unread_zone(self, host: HostName) -> bool:
        labels = host.labels
        return any(".".join(labels[start:]) in self.unread_zones for start in range(len(labels)))

    def has_unread(self, section: str) -> bool:
        """Whether any entry of this section was lost, so that counting uses of another would mislead."""
        return any(path == section or path.startswith(f"{section}.") for path in self.unread)

    def keys_unread(self, section: str) -> set[str]:
        """Keys of this section with a lost part; keys there have no dots."""
        return {path.split(".")[1] for path in self.unread if path.startswith(f"{section}.")}

    def placed(self, link: Link) -> Iterator[Placed]:
        """The link at its edge, and at its standby, where they and its click host's zone could be read."""
        zone = self.declaration.find_zone(link.click_host)
        if zone is None or self._is_in_an_unread_zone(link.click_host):
            return
        edge, standby = self.declaration.edge_of(link), self.declaration.standby_of(link)
        if edge is not None:
            yield Placed(link, edge, zone, needs_of(link))
        if standby is not None:
            yield Placed(link.at_standby(), standby, zone, needs_of(link), is_standby=True)


def _claims(declaration: Declaration) -> list[Claim]:
    claims = []
    for link in declaration.links.values():
        claims.append(Claim(link.click_host, "click host", f"{link.path}.click_host"))
        if link.owner_host is not None:
            claims.append(Claim(link.owner_host, "owner host", f"{link.path}.owner_host"))
    claims.extend(Claim(t.host, "tracking host", f"{t.path}.host") for t in declaration.tracking_hosts.values())
    return claims
