"""What SparkPost holds for links: tracking domains, and which sending domains write with them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from linkproof.contract.items import Item

TRACKING_DOMAIN = "sparkpost:index:TrackingDomain"
SENDING_DOMAIN = "sparkpost:index:SendingDomainTracking"


def tracking_of(host: str) -> str:
    """The name of a click host's tracking domain."""
    return f"{host}/tracking"


@dataclass(frozen=True, slots=True)
class TrackingDomain(Item):
    """A tracking domain, verified once its record is there.

    Args:
        subaccount: its number; empty for the account itself.
        secure: by the link's phase: SparkPost then writes https.
        is_default: None where nothing is said of it.
        managed_target: SparkPost's managed endpoint, where it has a certificate for the host; empty where the host stands elsewhere.
    """

    kind: ClassVar[str] = "tracking domain"
    engine_type: ClassVar[str] = TRACKING_DOMAIN  # type: ignore[misc]  # a record alone says it of itself

    resource: str
    path: str
    host: str
    account: str
    subaccount: str
    secure: bool
    is_default: bool | None
    needs: tuple[str, ...]
    managed_target: str = ""
    protect: bool = False

    def leads_to(self) -> str:
        return self.host


@dataclass(frozen=True, slots=True)
class SendingDomain(Item):
    """That mail from a sending domain has its links written with a tracking domain."""

    kind: ClassVar[str] = "sending domain's links"
    engine_type: ClassVar[str] = SENDING_DOMAIN  # type: ignore[misc]  # a record alone says it of itself

    resource: str
    path: str
    domain: str
    host: str
    account: str
    subaccount: str
    needs: tuple[str, ...]
    protect: bool = False

    def leads_to(self) -> str:
        return self.host
