"""What Amazon SES holds for links: configuration sets, and where their events go."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Literal

from linkproof.contract.items import Item
from linkproof.contract.values import Value

CONFIGURATION_SET = "aws:sesv2/configurationSet:ConfigurationSet"
IDENTITY = "aws:sesv2/emailIdentity:EmailIdentity"
MAIL_FROM = "aws:sesv2/emailIdentityMailFromAttributes:EmailIdentityMailFromAttributes"
ALARM = "aws:cloudwatch/metricAlarm:MetricAlarm"
DASHBOARD = "aws:cloudwatch/dashboard:Dashboard"
DESTINATION = "aws:sesv2/configurationSetEventDestination:ConfigurationSetEventDestination"
HttpsPolicy = Literal["OPTIONAL", "REQUIRE", "REQUIRE_OPEN_ONLY"]


@dataclass(frozen=True, slots=True)
class Identity(Item):
    """A domain that SES sends for.

    Args:
        key_length: of DKIM, in the API's words.
        is_verified: whether the declaration says that SES has verified it.
    """

    kind: ClassVar[str] = "identity"
    engine_type: ClassVar[str] = IDENTITY  # type: ignore[misc]  # a record alone says it of itself

    resource: str
    path: str
    domain: str
    account: str
    region: str
    key_length: str
    is_verified: bool
    protect: bool = False
    needs: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class MailFrom(Item):
    """The host that bounces of an identity's mail come back to, in place of amazonses.com.

    Args:
        host: below the identity, with an MX and an SPF record.
        on_mx_failure: what SES does while it cannot find the MX record, in the API's words.
    """

    kind: ClassVar[str] = "MAIL FROM domain"
    engine_type: ClassVar[str] = MAIL_FROM  # type: ignore[misc]  # a record alone says it of itself

    resource: str
    path: str
    domain: str
    host: str
    account: str
    region: str
    on_mx_failure: Literal["USE_DEFAULT_VALUE", "REJECT_MESSAGE"]
    needs: tuple[str, ...]
    protect: bool = False

    def leads_to(self) -> str:
        return self.host


@dataclass(frozen=True, slots=True)
class ConfigurationSet(Item):
    """A configuration set whose links are written with a link's click host.

    Args:
        redirect_domain: the click host; empty while the identity above it is being verified: SES would refuse it.
        https_policy: by the link's phase; always put together with the domain, for the call replaces both.
    """

    kind: ClassVar[str] = "configuration set"
    engine_type: ClassVar[str] = CONFIGURATION_SET  # type: ignore[misc]  # a record alone says it of itself

    resource: str
    path: str
    name: str
    account: str
    region: str
    redirect_domain: str
    https_policy: HttpsPolicy
    needs: tuple[str, ...]
    protect: bool = False

    def leads_to(self) -> str:
        return self.redirect_domain


@dataclass(frozen=True, slots=True)
class EventDestination(Item):
    """Where events of some types go.

    Args:
        to: one of SES's kinds.
        arns: what that kind needs, by the declaration's words; of what is made here, its output `arn`.
        dimensions: of a metric: name, source, default.
    """

    kind: ClassVar[str] = "event destination"
    engine_type: ClassVar[str] = DESTINATION  # type: ignore[misc]  # a record alone says it of itself

    resource: str
    path: str
    name: str
    configuration_set: str
    account: str
    region: str
    to: str
    types: tuple[str, ...]
    enabled: bool
    arns: tuple[tuple[str, Value], ...]
    dimensions: tuple[tuple[str, str, str], ...]
    needs: tuple[str, ...]
    protect: bool = False


@dataclass(frozen=True, slots=True)
class Alarm(Item):
    """An alarm of one metric of `AWS/SES`.

    Args:
        comparison: with the threshold, in the API's words.
        hours: for how long, in periods of one hour.
        missing: what no data means: `breaching`, or `ignore`, which leaves the alarm as it is.
        notify: ARNs of topics.
    """

    kind: ClassVar[str] = "alarm"
    engine_type: ClassVar[str] = ALARM  # type: ignore[misc]  # a record alone says it of itself

    resource: str
    path: str
    name: str
    account: str
    region: str
    description: str
    metric: str
    configuration_set: str | None
    statistic: str
    comparison: str
    threshold: float
    hours: int
    missing: str
    notify: tuple[str, ...]
    needs: tuple[str, ...]
    protect: bool = False


@dataclass(frozen=True, slots=True)
class Dashboard(Item):
    """A dashboard.

    Args:
        body: JSON.
    """

    kind: ClassVar[str] = "dashboard"
    engine_type: ClassVar[str] = DASHBOARD  # type: ignore[misc]  # a record alone says it of itself

    resource: str
    path: str
    name: str
    account: str
    region: str
    body: str
    protect: bool = False
    needs: tuple[str, ...] = ()


def identity_resource(account: str, region: str, domain: str) -> str:
    """The engine's name of an identity."""
    return f"{account}/{region}/{domain}"


def set_resource(account: str, region: str, name: str) -> str:
    """The engine's name of a configuration set."""
    return f"{account}/{region}/{name}"
