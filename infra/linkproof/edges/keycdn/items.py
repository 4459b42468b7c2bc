"""What KeyCDN holds for links."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from linkproof.contract.items import Item

ZONE = "keycdn:index:Zone"
ZONE_ALIAS = "keycdn:index:ZoneAlias"


@dataclass(frozen=True, slots=True)
class Zone(Item):
    """One pull zone: one link.

    Args:
        origin: asked over TLS; Host stays the click host.
        certificate: its name in the account.
    """

    kind: ClassVar[str] = "zone"
    engine_type: ClassVar[str] = ZONE  # type: ignore[misc]  # a record alone says it of itself

    resource: str
    path: str
    host: str
    account: str
    origin: str
    certificate: str
    protect: bool

    def leads_to(self) -> str:
        return self.origin


@dataclass(frozen=True, slots=True)
class Alias(Item):
    """That the zone answers for the host."""

    kind: ClassVar[str] = "zone alias"
    engine_type: ClassVar[str] = ZONE_ALIAS  # type: ignore[misc]  # a record alone says it of itself

    resource: str
    path: str
    host: str
    account: str
    protect: bool
