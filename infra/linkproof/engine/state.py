"""The engine's state, read from `pulumi stack export`, and its DNS records, each as its DNS host's plug-in reads it."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import Any

from linkproof import registry
from linkproof.contract.dns import DnsState, RecordSeen
from linkproof.contract.state import Resource, State

STACK_TYPE = "pulumi:pulumi:Stack"


@cache
def record_types() -> dict[str, str]:
    """DNS host by the engine type of its records."""
    return {host.state.RECORD_TYPE: host.name for host in registry.dns_hosts() if host.state is not None}


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
        tuple(record_types()),
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
        is_kept=bool(raw.get("retainOnDelete")),
    )


def _account(provider: str | None) -> str | None:
    """Of `urn:…::aws-cdn::id`: `cdn`."""
    return provider.split("::")[-2].partition("-")[2] if provider else None


def record_sides(resource: Resource) -> Iterator[RecordSeen]:
    """A DNS record by its inputs, and by its outputs: an update whose end failed leaves the old inputs beside the new outputs."""
    reader = _reader(resource)
    for side in (resource.inputs, resource.outputs):
        yield reader.read(side)


def record_values(resource: Resource) -> tuple[str, ...]:
    """What the engine last gave a DNS record or was last told of it, fully qualified; empty while unknown."""
    return tuple(dict.fromkeys(value for side in record_sides(resource) for value in side.values))


def _reader(resource: Resource) -> DnsState:
    reader = registry.dns(record_types()[resource.type]).state
    assert reader is not None
    return reader
