"""What leaves the declaration while the engine still protects it: the deployment would fail on it, half way."""

from __future__ import annotations

from collections.abc import Iterator

from infra.declaration.model import Declaration
from infra.engine.guard import Refusal
from infra.engine.phase import phase_in_state
from infra.engine.state import RECORD_TYPES, State


def still_protected(declaration: Declaration, state: State, stack: str) -> Iterator[Refusal]:
    """A refusal for each click host or tracking host whose record would be deleted and may not be.

    What is in use is refused for that reason already, and a link's owner host goes with its last link.
    """
    declared = {link.click_host.text for link in declaration.links.values()}
    declared |= {link.owner_host.text for link in declaration.links.values() if link.owner_host is not None}
    declared |= {host.host.text for host in declaration.tracking_hosts.values()}
    exported = [entry for entry in (state.outputs.get("links") or {}).values() if isinstance(entry, dict)]
    owners = {entry.get("owner_host") for entry in exported}
    in_use = {entry.get("click_host") for entry in exported if entry.get("phase") != "branded"}
    for resource in state.resources:
        host = resource.name.removesuffix("/CNAME")
        if resource.type not in RECORD_TYPES or host == resource.name or not resource.protect:
            continue
        if host in declared | owners | in_use or phase_in_state(state, host) != "branded":
            continue
        yield Refusal(
            "record.still-protected",
            host,
            "it leaves the declaration, and its record is protected",
            f"if nothing uses it any more, run `linkproof retire {host} -s {stack}`; otherwise put it back into the file",
        )
