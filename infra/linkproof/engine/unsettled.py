"""What the state may be wrong about: the vendor's side has to be read before anything is built on it."""

from __future__ import annotations

from typing import Any

from linkproof.engine.find import finders
from linkproof.engine.state import read_state
from linkproof.history.read import read_history


def unsettled(document: dict[str, Any]) -> list[str]:
    """URNs of the records that the last deployment began to change and is not known to have finished.

    An update whose answer was lost leaves no trace in the state but this: the history of the records has not settled.

    Args:
        document: as `pulumi stack export` gives it.
    """
    state = read_state(document)
    changed = read_history(state).unsettled
    return [resource.urn for resource in state.resources if state.is_record(resource) and resource.name in changed]


def unread(document: dict[str, Any]) -> list[str]:
    """URNs that were imported and never read back: they have an id and no outputs."""
    resources = (document.get("deployment") or {}).get("resources") or ()
    return [
        resource["urn"]
        for resource in resources
        if resource.get("id") and not resource.get("outputs") and resource.get("type") in finders()
    ]
