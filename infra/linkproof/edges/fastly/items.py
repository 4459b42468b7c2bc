"""What Fastly holds for links."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from linkproof.contract.items import Item

SERVICE = "fastly:index/serviceVcl:ServiceVcl"
SUBSCRIPTION = "fastly:index/tlsSubscription:TlsSubscription"
ACTIVATION = "fastly:index/tlsActivation:TlsActivation"
VALIDATION = "fastly:index/tlsSubscriptionValidation:TlsSubscriptionValidation"


@dataclass(frozen=True, slots=True)
class Service(Item):
    """One service: one link.

    Args:
        origin: asked over TLS, by this name and for a certificate of it; Host stays the click host.
        forwarded_host: whether `X-Forwarded-Host` says the click host, in place of whatever a viewer sends there.
        cookies: whether they are forwarded.
    """

    kind: ClassVar[str] = "service"
    engine_type: ClassVar[str] = SERVICE  # type: ignore[misc]  # a record alone says it of itself

    resource: str
    path: str
    host: str
    account: str
    origin: str
    forwarded_host: bool
    cookies: bool
    minimum_tls: str
    protect: bool

    def leads_to(self) -> str:
        return self.origin


@dataclass(frozen=True, slots=True)
class Subscription(Item):
    """A public certificate for one host, proved by DNS, renewed by Fastly, and waited for.

    Args:
        authority: who signs, as Fastly calls them.
        configuration: id of the TLS configuration; empty for the account's default.
    """

    kind: ClassVar[str] = "TLS subscription"
    engine_type: ClassVar[str] = SUBSCRIPTION  # type: ignore[misc]  # a record alone says it of itself

    resource: str
    path: str
    host: str
    account: str
    authority: str
    configuration: str
    protect: bool


@dataclass(frozen=True, slots=True)
class Activation(Item):
    """That TLS is on for the host, with a certificate of the user's own.

    Args:
        certificate: its id.
        configuration: as of a subscription.
    """

    kind: ClassVar[str] = "TLS activation"
    engine_type: ClassVar[str] = ACTIVATION  # type: ignore[misc]  # a record alone says it of itself

    resource: str
    path: str
    host: str
    account: str
    certificate: str
    configuration: str
    protect: bool
