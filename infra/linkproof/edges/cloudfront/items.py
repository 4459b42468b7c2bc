"""What CloudFront holds for links."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Literal

from linkproof.acm import CERTIFICATE
from linkproof.contract.items import Item

VALIDATION = "aws:acm/certificateValidation:CertificateValidation"
DISTRIBUTION = "aws:cloudfront/distribution:Distribution"
POLICY = "aws:cloudfront/originRequestPolicy:OriginRequestPolicy"
CACHE_POLICY = "aws:cloudfront/cachePolicy:CachePolicy"
CONNECTION_GROUP = "aws:cloudfront/connectionGroup:ConnectionGroup"
MULTITENANT = "aws:cloudfront/multitenantDistribution:MultitenantDistribution"
TENANT = "aws:cloudfront/distributionTenant:DistributionTenant"


@dataclass(frozen=True, slots=True)
class Certificate(Item):
    """A public certificate for one host, proved by DNS and waited for."""

    kind: ClassVar[str] = "certificate"
    engine_type: ClassVar[str] = CERTIFICATE  # type: ignore[misc]  # a record alone says it of itself

    resource: str
    path: str
    host: str
    account: str
    issuer: str
    key_algorithm: str
    protect: bool


@dataclass(frozen=True, slots=True)
class OriginRequestPolicy(Item):
    """What an edge forwards to the origin; shared by up to 100 distributions of an account."""

    kind: ClassVar[str] = "origin-request policy"
    may_be_copied: ClassVar[bool] = True
    engine_type: ClassVar[str] = POLICY  # type: ignore[misc]  # a record alone says it of itself

    resource: str
    account: str
    headers: tuple[str, ...]
    query_strings: Literal["all", "none"]
    cookies: Literal["all", "none"]
    protect: bool = False


@dataclass(frozen=True, slots=True)
class CachePolicy(Item):
    """How long an edge keeps an answer; shared by up to 100 distributions of an account.

    Args:
        query_strings: what of the query makes two requests differ.
    """

    kind: ClassVar[str] = "cache policy"
    may_be_copied: ClassVar[bool] = True
    engine_type: ClassVar[str] = CACHE_POLICY  # type: ignore[misc]  # a record alone says it of itself

    resource: str
    account: str
    minimum_seconds: int
    seconds: int
    query_strings: Literal["all", "none"]
    protect: bool = False


@dataclass(frozen=True, slots=True)
class Distribution(Item):
    """One CloudFront distribution: one link.

    Args:
        certificate: `resource` of its certificate; empty where it has one of the user's own.
        own_certificate: that one's ARN.
        methods: HTTP methods that viewers may use.
        origin_protocol: how CloudFront asks the origin.
        viewer_protocol: `allow-all` keeps port 80 alive for mail already sent.
        cache_policy: `resource` of the policy by which it keeps answers; empty where it keeps none (the managed CachingDisabled).
        origin_headers: name and value of headers that it sends to the origin, in place of the viewer's.
        error_statuses: answers of the origin that the edge would keep for a while unless it is told not to.
    """

    kind: ClassVar[str] = "distribution"
    engine_type: ClassVar[str] = DISTRIBUTION  # type: ignore[misc]  # a record alone says it of itself

    resource: str
    path: str
    host: str
    account: str
    certificate: str
    policy: str
    origin: str
    origin_protocol: str
    origin_tls: tuple[str, ...]
    origin_headers: tuple[tuple[str, str], ...]
    methods: tuple[str, ...]
    viewer_protocol: str
    minimum_tls: str
    cache_policy: str
    error_statuses: tuple[int, ...]
    ipv6: bool
    protect: bool
    own_certificate: str = ""

    def leads_to(self) -> str:
        return self.origin


@dataclass(frozen=True, slots=True)
class ConnectionGroup(Item):
    """Where the click hosts of all tenants of an account lead: its routing endpoint."""

    kind: ClassVar[str] = "connection group"
    engine_type: ClassVar[str] = CONNECTION_GROUP  # type: ignore[misc]  # a record alone says it of itself

    resource: str
    account: str
    ipv6: bool
    protect: bool = False


@dataclass(frozen=True, slots=True)
class MultitenantDistribution(Item):
    """What all tenants of one origin share. It answers nobody itself.

    Args:
        methods, origin_protocol, origin_tls, viewer_protocol, cache_policy, error_statuses: as of a `Distribution`.
    """

    kind: ClassVar[str] = "multi-tenant distribution"
    engine_type: ClassVar[str] = MULTITENANT  # type: ignore[misc]  # a record alone says it of itself

    resource: str
    account: str
    policy: str
    origin: str
    origin_protocol: str
    origin_tls: tuple[str, ...]
    methods: tuple[str, ...]
    viewer_protocol: str
    cache_policy: str
    error_statuses: tuple[int, ...]
    protect: bool = False

    def leads_to(self) -> str:
        return self.origin


@dataclass(frozen=True, slots=True)
class Tenant(Item):
    """One link at a multi-tenant distribution.

    Args:
        certificate, own_certificate: as of a `Distribution`.
        distribution: `resource` of the multi-tenant distribution that it is a tenant of.
        group: `resource` of the connection group.
        origin: the distribution's.
    """

    kind: ClassVar[str] = "distribution tenant"
    engine_type: ClassVar[str] = TENANT  # type: ignore[misc]  # a record alone says it of itself

    resource: str
    path: str
    host: str
    account: str
    certificate: str
    distribution: str
    group: str
    origin: str
    protect: bool
    own_certificate: str = ""

    def leads_to(self) -> str:
        return self.origin
