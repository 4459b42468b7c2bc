"""A provider whose vendor is a folder, one file for each object: started by the engine, and as faulty as its folder asks for."""

from __future__ import annotations

import json
import os
import sys
import threading
import uuid
from collections.abc import Iterator
from pathlib import Path

from linkproof.providers.protocol.base import (
    InitFailedError,
    Package,
    Patience,
    Provider,
    ProviderError,
    ResourceType,
    State,
    by_token,
)
from linkproof.providers.protocol.schema import TEXT, obj, replacing, required
from linkproof.providers.protocol.server import serve
from linkproof.providers.protocol.values import Properties

FOLDER = Path(os.environ["TOY_FOLDER"])


def _meet(call: str, patience: Patience | None = None) -> str:
    """Leave a mark of the call; wait for as long as it is to be slow; give its fault."""
    (FOLDER / f"called-{call}").touch()
    fault = FOLDER / f"fault-{call}"
    said = fault.read_text() if fault.exists() else ""
    if said == "hang":
        while True:
            (patience or Patience(600)).sleep(600)
    if said == "refuse":
        raise ProviderError(f"{call} is refused")
    return said


class Thing(ResourceType):
    token = "toy:index:Thing"
    schema = obj({"zone": replacing(TEXT), "value": required(TEXT)})

    def create(self, inputs: Properties, patience: Patience) -> State:
        said = _meet("create-before", patience)
        made = State(uuid.uuid4().hex, inputs)
        self._write(made)
        said = _meet("create", patience) or said
        if said == "unready":
            raise InitFailedError(made, "not ready")
        return made

    def read(self, resource_id: str, outputs: Properties) -> State | None:
        (FOLDER / "read-outputs").write_text(json.dumps(sorted(outputs)))
        _meet("read")
        file = FOLDER / f"object-{resource_id}"
        return State(resource_id, json.loads(file.read_text())) if file.exists() else None

    def update(self, resource_id: str, old_outputs: Properties, inputs: Properties, patience: Patience) -> State:
        made = State(resource_id, inputs)
        self._write(made)
        if _meet("update", patience) == "unready":
            raise InitFailedError(made, "not ready")
        return made

    def delete(self, resource_id: str, outputs: Properties, patience: Patience) -> None:
        (FOLDER / f"object-{resource_id}").unlink(missing_ok=True)

    @staticmethod
    def _write(made: State) -> None:
        (FOLDER / f"object-{made.id}").write_text(json.dumps(made.inputs))


def _no_config(config: Properties) -> Iterator[tuple[str, str]]:
    yield from ()


def _configure(config: Properties, cancelled: threading.Event) -> Package:
    return Package(types=by_token(Thing()), invokes={})


if __name__ == "__main__":
    serve(Provider("toy", "1.0.0", (), _no_config, _configure), sys.argv[1:])
