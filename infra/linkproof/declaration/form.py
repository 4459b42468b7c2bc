"""The form of the file: which keys there are and what each may hold. Also the source of the JSON Schema.

Scalars arrive as the text that was written, so each type here reads text and says what it expected.
"""

from __future__ import annotations

import re
from typing import Annotated, Any, Final, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints
from pydantic_core import PydanticCustomError

from linkproof.declaration.model import (
    DEFAULT_ACCOUNT,
    Dns,
    Dnssec,
    EdgeProvider,
    LinkAccount,
    Phase,
    Region,
    Rulesets,
    Sender,
    TrackingProvider,
)

_WHOLE: Final = re.compile(r"-?(0|[1-9][0-9]{0,11})")
_APP_ID: Final = re.compile(r"[A-Z0-9]{10}\.[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)*")
_PACKAGE: Final = re.compile(r"[A-Za-z][A-Za-z0-9_]*(\.[A-Za-z][A-Za-z0-9_]*)+")
_LINK_PATH: Final = re.compile(r"/[A-Za-z0-9._~/-]{0,200}")
_WORDS: Final = {"true": True, "True": True, "TRUE": True, "false": False, "False": False, "FALSE": False}


def _whole(value: Any) -> Any:
    if not isinstance(value, str):
        return value
    if not _WHOLE.fullmatch(value):
        raise PydanticCustomError("whole_number", "a whole number (digits 0 to 9, no leading zero)")
    return int(value)


def _flag(value: Any) -> Any:
    if not isinstance(value, str):
        return value
    if value not in _WORDS:
        # YAML 1.1 would read `no`, `on` and `y` as booleans; YAML 1.2 and people do not.
        raise PydanticCustomError("flag", "true or false")
    return _WORDS[value]


def _app_id(text: str) -> str:
    if not _APP_ID.fullmatch(text):
        raise PydanticCustomError("app_id", "<team id>.<bundle id>, as in ABCDE12345.com.example.app")
    return text


def _package(text: str) -> str:
    if not _PACKAGE.fullmatch(text):
        raise PydanticCustomError("package", "a package name, as in com.example.app")
    return text


def _link_path(text: str) -> str:
    if not _LINK_PATH.fullmatch(text):
        raise PydanticCustomError("link_path", "a path without a query, as in /f/open-in-app/")
    return text


# A bound stands before the validator, so that it is the integer's own and reaches the JSON Schema as `minimum`.
_READ_WHOLE: Final = BeforeValidator(_whole)
Flag = Annotated[bool, BeforeValidator(_flag)]
Text = Annotated[str, StringConstraints(min_length=1)]
Host = Annotated[
    Text, Field(description="A host name: any case, U-labels or A-labels.", examples=["url4821.example.com"])
]
Account = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9_-]{0,62}$")]
Key = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9_-]{0,62}$")]
TtlSeconds = Annotated[int, Field(ge=0, le=2**31 - 1, description="RFC 2181 §8: 0 to 2147483647."), _READ_WHOLE]
Port = Annotated[int, Field(ge=1, le=65535), _READ_WHOLE]


class Form(BaseModel):
    """What every form shares: no unknown keys."""

    model_config = ConfigDict(extra="forbid", frozen=True, use_attribute_docstrings=True)


class CaaForm(Form):
    """One CAA record at the zone's apex (RFC 8659)."""

    flags: Annotated[int, Field(ge=0, le=255), _READ_WHOLE] = 0
    tag: Text
    """`issue`, `issuewild` or `iodef`."""
    value: str
    """The CA's domain name for `issue`; `;` forbids every CA."""


class ZoneForm(Form):
    """A DNS zone and who serves it."""

    dns: Dns
    """`manual`: we may not write it; `plan` prints the records and the verifier proves them."""
    id: Text | None = None
    """The provider's id of the zone; not for `manual`."""
    account: Account = DEFAULT_ACCOUNT
    """Names the credentials in the Pulumi config."""
    propagation_seconds: Annotated[int, Field(ge=0, le=86400), _READ_WHOLE] | None = None
    """How long the zone's servers may differ after a change. Default: route53 60, cloudflare 30, manual 300."""
    transfer_group: Text | None = None
    """Servers of one group copy one primary, so their serials may be compared."""
    dnssec: Dnssec = "any"
    caa: list[CaaForm] | None = None
    """The CAA records that the apex serves, so that `check` can say whether the edge gets its certificate."""


class EdgeForm(Form):
    """Who terminates HTTPS."""

    provider: EdgeProvider
    account: Account = DEFAULT_ACCOUNT
    """Names the credentials in the Pulumi config."""
    rulesets: Rulesets = "ours"
    """Cloudflare only. `external`: someone else owns the zone's rulesets; the rules are printed and verified."""


class UniversalLinksForm(Form):
    """Files that let an app open the link's URLs; each list may be empty, for whatever app."""

    apple: list[Annotated[Text, AfterValidator(_app_id)]] | None = None
    """`/.well-known/apple-app-site-association`, with these apps: `<team id>.<bundle id>`."""
    android: list[Annotated[Text, AfterValidator(_package)]] | None = None
    """`/.well-known/assetlinks.json`, with these apps: package names."""
    path: Annotated[Text, AfterValidator(_link_path)] | None = None
    """Where the app's links begin, if not where the sender puts them (SendGrid `/uni/`, SparkPost below `/f/`)."""


class CanaryForm(Form):
    """A real link whose destination is known. Each run of the verifier clicks it."""

    url: Text
    """As it stands in a mail to yourself: `http://` or `https://`, on the click host."""
    leads_to: Text
    """The Location of its redirect. Without a query here, the query there is not compared."""


class LinkForm(Form):
    """A branded link."""

    sender: Sender
    click_host: Host
    """The name in the mail's links: the first CNAME, the only one that ever moves."""
    owner_host: Host | None = None
    """The second CNAME of SendGrid link branding. Always stays at the sender."""
    legacy: Flag = False
    """A branding of SendGrid's old kind, which its API calls legacy: one CNAME and no owner host."""
    edge: Text | None = None
    """The key of an edge, or `managed`: the sender terminates HTTPS itself. Only a `branded` link may lack one."""
    phase: Phase
    """One step at a time: branded, ready, live, secured."""
    ttl_seconds: TtlSeconds = 300
    """Of the click record. A proxied Cloudflare record is always served with 300."""
    region: Region = "us"
    """Of the SendGrid account."""
    account: LinkAccount = "ours"
    """`external`: somebody else runs the sender's account (Braze does)."""
    in_use: Flag = True
    """`false`: no mail with this link was ever sent, so it may walk the road in an account that already writes https."""
    universal_links: UniversalLinksForm | None = None
    """The files for apps that the click host must serve, once it has an edge."""
    canaries: list[CanaryForm] | None = None
    """Two or more real links with different destinations, so that a lost query or a shared cache shows. They count as clicks."""


class TrackingHostForm(Form):
    """A first-party tracking host."""

    provider: TrackingProvider
    host: Host
    ttl_seconds: TtlSeconds = 300


class VerifyForm(Form):
    """Defaults of `linkproof verify STACK`."""

    resolvers: list[Text] = []
    """`ADDR[:PORT]`, `tls://…` or `https://…`."""
    hints: Text | None = None
    """A root hints file, relative to the project."""
    dns_port: Port | None = None
    http_port: Port | None = None
    https_port: Port | None = None
    ca: Text | None = None
    """A PEM file to trust instead of the system's, relative to the project."""


class DeclarationForm(Form):
    """All that one environment must look like."""

    version: Annotated[Literal[1], _READ_WHOLE]
    lab: Flag = False
    """This environment lives in the loopback lab."""
    zones: dict[Host, ZoneForm] | None = None
    edges: dict[Key, EdgeForm] | None = None
    links: dict[Key, LinkForm] | None = None
    tracking_hosts: dict[Key, TrackingHostForm] | None = None
    verify: VerifyForm | None = None
