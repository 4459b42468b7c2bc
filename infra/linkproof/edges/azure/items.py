"""What Azure holds for links: one Front Door profile for all of an account and resource group, and a custom domain for each."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from linkproof.contract.items import Item

PROFILE = "azure-native:cdn:Profile"
ENDPOINT = "azure-native:cdn:AFDEndpoint"
ORIGIN_GROUP = "azure-native:cdn:AFDOriginGroup"
ORIGIN = "azure-native:cdn:AFDOrigin"
RULE_SET = "azure-native:cdn:RuleSet"
RULE = "azure-native:cdn:Rule"
DOMAIN = "azure-native:cdn:AFDCustomDomain"
ROUTE = "azure-native:cdn:Route"
SECRET = "azure-native:cdn:Secret"  # noqa: S105 - the name of a type


@dataclass(frozen=True, slots=True, kw_only=True)
class AzureObject(Item):
    """What they all have.

    Args:
        group: the resource group.
    """

    resource: str
    account: str
    group: str
    protect: bool

    @property
    def place(self) -> str:
        """Tells the profiles of a stack apart; it is also the profile's `resource`."""
        return f"{self.account}/{self.group}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile(AzureObject):
    """What is paid for by the month, and has all the others."""

    kind: ClassVar[str] = "Front Door profile"
    engine_type: ClassVar[str] = PROFILE  # type: ignore[misc]  # a record alone says it of itself

    sku: str
    timeout_seconds: int


@dataclass(frozen=True, slots=True, kw_only=True)
class FrontDoor(AzureObject):
    """The name that click hosts lead to. Nothing of it answers for that name itself."""

    kind: ClassVar[str] = "endpoint"
    engine_type: ClassVar[str] = ENDPOINT  # type: ignore[misc]  # likewise


@dataclass(frozen=True, slots=True, kw_only=True)
class OriginGroup(AzureObject):
    """A sender's servers, of which nobody asks whether they are well: a probe would be a request that no one has made."""

    kind: ClassVar[str] = "origin group"
    engine_type: ClassVar[str] = ORIGIN_GROUP  # type: ignore[misc]  # likewise


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin(AzureObject):
    """How they are asked.

    Args:
        host_header: the Host that they are sent; empty for the viewer's.
        checks_name: whether the name in their certificate is compared.
    """

    kind: ClassVar[str] = "origin"
    engine_type: ClassVar[str] = ORIGIN  # type: ignore[misc]  # likewise

    origin: str
    host_header: str
    checks_name: bool

    def leads_to(self) -> str:
        return self.origin


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleSet(AzureObject):
    """What is done to every request on the way to a sender."""

    kind: ClassVar[str] = "rule set"
    engine_type: ClassVar[str] = RULE_SET  # type: ignore[misc]  # likewise


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule(AzureObject):
    """Headers of the viewer's that a sender is not sent."""

    kind: ClassVar[str] = "rule"
    engine_type: ClassVar[str] = RULE  # type: ignore[misc]  # likewise

    removed_headers: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Secret(AzureObject):
    """What a profile knows of a certificate of the user's in Key Vault: where it is. Its newest version is shown.

    Args:
        source: its id, as Key Vault has it.
    """

    kind: ClassVar[str] = "secret"
    engine_type: ClassVar[str] = SECRET  # type: ignore[misc]  # likewise

    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Domain(AzureObject):
    """A click host, with a public certificate that Azure renews, or the user's own. It says the token that proves the host.

    Args:
        secret: `resource` of the secret that has the user's; empty for Azure's.
    """

    kind: ClassVar[str] = "custom domain"
    engine_type: ClassVar[str] = DOMAIN  # type: ignore[misc]  # likewise

    host: str
    cipher_suites: str
    secret: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Route(AzureObject):
    """Which hosts go to an origin group. It keeps nothing, redirects nothing, and takes both schemes.

    Args:
        origin_group: `resource` of it; the origin in it has the same.
        rule_set: likewise; empty for none.
    """

    kind: ClassVar[str] = "route"
    engine_type: ClassVar[str] = ROUTE  # type: ignore[misc]  # likewise

    hosts: tuple[str, ...]
    origin_group: str
    rule_set: str
