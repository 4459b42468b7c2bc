"""What a Google Cloud project holds for links: one load balancer for all of an account, and a certificate for each."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from linkproof.contract.items import Item

ADDRESS = "gcp:compute/globalAddress:GlobalAddress"
GROUP = "gcp:compute/globalNetworkEndpointGroup:GlobalNetworkEndpointGroup"
ENDPOINT = "gcp:compute/globalNetworkEndpoint:GlobalNetworkEndpoint"
BACKEND = "gcp:compute/backendService:BackendService"
URL_MAP = "gcp:compute/uRLMap:URLMap"
HTTPS_PROXY = "gcp:compute/targetHttpsProxy:TargetHttpsProxy"
HTTP_PROXY = "gcp:compute/targetHttpProxy:TargetHttpProxy"
FORWARDING_RULE = "gcp:compute/globalForwardingRule:GlobalForwardingRule"
AUTHORIZATION = "gcp:certificatemanager/dnsAuthorization:DnsAuthorization"
CERTIFICATE = "gcp:certificatemanager/certificate:Certificate"
CERTIFICATE_MAP = "gcp:certificatemanager/certificateMap:CertificateMap"
MAP_ENTRY = "gcp:certificatemanager/certificateMapEntry:CertificateMapEntry"


@dataclass(frozen=True, slots=True, kw_only=True)
class GoogleObject(Item):
    """What they all have."""

    resource: str
    account: str
    protect: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Address(GoogleObject):
    """An address that stays."""

    kind: ClassVar[str] = "address"
    engine_type: ClassVar[str] = ADDRESS  # type: ignore[misc]  # a record alone says it of itself

    family: int


@dataclass(frozen=True, slots=True, kw_only=True)
class EndpointGroup(GoogleObject):
    """Where a sender's servers are: a group of one endpoint outside Google."""

    kind: ClassVar[str] = "endpoint group"
    engine_type: ClassVar[str] = GROUP  # type: ignore[misc]  # likewise

    origin: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Endpoint(GoogleObject):
    """A sender's servers: their name is resolved, sent as SNI, and verified in their certificate."""

    kind: ClassVar[str] = "endpoint"
    engine_type: ClassVar[str] = ENDPOINT  # type: ignore[misc]  # likewise

    origin: str
    port: int

    def leads_to(self) -> str:
        return self.origin


@dataclass(frozen=True, slots=True, kw_only=True)
class Backend(GoogleObject):
    """How a sender is asked.

    Args:
        group: `resource` of its endpoint group.
    """

    kind: ClassVar[str] = "backend service"
    engine_type: ClassVar[str] = BACKEND  # type: ignore[misc]  # likewise

    group: str
    protocol: str
    timeout_seconds: int
    cdn: bool
    log: bool


@dataclass(frozen=True, slots=True)
class Route:
    """Hosts that are answered alike.

    Args:
        backend: `resource` of its backend service.
        host_rewrite: the Host that the sender is sent; empty for the viewer's.
        forwarded_host: what `X-Forwarded-Host` says in place of whatever a viewer sends there; empty where nothing is said.
        removed_headers: of the viewer's, those that the sender is not sent.
    """

    hosts: tuple[str, ...]
    origin: str
    backend: str
    host_rewrite: str
    forwarded_host: str
    removed_headers: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class UrlMap(GoogleObject):
    """Which host goes where. What is no link's host is answered with 404, by nobody's link.

    Args:
        retried_on: the only failures after which a request is sent again: those in which no server has seen it.
    """

    kind: ClassVar[str] = "URL map"
    engine_type: ClassVar[str] = URL_MAP  # type: ignore[misc]  # likewise

    routes: tuple[Route, ...]
    retried_on: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class HttpsProxy(GoogleObject):
    """Port 443. Without early data, which anybody could send twice."""

    kind: ClassVar[str] = "HTTPS proxy"
    engine_type: ClassVar[str] = HTTPS_PROXY  # type: ignore[misc]  # likewise

    early_data: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class HttpProxy(GoogleObject):
    """Port 80, alive for links in mail already sent."""

    kind: ClassVar[str] = "HTTP proxy"
    engine_type: ClassVar[str] = HTTP_PROXY  # type: ignore[misc]  # likewise


@dataclass(frozen=True, slots=True, kw_only=True)
class ForwardingRule(GoogleObject):
    """From one port of an address to the proxy.

    Args:
        address: `resource` of it.
    """

    kind: ClassVar[str] = "forwarding rule"
    engine_type: ClassVar[str] = FORWARDING_RULE  # type: ignore[misc]  # likewise

    address: str
    port: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CertificateMap(GoogleObject):
    """Which certificate is shown for which name."""

    kind: ClassVar[str] = "certificate map"
    engine_type: ClassVar[str] = CERTIFICATE_MAP  # type: ignore[misc]  # likewise


@dataclass(frozen=True, slots=True, kw_only=True)
class Authorization(GoogleObject):
    """That the host's owner lets this project have its certificate: it says the record that proves it."""

    kind: ClassVar[str] = "DNS authorization"
    engine_type: ClassVar[str] = AUTHORIZATION  # type: ignore[misc]  # likewise

    host: str
    type: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Certificate(GoogleObject):
    """A public certificate for one host, which Google renews."""

    kind: ClassVar[str] = "certificate"
    engine_type: ClassVar[str] = CERTIFICATE  # type: ignore[misc]  # likewise

    host: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MapEntry(GoogleObject):
    """A host's place in the certificate map: with it the load balancer answers for the host.

    Args:
        map: `resource` of the certificate map.
        own_certificate: id of the user's own; empty where the link's own certificate is shown.
    """

    kind: ClassVar[str] = "certificate map entry"
    engine_type: ClassVar[str] = MAP_ENTRY  # type: ignore[misc]  # likewise

    host: str
    map: str
    own_certificate: str = ""
