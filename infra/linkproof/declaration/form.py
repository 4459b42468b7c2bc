"""The form of the file: which keys there are and what each may hold. Also the source of the JSON Schema.

Scalars arrive as the text that was written, so each type here reads text and says what it expected.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import reduce
from operator import or_
from typing import Annotated, Any, Final, Literal

from pydantic import AfterValidator, Field, StringConstraints, create_model
from pydantic_core import PydanticCustomError

from linkproof import registry
from linkproof.contract.declared import Dnssec, Family, HostState, Phase, RecordKind
from linkproof.contract.options import READ_WHOLE, Day, Flag, Form, Text
from linkproof.registry import Plugin

_APP_ID: Final = re.compile(r"[A-Z0-9]{10}\.[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)*")
_PACKAGE: Final = re.compile(r"[A-Za-z][A-Za-z0-9_]*(\.[A-Za-z][A-Za-z0-9_]*)+")
_LINK_PATH: Final = re.compile(r"/[A-Za-z0-9._~/-]{0,200}")


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


Host = Annotated[
    Text, Field(description="A host name: any case, U-labels or A-labels.", examples=["url4821.example.com"])
]
Key = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9_-]{0,62}$")]
TtlSeconds = Annotated[int, Field(ge=0, le=2**31 - 1, description="RFC 2181 §8: 0 to 2147483647."), READ_WHOLE]
Port = Annotated[int, Field(ge=1, le=65535), READ_WHOLE]
# One character-string (RFC 1035 §3.3), without a character that presentation form would escape.
Nonce = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9._=-]{8,64}$")]

# The first label of a record of the sender's, and its value as the sender's page shows it.
Label = Annotated[str, StringConstraints(pattern=r"^_?[a-z0-9]([a-z0-9-]{0,60}[a-z0-9])?$")]
RecordText = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9._=+/:-]{1,253}$")]


class CaaForm(Form):
    """One CAA record at the zone's apex (RFC 8659)."""

    flags: Annotated[int, Field(ge=0, le=255), READ_WHOLE] = 0
    tag: Annotated[Text, Field(description="`issue`, `issuewild` or `iodef`.")]
    value: Annotated[str, Field(description="The CA's domain name for `issue`; `;` forbids every CA.")]


class ZoneForm(Form):
    """What every zone has; its DNS host's own keys are beside these."""

    propagation_seconds: Annotated[
        Annotated[int, Field(ge=0, le=86400), READ_WHOLE] | None,
        Field(
            description="How long the zone's servers may differ after a change, if not as long as its DNS host says."
        ),
    ] = None
    transfer_group: Annotated[
        Text | None, Field(description="Servers of one group copy one primary, so their serials may be compared.")
    ] = None
    dnssec: Dnssec = "any"
    caa: Annotated[
        list[CaaForm] | None,
        Field(
            description="The CAA records that the apex serves, so that `check` can say whether the edge gets its certificate."
        ),
    ] = None


class UniversalLinksForm(Form):
    """Files that let an app open the link's URLs; each list may be empty, for whatever app."""

    apple: Annotated[
        list[Annotated[Text, AfterValidator(_app_id)]] | None,
        Field(description="`/.well-known/apple-app-site-association`, with these apps: `<team id>.<bundle id>`."),
    ] = None
    android: Annotated[
        list[Annotated[Text, AfterValidator(_package)]] | None,
        Field(description="`/.well-known/assetlinks.json`, with these apps: package names."),
    ] = None
    path: Annotated[
        Annotated[Text, AfterValidator(_link_path)] | None,
        Field(
            description="Where the app's links begin, if not where the sender puts them (SendGrid `/uni/`, SparkPost below `/f/`)."
        ),
    ] = None


class SuccessorForm(Form):
    """The link that new mail has in this one's place, of another sender as a rule."""

    link: Annotated[Text, Field(description="Its key. It has a click host of its own: one host leads to one sender.")]
    until: Annotated[
        Day,
        Field(
            description="The day from which this link may go, as 2027-06-30: until then links of mail already sent must work."
        ),
    ]


class CanaryForm(Form):
    """A real link whose destination is known. Each run of the verifier clicks it."""

    url: Annotated[
        Text, Field(description="As it stands in a mail to yourself: `http://` or `https://`, on the click host.")
    ]
    leads_to: Annotated[
        Text, Field(description="The Location of its redirect. Without a query here, the query there is not compared.")
    ]


class LinkForm(Form):
    """A branded link."""

    sender: Annotated[
        Text,
        Field(
            description="The key of a sender, or a provider's name alone: its account with that provider's own defaults."
        ),
    ]
    click_host: Annotated[
        Host, Field(description="The name in the mail's links: the first CNAME, the only one that ever moves.")
    ]
    owner_host: Annotated[
        Host | None, Field(description="The second CNAME of SendGrid link branding. Always stays at the sender.")
    ] = None
    legacy: Annotated[
        Flag,
        Field(
            description="A branding of SendGrid's old kind, which its API calls legacy: one CNAME and no owner host."
        ),
    ] = False
    edge: Annotated[
        Text | None,
        Field(
            description="The key of an edge, or `managed`: the sender terminates HTTPS itself. Only a `branded` link may lack one."
        ),
    ] = None
    standby: Annotated[
        Text | None,
        Field(
            description="A second edge, by its key or `managed`: kept ready and proved, so that the click host can be led to it in one"
            " deployment, in which `edge` and `standby` change places."
        ),
    ] = None
    own_https: Annotated[
        dict[Label, RecordText] | None,
        Field(
            description="The sender terminates HTTPS while the click host stands there (SendGrid: Auto SSL): the values of the"
            " records that its page shows for that, by first label; `{}` where `manage` has them from the API."
        ),
    ] = None
    phase: Annotated[Phase, Field(description="One step at a time: branded, ready, live, secured.")]
    ttl_seconds: Annotated[
        TtlSeconds, Field(description="Of the click record. A proxied Cloudflare record is always served with 300.")
    ] = 300
    families: Annotated[
        list[Annotated[Family, READ_WHOLE]] | None,
        Field(
            description="`[4, 6]`: the edge must be reached over IPv6 as well; otherwise that is looked at and never required."
        ),
    ] = None
    record: Annotated[
        RecordKind,
        Field(
            description="`alias`: an alias record leads the click host to its edge, as it was found; no phase step until it is a CNAME."
        ),
    ] = "cname"
    region: Annotated[
        Text | None,
        Field(
            description="Of the sender's account, where `sender` is a provider's name; otherwise it belongs under `senders:`."
        ),
    ] = None
    account: Annotated[
        Literal["ours", "external"] | None,
        Field(description="`external`: somebody else runs the sender's account (Braze does); likewise."),
    ] = None
    in_use: Annotated[
        Flag,
        Field(
            description="`false`: no mail with this link was ever sent, so it may walk the road in an account that already writes https."
        ),
    ] = True
    successor: Annotated[
        SuccessorForm | None,
        Field(description="New mail has another link; this one lives on for mail already sent, until a day."),
    ] = None
    universal_links: Annotated[
        UniversalLinksForm | None,
        Field(description="The files for apps that the click host must serve, once it has an edge."),
    ] = None
    canaries: Annotated[
        list[CanaryForm] | None,
        Field(
            description="Two or more real links with different destinations, so that a lost query or a shared cache shows. They count as clicks."
        ),
    ] = None


class TrackingHostForm(Form):
    """What every tracking host has; its service's own keys are beside these."""

    host: Host
    ttl_seconds: TtlSeconds = 300
    state: Annotated[
        HostState | None,
        Field(
            description="How far the service is with the host's certificate; its record is published at `in-use` alone."
            " KARTE: 検証中 `verifying`, 準備中 `preparing`, 使用中 `in-use`."
        ),
    ] = None

    def hosts(self) -> tuple[str, ...]:
        """Names beside the host itself that records are written at or below; in lower case."""
        return ()

    def accounts(self) -> tuple[str, ...]:
        """Names of the credentials by which its `certificate` is had."""
        return ()


class VerifyForm(Form):
    """Defaults of `linkproof verify STACK`."""

    resolvers: Annotated[list[Text], Field(description="`ADDR[:PORT]`, `tls://…` or `https://…`.")] = Field(
        default_factory=list
    )
    hints: Annotated[Text | None, Field(description="A root hints file, relative to the project.")] = None
    dns_port: Port | None = None
    http_port: Port | None = None
    https_port: Port | None = None
    ca: Annotated[
        Text | None, Field(description="A PEM file to trust instead of the system's, relative to the project.")
    ] = None


def _beside(common: type[Form], plugins: Sequence[Plugin]) -> dict[str, type[Form]]:
    """By plug-in, the form with its own keys and the common ones."""
    return {plugin.name: _joined(common, plugin) for plugin in plugins}


def _joined(common: type[Form], plugin: Plugin) -> type[Form]:
    if common is Form:
        return plugin.options
    name = f"{plugin.name.title().replace('-', '')}{common.__name__}"
    return create_model(name, __base__=(plugin.options, common), __doc__=plugin.options.__doc__)


# The key that says which plug-in an entry is of, by section, and the forms by plug-in.
DISCRIMINATORS: Final = {"zones": "dns", "senders": "provider", "edges": "provider", "tracking_hosts": "provider"}
FORMS: Final[dict[str, dict[str, type[Form]]]] = {
    "zones": _beside(ZoneForm, registry.dns_hosts()),
    "senders": _beside(Form, registry.senders()),
    # what a link may name by itself has nothing to say in an entry
    "edges": _beside(Form, [edge for edge in registry.edges() if not edge.facts.NEEDS_NO_ENTRY]),
    "tracking_hosts": _beside(TrackingHostForm, registry.tracking_services()),
}


def _entries(section: str, keys: Any) -> Any:
    """A mapping to any of the section's forms, as the discriminator says which."""
    forms = list(FORMS[section].values())
    entry: Any = reduce(or_, forms)
    if len(forms) > 1:
        entry = Annotated[entry, Field(discriminator=DISCRIMINATORS[section])]
    return dict[keys, entry] | None


class TopForm(Form):
    """The top level of the file; its sections are read entry by entry, each in its own form."""

    version: Annotated[Literal[1], READ_WHOLE]
    lab: Annotated[Flag, Field(description="This environment lives in the loopback lab.")] = False
    nonce: Annotated[
        Nonce | None,
        Field(
            description="Published as TXT beside each click host, at `_linkproof.<host>`: it tells this stack's zones from another's.",
            examples=["acme-prod-7f3a9c"],
        ),
    ] = None
    zones: Any = None
    senders: Any = None
    edges: Any = None
    links: Any = None
    tracking_hosts: Any = None
    verify: VerifyForm | None = None


def declaration_form() -> type[Form]:
    """The whole file in one form, for the JSON Schema."""
    return create_model(
        "DeclarationForm",
        __base__=TopForm,
        __doc__="All that one environment must look like.",
        zones=(_entries("zones", Host), None),
        senders=(
            _entries("senders", Key),
            Field(None, description="Accounts at senders. A link may also name a provider alone."),
        ),
        edges=(_entries("edges", Key), None),
        links=(dict[Key, LinkForm] | None, None),
        tracking_hosts=(_entries("tracking_hosts", Key), None),
    )
