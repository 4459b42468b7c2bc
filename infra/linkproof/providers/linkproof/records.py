"""The types that keep the history of records: nothing but the state holds them, so reading them gives what the state has."""

from __future__ import annotations

from datetime import UTC, datetime

from linkproof.history import keep
from linkproof.providers.protocol.base import Patience, ResourceType, State
from linkproof.providers.protocol.schema import NUMBER, TEXT_MAP, obj, required
from linkproof.providers.protocol.values import Properties


class Kept(ResourceType):
    """What the state alone has."""

    def read(self, resource_id: str, outputs: Properties) -> State | None:
        """None at an import: there is nothing to read."""
        inputs = {name: outputs[name] for name in self.schema.fields if name in outputs}
        if not inputs:
            return None
        return State(resource_id, inputs, {name: outputs[name] for name in outputs if name not in inputs})

    def delete(self, resource_id: str, outputs: Properties, patience: Patience) -> None:
        """Nothing is left to remove."""


class RecordHistory(Kept):
    """Before the records: what they served until now."""

    token = keep.HISTORY_TYPE
    schema = obj({"records": required(TEXT_MAP)})
    computed = ("past", "since", "revision", "unknown")
    volatile = ("past", "since", "revision", "unknown")

    def create(self, inputs: Properties, patience: Patience) -> State:
        return State("history", inputs, keep.begun(inputs["records"], datetime.now(UTC)))

    def update(self, resource_id: str, old_outputs: Properties, inputs: Properties, patience: Patience) -> State:
        return State(resource_id, inputs, keep.appended(old_outputs, inputs["records"], datetime.now(UTC)))


class RecordsSettled(Kept):
    """After the records: a moment at which all of them were as declared."""

    token = keep.SETTLED_TYPE
    schema = obj({"revision": required(NUMBER)})
    computed = ("moments",)
    volatile = ("moments",)

    def create(self, inputs: Properties, patience: Patience) -> State:
        return State("settled", inputs, keep.settled({}, datetime.now(UTC)))

    def update(self, resource_id: str, old_outputs: Properties, inputs: Properties, patience: Patience) -> State:
        return State(resource_id, inputs, keep.settled(old_outputs, datetime.now(UTC)))
