"""The items of a plan: what must exist, as pure data. Every item knows its engine resource by `resource`."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from linkproof.canaries import Canary
from linkproof.declaration.model import UniversalLinks

ValidationPart = Literal["validation_name", "validation_value", "domain_name"]
Presence = Literal["required", "optional", "off"]


@dataclass(frozen=True, slots=True)
class Late:
    """A value that is known only after deployment: one output of one item.

    Args:
        item: the `resource` of the item that will have it.
        output: which of its outputs.
    """

    item: str
    output: ValidationPart

    def __str__(self) -> str:
        words = {
            "validation_name": "the validation name of certificate",
            "validation_value": "the validation value of certificate",
            "domain_name": "the domain of distribution",
        }
        return f"<{words[self.output]} {self.item}>"


Value = str | Late


@dataclass(frozen=True, slots=True)
class Record:
    """One DNS record.

    Args:
        id: of its expectation, `<link>/<role>`.
        path: the key in the declaration that asks for it.
        resource: name of the engine resource, made from what the record is.
        zone: name of the zone that holds it.
        name: without trailing dot.
        value: RDATA in presentation form, names with their trailing dot.
        ttl_seconds: as declared; a proxied record is served with its provider's own.
        proxied: Cloudflare answers with its own addresses in place of the value.
        protect: the engine refuses to delete it: a link in use needs it, or it is where clicks and events arrive.
        resolve: whether the value must lead to an address.
        shared: others may have made the same record already, with the same value: it is taken, not refused.
        needs: `resource` of each item that must exist before this record points at it.
    """

    id: str
    path: str
    resource: str
    zone: str
    name: Value
    type: str
    value: Value
    ttl_seconds: int
    proxied: bool = False
    protect: bool = False
    resolve: Literal["address", "txt", "none"] = "address"
    needs: tuple[str, ...] = ()
    shared: bool = False


@dataclass(frozen=True, slots=True)
class Certificate:
    """A public certificate for one host, proved by DNS and waited for."""

    resource: str
    path: str
    host: str
    account: str
    issuer: str
    key_algorithm: str
    protect: bool


@dataclass(frozen=True, slots=True)
class OriginRequestPolicy:
    """What an edge forwards to the origin; shared by up to 100 distributions of an account."""

    resource: str
    account: str
    headers: tuple[str, ...]
    query_strings: Literal["all", "none"]
    cookies: Literal["all", "none"]
    protect: bool = False


@dataclass(frozen=True, slots=True)
class Distribution:
    """One CloudFront distribution: one link.

    Args:
        methods: HTTP methods that viewers may use.
        origin_protocol: how CloudFront asks the origin.
        viewer_protocol: `allow-all` keeps port 80 alive for mail already sent.
        cache_policy_id: the managed CachingDisabled policy: a click is never answered from a cache.
        error_statuses: answers of the origin that the edge would keep for a while unless it is told not to.
    """

    resource: str
    path: str
    host: str
    account: str
    certificate: str
    policy: str
    origin: str
    origin_protocol: str
    origin_tls: tuple[str, ...]
    methods: tuple[str, ...]
    viewer_protocol: str
    minimum_tls: str
    cache_policy_id: str
    error_statuses: tuple[int, ...]
    ipv6: bool
    protect: bool


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule of a Cloudflare ruleset; `parameters` are the vendor's, in a fixed order."""

    ref: str
    description: str
    expression: str
    action: str
    parameters: tuple[tuple[str, str | bool], ...]


@dataclass(frozen=True, slots=True)
class Ruleset:
    """The one entry-point ruleset of a zone and ruleset phase.

    Args:
        ours: this stack owns the whole ruleset; otherwise its rules are printed and their effect verified.
    """

    resource: str
    zone: str
    ruleset_phase: str
    rules: tuple[Rule, ...]
    ours: bool
    protect: bool = False


@dataclass(frozen=True, slots=True)
class Endpoint:
    """One place where a click or an event must be answered.

    Args:
        connect: where to connect in place of resolving the host; probes an edge before DNS moves.
        http: whether port 80 must answer.
        https: whether port 443 must answer with a valid certificate.
        universal_links: the files for apps that must be served.
        canaries: real links to follow, so that the whole way is seen.
        in_use: mail with this host was sent, or may be, so the sender's writing of it can be judged.
    """

    id: str
    path: str
    host: str
    sender: str
    phase: str | None
    edge: str | None = None
    connect: Value | None = None
    http: Presence = "required"
    https: Presence = "required"
    minimum_days: int = 21
    in_use: bool = True
    hsts_parents: tuple[str, ...] = ()
    universal_links: UniversalLinks | None = None
    canaries: tuple[Canary, ...] = ()


@dataclass(frozen=True, slots=True)
class CaaNeed:
    """The host's CAA must let one of these certification authorities issue (RFC 8659).

    Args:
        methods: how the edge lets them validate the host, in the labels of RFC 8657 §4; one of them must be allowed.
    """

    id: str
    path: str
    host: str
    cas: tuple[str, ...]
    methods: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Pending:
    """Something that nobody outside can be asked about in this phase, whatever is done; the reason in plain words."""

    id: str
    reason: str


Item = Record | Certificate | OriginRequestPolicy | Distribution | Ruleset | Endpoint | CaaNeed | Pending


@dataclass(frozen=True, slots=True)
class Items:
    """What one link or tracking host asks for, before shared objects are joined."""

    records: tuple[Record, ...] = ()
    certificates: tuple[Certificate, ...] = ()
    distributions: tuple[Distribution, ...] = ()
    endpoints: tuple[Endpoint, ...] = ()
    caa: tuple[CaaNeed, ...] = ()
    pending: tuple[Pending, ...] = ()
    settings: tuple[tuple[str, str], ...] = field(default=())
