"""Tracking hosts: a host whose record the stack holds is in use, whatever is said; one without is not, unless it is said."""

from __future__ import annotations

from collections.abc import Iterator

from linkproof import registry
from linkproof.contract.guard import Refusal
from linkproof.contract.state import State
from linkproof.declaration.model import Declaration


def judge_tracking(declaration: Declaration, state: State) -> Iterator[Refusal]:
    """One refusal for each host whose record would be published early or taken back."""
    for host in declaration.tracking_hosts.values():
        name = host.host.text
        is_held = state.record(f"{name}/CNAME") is not None
        if is_held and not host.is_published:
            message = f"its record is deployed, so it is in use, and `state: {host.state}` would delete it"
            fix = "write `state: in-use`; a renewal of the certificate changes neither DNS nor the tag"
            yield Refusal("tracking.host-in-use", name, message, fix)
        elif not is_held and host.state is None and not registry.dns(declaration.zone_of(host.host).dns).is_by_hand:
            message = "it is new, and its record would be published before anybody answers for it"
            fix = "write `state: verifying`, and `state: in-use` once the service's admin page says so (KARTE: 使用中)"
            yield Refusal("tracking.host-new", name, message, fix)
