"""After a killed or failed engine: brings its state back to what is there.

The engine writes a pending operation before it asks a vendor for anything, so every object that a killed run can have
left is named there. It is found by its natural key, proved ours, and imported; nothing is ever guessed. What was being
updated or deleted may have been done as well: it is read again before anything else happens.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from linkproof.engine.find import Held, find, without_object
from linkproof.engine.order import in_order
from linkproof.engine.unlock import unlock
from linkproof.engine.unsettled import unread, unsettled
from linkproof.errors import LinkproofError

if TYPE_CHECKING:
    from linkproof.engine.cli import Engine
    from linkproof.engine.clients import Clients

PROVIDER_TYPES = "pulumi:providers:"
OUR_TYPES = "linkproof:"
Say = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Recovered:
    """What a recovery did, and what it leaves.

    Args:
        acted: whether anything had to be done.
        document: the state as it is afterwards; None where the backend has no such stack.
    """

    acted: bool
    document: dict[str, Any] | None


def recover(engine: Engine, clients: Callable[[], Clients], say: Say) -> Recovered:
    """Bring the state back to what is there.

    Every vendor is asked before the first change of the state, and the operations stay pending until what they were
    about has been read: a call that fails in between is made good by the next one.

    Args:
        clients: called only when a vendor must be asked.
        say: is told each thing that is done.

    Raises:
        LinkproofError: the lock's holder lives or cannot be known, or an object may not be ours; the state is as it was.
            Or a vendor could not be read: then run this again.
    """
    acted = unlock(engine, say)
    document = engine.export_if_any()
    if document is None:
        return Recovered(acted, None)
    deployment = document.get("deployment") or {}
    pending: list[dict[str, Any]] = deployment.get("pending_operations") or []
    held = Held(deployment.get("resources") or ())
    found = [_created(operation, clients, held, say) for operation in pending]
    imported = [resource for resource in found if resource is not None]
    again = _to_read_again(document, pending)
    if again:
        _read_again(engine, again, say)
    if pending:
        # The refresh has settled what was being updated and deleted; what is left is what was being created.
        document = engine.export() if again else document
        deployment = document["deployment"]
        _take_in(deployment["resources"], imported)
        deployment["pending_operations"] = []
        engine.import_state(document)
    if imported:
        _refresh(engine, [resource["urn"] for resource in imported])
        say(f"imported {len(imported)}")
    if not pending and not again:
        return Recovered(acted, document)
    return Recovered(acted=True, document=engine.export())


def _to_read_again(document: dict[str, Any], pending: list[dict[str, Any]]) -> list[str]:
    """The URNs of what may be otherwise than the state says, each once, of those that the state has."""
    interrupted = [op["resource"]["urn"] for op in pending if op["type"] in ("updating", "deleting")]
    resources = (document.get("deployment") or {}).get("resources") or ()
    there = {resource["urn"] for resource in resources}
    urns = dict.fromkeys([*interrupted, *unsettled(document), *unread(document)])
    return [urn for urn in urns if urn in there]


def _read_again(engine: Engine, urns: list[str], say: Say) -> None:
    _refresh(engine, urns)
    for urn in urns:
        say(
            f"{_name(urn)}: was not finished; read from the vendor, so that the next `pulumi up` starts from what is there"
        )


def _take_in(resources: list[dict[str, Any]], imported: list[dict[str, Any]]) -> None:
    """Add what was found. Where it was to replace another, that one is now the engine's to delete, as it would have been."""
    urns = {resource["urn"] for resource in imported}
    for resource in resources:
        if resource["urn"] in urns:
            resource["delete"] = True
    resources[:] = in_order([*resources, *imported])


def _created(operation: dict[str, Any], clients: Callable[[], Clients], held: Held, say: Say) -> dict[str, Any] | None:
    """The resource to put into the state, for a create that left an object behind.

    Its outputs are empty and its id is the one to import it by: that is how a provider is told to read all of it.
    """
    resource: dict[str, Any] = operation["resource"]
    shown = f"{_name(resource['urn'])} ({resource['type']})"
    if operation["type"] == "importing":
        # Nothing was made: an import only reads. Its inputs are not written down.
        say(f"{shown}: the import of {resource.get('importID') or 'it'} was interrupted; make it again")
        return None
    if operation["type"] != "creating":
        if operation["type"] not in ("updating", "deleting"):
            say(f"{shown}: {operation['type']} was interrupted; the next `pulumi up` repeats it")
        return None
    if not resource.get("custom", True) or resource["type"].startswith((PROVIDER_TYPES, OUR_TYPES)):
        return None  # a component, the stack, a provider instance or the history: no vendor has anything of it
    if resource["type"] in without_object():
        say(f"{shown}: waiting was interrupted; the next `pulumi up` waits again")
        return None
    id_ = find(resource["type"], resource.get("inputs") or {}, clients(), account_of(resource), held)
    if id_ is None:
        say(f"{shown}: nothing had been created")
        return None
    say(f"{shown}: found {id_}, created before the engine was killed")
    return {**resource, "id": id_, "outputs": {}, "custom": True}


def account_of(resource: dict[str, Any]) -> str:
    """The name of the credentials that a resource's provider was made with: of `urn:…::aws-cdn::id`, `cdn`.

    Raises:
        LinkproofError: it has no provider of this project's making.
    """
    parts = str(resource.get("provider") or "").split("::")
    account = parts[-2].partition("-")[2] if len(parts) > 1 else ""
    if not account:
        raise LinkproofError(
            f"{_name(resource['urn'])} ({resource['type']}) has no provider of this project's making",
            "import it by hand with `pulumi import`, or delete it at the vendor",
        )
    return account


def _refresh(engine: Engine, urns: Iterable[str]) -> None:
    """Read these again. Operations that are still pending stay so."""
    targets = [argument for urn in urns for argument in ("--target", urn)]
    engine.must(
        "refresh", "--stack", engine.stack, "--yes", "--suppress-outputs", "--skip-pending-creates", *targets
    )  # fmt: skip


def _name(urn: str) -> str:
    return urn.rpartition("::")[2]
