"""The keys of `senders.<key>` with `provider: ses`."""

from __future__ import annotations

import re
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, ConfigDict, Field, StringConstraints
from pydantic.json_schema import SkipJsonSchema
from pydantic_core import PydanticCustomError

from linkproof.contract.options import READ_WHOLE, Flag, Form, SenderOptions, Text
from linkproof.senders.ses.facts import AUTO_TAGS, Region

# Names of configuration sets and event destinations, and the values of dimensions (API reference, CreateConfigurationSet).
_NAME, _DEFAULT = r"^[A-Za-z0-9_-]{1,64}$", r"^[A-Za-z0-9_@.-]{1,255}$"
# Names without a dot are safe with TLS.
_BUCKET = r"^[a-z0-9][a-z0-9-]{1,61}[a-z0-9]$"
_KEY = r"^arn:aws[a-z-]*:kms:[a-z0-9-]+:[0-9]{12}:key/\S+$"
Event = Literal[
    "send", "reject", "bounce", "complaint", "delivery", "open", "click", "rendering-failure", "delivery-delay", "subscription",
]  # fmt: skip
_PLAIN_DIMENSION = re.compile(r"[A-Za-z0-9_-]{1,255}")


def _dimension(value: object) -> object:
    """A name by the published rule, or one of SES's own tags, whose colon the rule forgets."""
    if isinstance(value, str) and value not in AUTO_TAGS and not _PLAIN_DIMENSION.fullmatch(value):
        words = f"1 to 255 letters, digits, - and _, or one of SES's own tags: {', '.join(sorted(AUTO_TAGS))}"
        raise PydanticCustomError("dimension", "{words}", {"words": words})
    return value


def _like(pattern: str, words: str) -> BeforeValidator:
    def check(value: object) -> object:
        if isinstance(value, str) and not re.match(pattern, value):
            raise PydanticCustomError("like", "{words}", {"words": words})
        return value

    return BeforeValidator(check)


Name = Annotated[str, StringConstraints(pattern=_NAME), _like(_NAME, "1 to 64 letters, digits, - and _")]
Default = Annotated[
    str, StringConstraints(pattern=_DEFAULT), _like(_DEFAULT, "1 to 255 letters, digits, -, _, @ and .")
]


def _arn(service: str, what: str) -> BeforeValidator:
    pattern = rf"^arn:aws[a-z-]*:{service}:[a-z0-9-]*:[0-9]{{12}}:\S+$"
    return _like(pattern, f"the ARN of {what}, arn:aws:{service}:…")


def _name_or_arn(
    pattern: str, service: str, what: str, words: str = "1 to 64 letters, digits, - and _"
) -> BeforeValidator:
    account = "" if service == "s3" else "[0-9]{12}"
    arn = rf"arn:aws[a-z-]*:{service}:[a-z0-9-]*:{account}:\S+$"
    return _like(rf"(?:{pattern}|^{arn})", f"a name ({words}) or the ARN of {what}, arn:aws:{service}:…")


class DimensionForm(Form):
    """One dimension of a metric; a metric with two cannot be read by one of them."""

    name: Annotated[Text, BeforeValidator(_dimension)]
    source: Annotated[
        Literal["message-tag", "email-header", "link-tag"],
        Field(description="Where a mail says the dimension's value."),
    ]
    default: Annotated[Default, Field(description="The value of a mail that says none.")]


class _EventsForm(Form):
    types: Annotated[list[Event], Field(min_length=1)]
    enabled: Flag = True


class CloudWatchForm(_EventsForm):
    """Metrics, one for each event type and combination of dimensions."""

    to: Literal["cloudwatch"]
    dimensions: Annotated[list[DimensionForm], Field(min_length=1, max_length=10)]


class FirehoseForm(_EventsForm):
    """A delivery stream: one that exists by its ARN, with the role that SES takes; one that is made by a name, with a bucket."""

    to: Literal["firehose"]
    stream: Annotated[
        str,
        _name_or_arn(_NAME, "firehose", "a delivery stream"),
        Field(description="The ARN of one that exists, or the name of one that is made here with its roles."),
    ]
    role: Annotated[
        Annotated[str, _arn("iam", "a role")] | None,
        Field(description="Of a stream that exists: trusts `ses.amazonaws.com` and may `firehose:PutRecordBatch`."),
    ] = None
    bucket: Annotated[
        Annotated[str, _name_or_arn(_BUCKET, "s3", "a bucket", "3 to 63 of a-z, 0-9 and -")] | None,
        Field(description="Of a stream that is made: the ARN of a bucket, or the name of one that is made here too."),
    ] = None


class SnsForm(_EventsForm):
    """A standard topic: one that exists by its ARN, whose policy lets `ses.amazonaws.com` publish; one that is made by a name."""

    to: Literal["sns"]
    topic: Annotated[
        str,
        _name_or_arn(_NAME, "sns", "a topic"),
        Field(description="The ARN of one that exists, or the name of one that is made here with its policy."),
    ]
    key: Annotated[
        Annotated[
            str, _like(_KEY, "the ARN of a customer's key, arn:aws:kms:…:key/…: AWS's own keys cannot let SES in")
        ]
        | None,
        Field(description="Of a topic that is made: the key of KMS that encrypts it; its policy lets SES use it."),
    ] = None


class EventBridgeForm(_EventsForm):
    """The default bus of the account and region; any other takes a rule that forwards."""

    to: Literal["eventbridge"]
    bus: Annotated[
        Annotated[str, _arn("events", "an event bus")] | None,
        Field(description="The default bus; it need not be named."),
    ] = None
    rule: Annotated[
        Name | None, Field(description="The name of a rule that is made here for these events of this set.")
    ] = None
    target: Annotated[
        Annotated[str, _like(r"^arn:aws[a-z-]*:\S+$", "the ARN of what takes the events")] | None,
        Field(description="Of that rule: what takes the events; its own policy lets `events.amazonaws.com` in."),
    ] = None
    role: Annotated[
        Annotated[str, _arn("iam", "a role")] | None,
        Field(description="Of that rule: the role that EventBridge takes, where the target asks for one."),
    ] = None


class PinpointForm(Form):
    """What SES's API still has and nobody can use: read only to be refused with its reason, and in no schema."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    to: Literal["pinpoint"]
    types: Annotated[tuple[str, ...], BeforeValidator(lambda _: ())] = ()
    enabled: Annotated[bool, BeforeValidator(lambda _: False)] = False


DestinationForm = Annotated[
    CloudWatchForm | FirehoseForm | SnsForm | EventBridgeForm | SkipJsonSchema[PinpointForm], Field(discriminator="to")
]


class ConfigurationSetForm(Form):
    """A configuration set: its redirect domain, and where its events go."""

    link: Annotated[Text, Field(description="The key of the link whose click host is its redirect domain.")]
    https: Annotated[
        Literal["all", "opens"],
        Field(description="What `secured` makes it write with https: opens and clicks, or opens alone."),
    ] = "all"
    events: Annotated[
        dict[Name, DestinationForm] | None, Field(max_length=10, description="Event destinations by name.")
    ] = None


class _AlarmForm(Form):
    configuration_set: Annotated[
        Name | None, Field(description="Of whose mail; without it of the whole account's.")
    ] = None
    notify: Annotated[
        list[Annotated[str, _arn("sns", "a topic")]] | None, Field(max_length=5, description="Topics that are told.")
    ] = None


class RateForm(_AlarmForm):
    """Of the mail of a representative time, how much bounces or is complained of, as SES itself reckons it."""

    on: Literal["bounce-rate", "complaint-rate"]
    above: Annotated[
        str | None,
        _like(r"^(100|[0-9]{1,2})(\.[0-9]{1,3})?%$", "a share, as 5% or 0.1%"),
        Field(description="By default 5% of bounces and 0.1% of complaints, where SES begins to look."),
    ] = None


class SilenceForm(_AlarmForm):
    """Not one mail has been sent for some hours: what sends is broken, or sends past the configuration set."""

    on: Literal["silence"]
    hours: Annotated[int, Field(ge=1, le=24), READ_WHOLE] = 24


AlarmForm = Annotated[RateForm | SilenceForm, Field(discriminator="on")]


class IdentityForm(Form):
    """A domain that mail is sent from, and links are written below; proved by three DKIM records."""

    state: Annotated[
        Literal["verifying", "verified"],
        Field(description="What SES says of it. Until `verified` no configuration set below it has a redirect domain."),
    ]
    mail_from: Annotated[
        Text | None,
        Field(description="A host below it that bounces come back to; its MX and SPF records are published with it."),
    ] = None
    on_mx_failure: Annotated[
        Literal["use-default", "reject"] | None,
        Field(description="What SES does while it cannot find that MX record: `use-default` sends from amazonses.com."),
    ] = None
    dkim: Annotated[Literal["rsa-2048", "rsa-1024"], Field(description="The key that SES signs with.")] = "rsa-2048"


class ManageForm(Form):
    """What is made at SES, with the account's credentials."""

    identities: Annotated[dict[Text, IdentityForm] | None, Field(description="By domain.")] = None
    configuration_sets: Annotated[dict[Name, ConfigurationSetForm] | None, Field(description="By name.")] = None
    alarms: Annotated[dict[Name, AlarmForm] | None, Field(description="CloudWatch alarms by name.")] = None
    dashboard: Annotated[Name | None, Field(description="The name of a CloudWatch dashboard of all of it.")] = None


def _empty_for_nothing(value: Any) -> Any:
    """`manage:` with nothing below it manages nothing yet."""
    return {} if value in (None, "") else value


class Options(SenderOptions):
    """Amazon SES in one region of an account."""

    provider: Literal["ses"]
    region: Annotated[Region, Field(description="Where mail is sent; each region has a tracking server of its own.")]
    manage: Annotated[
        ManageForm | None,
        BeforeValidator(_empty_for_nothing),
        Field(description="Configuration sets that are made here; an entry without `manage` has records alone."),
    ] = None

    def hosts(self) -> tuple[str, ...]:
        identities = self.manage.identities if self.manage is not None else None
        return tuple(domain.lower() for domain in identities or ())
