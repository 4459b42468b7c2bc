"""What the engine's state says of click hosts at servers of one's own."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from linkproof.contract.edge import EdgeSeen
from linkproof.contract.items import Item
from linkproof.contract.state import State
from linkproof.contract.values import Late
from linkproof.servers.items import SERVER_HOST, ServerHost


class ServerState:
    """`state.py` of one of them.

    Args:
        server: the plug-in's name.
    """

    TYPES = frozenset({SERVER_HOST})

    def __init__(self, server: str) -> None:
        self._server = server

    def seen(self, state: State) -> Iterator[EdgeSeen]:
        """One for each click host in its configuration. No account holds it."""
        for resource in (*state.resources, *state.leaving):
            if resource.type == SERVER_HOST and resource.inputs.get("server") == self._server:
                name = str(resource.inputs["name"])
                yield EdgeSeen(
                    resource.name.rpartition("/")[0],
                    frozenset({name}),
                    origins=frozenset({str(resource.inputs["origin"])}),
                    is_leaving=resource in state.leaving,
                    server=name,
                )

    def planned(self, items: Iterable[Item]) -> frozenset[tuple[str, str | None]]:
        return frozenset(
            (item.host, item.name) for item in items if isinstance(item, ServerHost) and item.server == self._server
        )

    def leads_here(self, name: str) -> bool:
        """A server's name is its owner's: the state alone says that it is one."""
        del name
        return False

    def late(self, late: Late, state: State) -> str | None:
        """Nothing of it is late-bound."""
        del late, state
        return None
