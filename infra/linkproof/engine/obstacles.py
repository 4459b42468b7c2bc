"""After a failed `pulumi up`: what stands at a vendor where something was to be created, and how to import it."""

from __future__ import annotations

import json
import shlex
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from linkproof.engine.find import Held, candidates, finders
from linkproof.engine.previewed import can_be_found, in_words
from linkproof.engine.recover import account_of
from linkproof.engine.state import STACK_TYPE
from linkproof.errors import LinkproofError

if TYPE_CHECKING:
    from linkproof.engine.cli import Engine
    from linkproof.engine.clients import Clients


@dataclass(frozen=True, slots=True)
class Obstacle:
    """An object that the next `up` would try to create and that is there already.

    Args:
        resource: its name in the program.
        what: the object, in words.
        doubt: why it may be somebody else's, or how it differs from the declaration; empty where it is this stack's.
        command: imports it; empty where the engine does not know its provider or parent yet.
    """

    resource: str
    type: str
    what: str
    doubt: str
    command: str

    def __str__(self) -> str:
        state = f", but {self.doubt}" if self.doubt else ", as it was to be created"
        way = (
            f"if this stack is to own it: {self.command}\n    then `pulumi preview` shows what would change at it; else remove it at the vendor"
            if self.command
            else "run `pulumi up` again, so that its provider is known, and then `linkproof expectations`"
        )
        return f"{self.resource} is not in the state: {self.what} exists already{state}\n    {way}"

    def to_json(self) -> dict[str, str]:
        return {
            "resource": self.resource,
            "type": self.type,
            "what": self.what,
            "doubt": self.doubt,
            "command": self.command,
        }


def last_update_failed(engine: Engine) -> bool:
    """Whether the stack's last deployment ended with an error."""
    said = engine.must("stack", "history", "--stack", engine.stack, "--json", "--page-size", "1")
    return any(entry.get("kind") == "update" and entry.get("result") == "failed" for entry in json.loads(said or "[]"))


def obstacles(engine: Engine, clients: Callable[[], Clients], document: dict[str, Any]) -> list[Obstacle]:
    """Everything that the program would create and that a vendor has already.

    Args:
        document: the state.

    Raises:
        LinkproofError: the program cannot be previewed, or a vendor cannot be asked.
    """
    resources = (document.get("deployment") or {}).get("resources") or ()
    known = {resource["urn"] for resource in resources}
    held = Held(resources)
    return [
        Obstacle(
            wanted["urn"].rpartition("::")[2],
            wanted["type"],
            found.what,
            found.doubt,
            _command(engine.stack, wanted, found.id, known),
        )
        for wanted in _to_create(engine)
        for found in candidates(wanted["type"], in_words(wanted.get("inputs") or {}), clients(), account_of(wanted))
        if not held.has(wanted["type"], wanted.get("inputs") or {}, found)
    ]


def _to_create(engine: Engine) -> Iterator[dict[str, Any]]:
    """What a preview would create, as far as it is known by which key it would be found."""
    done = engine.run("preview", "--stack", engine.stack, "--json")
    try:
        steps = json.loads(done.stdout)["steps"]
    except (ValueError, KeyError, TypeError):
        raise LinkproofError("the program cannot be previewed", f"run `pulumi preview -s {engine.stack}`") from None
    for step in steps:
        wanted = step.get("newState") or {}
        if step.get("op") != "create" or wanted.get("type") not in finders():
            continue
        if can_be_found(wanted.get("inputs") or {}):
            yield wanted


def _command(stack: str, wanted: dict[str, Any], id_: str, known: set[str]) -> str:
    provider, parent = wanted["provider"].rpartition("::")[0], wanted.get("parent") or ""
    options = ["--provider", f"{provider.rpartition('::')[2]}={provider}"]
    needed = {provider}
    if parent and f"::{STACK_TYPE}::" not in parent:
        options += ["--parent", f"{parent.rpartition('::')[2]}={parent}"]
        needed.add(parent)
    if not needed <= known:
        return ""
    name = wanted["urn"].rpartition("::")[2]
    return shlex.join(
        ["pulumi", "import", "--stack", stack, "--generate-code=false", *options, wanted["type"], name, id_]
    )
