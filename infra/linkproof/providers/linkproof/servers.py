"""The type that keeps which click hosts a server of one's own answers for."""

from __future__ import annotations

from linkproof.providers.linkproof.records import Kept
from linkproof.providers.protocol.base import Patience, State
from linkproof.providers.protocol.schema import TEXT, obj, required
from linkproof.providers.protocol.values import Properties
from linkproof.servers.items import SERVER_HOST


class ServerHost(Kept):
    """One click host: its server, the server's name, and where it forwards to."""

    token = SERVER_HOST
    schema = obj({"server": required(TEXT), "name": required(TEXT), "origin": required(TEXT)})

    def create(self, inputs: Properties, patience: Patience) -> State:
        return State("server-host", inputs)

    def update(self, resource_id: str, old_outputs: Properties, inputs: Properties, patience: Patience) -> State:
        return State(resource_id, inputs)
