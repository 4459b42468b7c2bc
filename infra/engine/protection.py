"""Which protected resources belong to one click host."""

from __future__ import annotations

from infra.engine.phase import phase_in_state
from infra.engine.state import State
from infra.errors import LinkproofError


def protected(state: State, host: str | None) -> list[str]:
    """The URNs that the engine refuses to delete; of one click host, or all.

    Raises:
        LinkproofError: the host is not deployed, or its link is not back in phase branded.
    """
    if host is None:
        return [resource.urn for resource in state.resources if resource.protect]
    mine = [r for r in state.resources if r.name in (host, f"{host}/CNAME", f"{host}/validation")]
    if not mine:
        raise LinkproofError(f"{host} is not deployed in this stack", "name a link's key or its click host")
    phase = phase_in_state(state, host)
    if phase not in (None, "branded"):
        raise LinkproofError(
            f"{host} is {phase}: only a link in phase branded is let go",
            "step back one phase at a time, with a deployment for each",
        )
    return [resource.urn for resource in mine if resource.protect]
