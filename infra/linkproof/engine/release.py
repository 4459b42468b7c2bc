"""Lets go of a zone's records without touching them: they leave the state and stay at the DNS host."""

from __future__ import annotations

import copy
from typing import Any

from linkproof.declaration.model import Declaration
from linkproof.engine.state import record_types
from linkproof.errors import LinkproofError


def released(document: dict[str, Any], declaration: Declaration, zone: str) -> tuple[dict[str, Any], list[str]]:
    """The state without the zone's records, and their URNs.

    Args:
        document: as exported.
        zone: its name on the wire, or as written in the declaration.

    Raises:
        LinkproofError: the zone is not declared, an operation is unfinished, or the state has none of its records.
    """
    names = {found.key: name for name, found in declaration.zones.items()} | {name: name for name in declaration.zones}
    if zone not in names:
        raise LinkproofError(
            f"{zone} is no zone of the declaration", f"name one of them: {', '.join(declaration.zones)}"
        )
    changed = copy.deepcopy(document)
    deployment = changed.get("deployment") or {}
    if deployment.get("pending_operations"):
        raise LinkproofError("the last deployment was interrupted", "run `linkproof recover` first")
    resources = deployment.get("resources") or []
    urns = [
        r["urn"] for r in resources if r["type"] in record_types() and _zone_of(r["urn"], declaration) == names[zone]
    ]
    if not urns:
        raise LinkproofError(f"the state has no record in {zone}", "nothing is to be let go of")
    gone = frozenset(urns)
    deployment["resources"] = [_without(resource, gone) for resource in resources if resource["urn"] not in gone]
    return changed, urns


def _zone_of(urn: str, declaration: Declaration) -> str | None:
    """The longest declared zone that holds `<name>/CNAME` or `<name>/validation`; labels with `_` are no host's."""
    name = urn.rpartition("::")[2].rpartition("/")[0]
    return max((zone for zone in declaration.zones if name == zone or name.endswith(f".{zone}")), key=len, default=None)


def _without(resource: dict[str, Any], gone: frozenset[str]) -> dict[str, Any]:
    """A resource that no longer depends on what is gone: the engine refuses a state that names what it lacks."""
    if "dependencies" in resource:
        resource["dependencies"] = [urn for urn in resource["dependencies"] if urn not in gone]
    if "propertyDependencies" in resource:
        resource["propertyDependencies"] = {
            name: [urn for urn in urns or () if urn not in gone]
            for name, urns in resource["propertyDependencies"].items()
        }
    if resource.get("deletedWith") in gone:
        del resource["deletedWith"]
    return resource
