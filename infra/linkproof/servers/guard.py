"""What is refused of a server of one's own: another name while clicks are led to it."""

from __future__ import annotations

from collections.abc import Iterator

from linkproof.contract.declared import PHASES_AT_EDGE
from linkproof.contract.guard import ClientOf, Deployment, Refusal
from linkproof.contract.state import State
from linkproof.servers.items import SERVER_HOST, ServerHost

RULE = "edge.server-name-in-use"
RULES = {
    RULE: "the name is the server: under another one clicks would meet a server that nobody has proved, and nothing would say how"
    " long answers still lead to the old one"
}


class ServerGuard:
    """`guard.py` of one of them.

    Args:
        server: the plug-in's name.
    """

    def __init__(self, server: str) -> None:
        self._server = server

    def judge(self, deployment: Deployment) -> Iterator[Refusal]:
        """Refuse another name for each host in use."""
        in_use = {
            past.host
            for past in deployment.links
            if self._server in past.edges and past.phases.intersection(PHASES_AT_EDGE)
        }
        for item in deployment.items:
            if not isinstance(item, ServerHost) or item.server != self._server or item.host not in in_use:
                continue
            others = _names(deployment.state, item.resource) - {item.name}
            if others:
                yield Refusal(
                    RULE,
                    item.host,
                    f"the {self._server} server that it is led to changes its name from {', '.join(sorted(others))} to {item.name}",
                    "write the old name again. To move to another server, get an edge of another provider ready as `standby`, let the two"
                    " change places, and come back (docs/moving.md); or step back to ready with the old name, and change it there",
                )

    def judge_at_vendor(self, deployment: Deployment, client: ClientOf) -> Iterator[Refusal]:
        """Nobody else knows of it."""
        del deployment, client
        yield from ()


def _names(state: State, resource: str) -> set[str]:
    """Those that the state has: two where a deployment was interrupted."""
    held = state.find(SERVER_HOST, resource)
    sides = (held.inputs, held.outputs) if held is not None else ()
    return {str(side["name"]) for side in sides if side.get("name")}
