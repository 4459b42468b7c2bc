"""The engine's state, read from `pulumi stack export`: which resources exist, since when, and what is unfinished."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

STACK_TYPE = "pulumi:pulumi:Stack"
ROUTE53_RECORD = "aws:route53/record:Record"
CLOUDFLARE_RECORD = "cloudflare:index/dnsRecord:DnsRecord"
RECORD_TYPES = (ROUTE53_RECORD, CLOUDFLARE_RECORD)
DISTRIBUTION = "aws:cloudfront/distribution:Distribution"
RULESET = "cloudflare:index/ruleset:Ruleset"
CERTIFICATE = "aws:acm/certificate:Certificate"
VALIDATION = "aws:acm/certificateValidation:CertificateValidation"
POLICY = "aws:cloudfront/originRequestPolicy:OriginRequestPolicy"

_QUOTED = re.compile(r'"([^"]+)"')


@dataclass(frozen=True, slots=True)
class Resource:
    """One resource of the state.

    Args:
        modified: RFC 3339; when the engine last changed it.
        account: name of the credentials that its provider instance was made with; None without a provider.
        import_id: the id that it was imported with; None where the engine made it.
    """

    urn: str
    type: str
    id: str | None
    inputs: dict[str, Any]
    outputs: dict[str, Any]
    protect: bool
    created: str | None
    modified: str | None
    account: str | None = None
    import_id: str | None = None

    @property
    def name(self) -> str:
        return self.urn.rpartition("::")[2]


@dataclass(frozen=True)
class State:
    """What the last deployment left.

    Args:
        outputs: the stack's outputs, of the last deployment that reached its end.
        pending: operations that were under way when the engine died.
        leaving: what the next deployment deletes, or has to make again because it is gone.
        written_at: RFC 3339; when the engine last wrote the state; empty where it never did.
    """

    resources: tuple[Resource, ...]
    outputs: dict[str, Any]
    pending: tuple[dict[str, Any], ...]
    leaving: tuple[Resource, ...] = ()
    written_at: str = ""

    @property
    def stack(self) -> str:
        """The stack's name, as every URN has it; STACK where there is no resource."""
        return self.resources[0].urn.split(":")[2] if self.resources else "STACK"

    def find(self, rtype: str, name: str) -> Resource | None:
        return self._index.get((rtype, name))

    def record(self, name: str) -> Resource | None:
        """The DNS record of that resource name, whoever serves it."""
        return next((found for rtype in RECORD_TYPES if (found := self.find(rtype, name)) is not None), None)

    @cached_property
    def ruleset_hosts(self) -> frozenset[str]:
        """The click hosts that the stack's rulesets name."""
        return frozenset(
            host
            for resource in self.resources
            if resource.type == RULESET
            for rule in resource.inputs.get("rules") or ()
            for host in quoted_hosts(str(rule.get("expression")))
        )

    @cached_property
    def _index(self) -> dict[tuple[str, str], Resource]:
        index: dict[tuple[str, str], Resource] = {}
        for resource in self.resources:
            index.setdefault((resource.type, resource.name), resource)
        return index


def read_state(document: dict[str, Any]) -> State:
    """Read an exported document; an empty one gives an empty state.

    What is on its way out is not among the resources, and neither is what waits to be made again: a replacement that
    deletes first and then fails leaves the old inputs, outputs and id in the state, and no object.
    """
    deployment = document.get("deployment") or {}
    staying: list[Resource] = []
    leaving: list[Resource] = []
    for raw in deployment.get("resources") or ():
        is_leaving = raw.get("delete") or raw.get("pendingReplacement")
        (leaving if is_leaving else staying).append(_resource(raw))
    stack = next((r for r in staying if r.type == STACK_TYPE), None)
    return State(
        tuple(staying),
        stack.outputs if stack else {},
        tuple(deployment.get("pending_operations") or ()),
        tuple(leaving),
        str((deployment.get("manifest") or {}).get("time") or ""),
    )


def _resource(raw: dict[str, Any]) -> Resource:
    return Resource(
        urn=raw["urn"],
        type=raw["type"],
        id=raw.get("id"),
        inputs=raw.get("inputs") or {},
        outputs=raw.get("outputs") or {},
        protect=bool(raw.get("protect")),
        created=raw.get("created"),
        modified=raw.get("modified"),
        account=_account(raw.get("provider")),
        import_id=raw.get("importID"),
    )


def _account(provider: str | None) -> str | None:
    """Of `urn:…::aws-cdn::id`: `cdn`."""
    return provider.split("::")[-2].partition("-")[2] if provider else None


def quoted_hosts(expression: str) -> list[str]:
    """The hosts that a rule's expression names."""
    return _QUOTED.findall(expression)


def record_values(resource: Resource) -> tuple[str, ...]:
    """What the engine last gave a DNS record or was last told of it, fully qualified; empty while unknown.

    An update whose end failed leaves the old inputs beside the new outputs: both count.
    """
    return tuple(dict.fromkeys((*values_in(resource.inputs), *values_in(resource.outputs))))


def values_in(properties: Mapping[str, Any]) -> tuple[str, ...]:
    """The values in the inputs, or in the outputs, of a DNS record of either host."""
    values = properties.get("records") or [properties.get("content")]
    return tuple(value if value.endswith(".") else f"{value}." for value in values if isinstance(value, str))


def record_ttl_seconds(resource: Resource, proxied_ttl_seconds: int = 300) -> int:
    """The longer TTL of inputs and outputs, as resolvers saw it: Cloudflare serves its automatic TTL (1) as 300."""
    ttls = [ttl for side in (resource.inputs, resource.outputs) if (ttl := side.get("ttl")) is not None]
    return max((proxied_ttl_seconds if ttl in (1, 1.0) else int(ttl) for ttl in ttls), default=proxied_ttl_seconds)
