"""What SendGrid holds for links and for the account that sends them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from linkproof.contract.items import Item

BRANDING = "sendgrid:index:LinkBranding"
VALIDATION = "sendgrid:index:LinkValidation"
ASSIGNMENT = "sendgrid:index:LinkSubuser"
API_KEY = "sendgrid:index:ApiKey"
WEBHOOK = "sendgrid:index:EventWebhook"
CLICK_TRACKING = "sendgrid:index:ClickTracking"
DOMAIN = "sendgrid:index:DomainAuthentication"
DOMAIN_VALIDATION = "sendgrid:index:DomainValidation"
DOMAIN_ASSIGNMENT = "sendgrid:index:DomainSubuser"
SUBUSER = "sendgrid:index:Subuser"
EXISTING_SUBUSER = "sendgrid:index:ExistingSubuser"


def brand_of(host: str) -> str:
    """The name of a click host's brand."""
    return f"{host}/brand"


def validation_of(host: str) -> str:
    return f"{host}/valid"


def subuser_of(account: str, username: str | None) -> tuple[str, ...]:
    """What an object of a subuser needs, where an entry of the account has the subuser under `subusers`; nothing of the account's own."""
    return () if username is None else (f"{account}/{username}/subuser",)


@dataclass(frozen=True, slots=True)
class Subuser(Item):
    """A subuser that this stack makes. Its deletion takes all that it has with it, and its mail."""

    kind: ClassVar[str] = "subuser"
    engine_type: ClassVar[str] = SUBUSER  # type: ignore[misc]  # a record alone says it of itself

    resource: str
    path: str
    account: str
    username: str
    email: str
    ips: tuple[str, ...]
    is_disabled: bool
    region: str
    protect: bool = True


@dataclass(frozen=True, slots=True)
class ExistingSubuser(Item):
    """A subuser that somebody else has made, and that must be there."""

    kind: ClassVar[str] = "subuser, looked up"
    engine_type: ClassVar[str] = EXISTING_SUBUSER  # type: ignore[misc]  # a record alone says it of itself

    resource: str
    path: str
    account: str
    username: str
    protect: bool = False


@dataclass(frozen=True, slots=True)
class Brand(Item):
    """A branded link.

    Args:
        target: where the click host must lead while it stands at SendGrid.
        owner_host: as declared; None where SendGrid's answer says it.
        is_default: None where nothing is said of it.
        auto_ssl: SendGrid terminates HTTPS for it, which is decided when it is made.
        must_be_valid: its click host is past phase branded, so nothing may validate it any more.
        propagation_seconds: of the zone, for its removal.
    """

    kind: ClassVar[str] = "branded link"
    engine_type: ClassVar[str] = BRANDING  # type: ignore[misc]  # a record alone says it of itself

    resource: str
    path: str
    host: str
    account: str
    subdomain: str
    domain: str
    region: str
    target: str
    owner_host: str | None
    subuser: str | None
    is_default: bool | None
    must_be_valid: bool
    propagation_seconds: int
    auto_ssl: bool = False
    protect: bool = True
    needs: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Validation(Item):
    """That the brand was validated; in phase branded alone."""

    kind: ClassVar[str] = "validation of the brand"
    engine_type: ClassVar[str] = VALIDATION  # type: ignore[misc]  # a record alone says it of itself

    resource: str
    path: str
    brand: str
    account: str
    needs: tuple[str, ...]
    protect: bool = False


@dataclass(frozen=True, slots=True)
class Assignment(Item):
    """That a subuser writes with a link of the account."""

    kind: ClassVar[str] = "subuser's link"
    engine_type: ClassVar[str] = ASSIGNMENT  # type: ignore[misc]  # a record alone says it of itself

    resource: str
    path: str
    brand: str
    username: str
    account: str
    needs: tuple[str, ...]
    protect: bool = False


@dataclass(frozen=True, slots=True)
class ApiKey(Item):
    """A key, replaced by a new one when `rotation` is another word."""

    kind: ClassVar[str] = "API key"
    engine_type: ClassVar[str] = API_KEY  # type: ignore[misc]  # a record alone says it of itself

    resource: str
    path: str
    name: str
    account: str
    scopes: tuple[str, ...]
    rotation: str
    subuser: str | None
    protect: bool = False
    needs: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class EventWebhook(Item):
    """Where events are posted to.

    Args:
        url: without the account's secret, which goes where it says `[secret]` when it is made.
        has_secret: whether it does.
    """

    kind: ClassVar[str] = "event webhook"
    engine_type: ClassVar[str] = WEBHOOK  # type: ignore[misc]  # a record alone says it of itself

    resource: str
    path: str
    name: str
    account: str
    url: str
    events: tuple[str, ...] | None
    signed: bool
    subuser: str | None
    has_secret: bool = False
    protect: bool = False
    needs: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ClickTracking(Item):
    """Whether clicks are tracked at all."""

    kind: ClassVar[str] = "click tracking"
    engine_type: ClassVar[str] = CLICK_TRACKING  # type: ignore[misc]  # a record alone says it of itself

    resource: str
    path: str
    account: str
    enabled: bool
    subuser: str | None
    protect: bool = False
    needs: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Domain(Item):
    """A domain from which the account may send, and no other account of SendGrid's: its DNS is asked before it is made.

    Args:
        types: of its records, by the API's names for them.
        selector: of its DKIM key, by which several accounts can send from one domain: then DNS is not asked.
        ips: what the SPF record names, where it is one of the account's own.
        is_default: None where nothing is said of it.
    """

    kind: ClassVar[str] = "authenticated domain"
    engine_type: ClassVar[str] = DOMAIN  # type: ignore[misc]  # a record alone says it of itself

    resource: str
    path: str
    account: str
    domain: str
    subdomain: str
    region: str
    types: tuple[tuple[str, str], ...]
    is_automatic: bool = True
    custom_spf: bool = False
    selector: str | None = None
    ips: tuple[str, ...] = ()
    is_default: bool | None = None
    protect: bool = True


@dataclass(frozen=True, slots=True)
class DomainValidation(Item):
    """That SendGrid has found the domain's records."""

    kind: ClassVar[str] = "validation of the domain"
    engine_type: ClassVar[str] = DOMAIN_VALIDATION  # type: ignore[misc]  # a record alone says it of itself

    resource: str
    path: str
    domain: str
    account: str
    needs: tuple[str, ...]
    protect: bool = False


@dataclass(frozen=True, slots=True)
class DomainAssignment(Item):
    """That a subuser sends from a domain of the account."""

    kind: ClassVar[str] = "subuser's domain"
    engine_type: ClassVar[str] = DOMAIN_ASSIGNMENT  # type: ignore[misc]  # a record alone says it of itself

    resource: str
    path: str
    domain: str
    username: str
    account: str
    needs: tuple[str, ...] = ()
    protect: bool = False
