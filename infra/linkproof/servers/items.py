"""What the engine's state holds of a server of one's own: which click hosts it answers for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from linkproof.contract.items import Item

SERVER_HOST = "linkproof:index:ServerHost"


@dataclass(frozen=True, slots=True)
class ServerHost(Item):
    """One click host that is, or is to be, in a server's configuration.

    Nothing is made at it by the deployment: it is what the guard knows of the server, which nobody else can tell it.

    Args:
        resource: the host and the plug-in's name: a link may have two servers, one standing by.
        server: the plug-in's name.
        name: the server's own, with trailing dot.
        origin: where it forwards to.
    """

    kind: ClassVar[str] = "server host"
    engine_type: ClassVar[str] = SERVER_HOST  # type: ignore[misc]  # a record alone says it of itself

    resource: str
    path: str
    host: str
    server: str
    name: str
    origin: str
    account: str = "default"
    protect: bool = False
    needs: tuple[str, ...] = ()

    def leads_to(self) -> str:
        return self.origin
