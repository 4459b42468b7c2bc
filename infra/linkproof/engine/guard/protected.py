"""What the engine would refuse to delete: said before it begins, with the way to let go of it."""

from __future__ import annotations

from collections.abc import Iterator

from linkproof.contract.guard import Refusal
from linkproof.contract.state import State
from linkproof.engine.phase import hosts_in_state
from linkproof.engine.protection import host_of, leaving_protected
from linkproof.plan.model import Plan


def judge_protected(plan: Plan, state: State, refused: frozenset[str]) -> Iterator[Refusal]:
    """One refusal for each protected resource that would leave.

    Args:
        refused: hosts about which more has been said already; what links share may be leaving for that very reason.
    """
    owners = {
        entry.get("owner_host") for entry in (state.outputs.get("links") or {}).values() if isinstance(entry, dict)
    }
    hosts = set(hosts_in_state(state))
    for resource in leaving_protected(plan, state):
        host = host_of(resource.name)
        is_shared = host in owners or not (state.is_record(resource) or host in hosts)
        if host not in refused and not (is_shared and refused):
            yield Refusal(
                "move.protected",
                host,
                f"{resource.name} is protected, and the deployment would delete it",
                f"`linkproof retire {host} -s {state.stack}` lets go of it, if nothing needs it any more",
            )
