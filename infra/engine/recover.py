"""After a killed engine: removes its lock, finds what it had created, and puts that into the state.

The engine writes a pending operation before it asks a vendor for anything, so every object that a killed run can
have left is named there. It is found by its natural key, proved ours, and imported; nothing is ever guessed.
"""

from __future__ import annotations

import json
import tempfile
from collections.abc import Callable, Collection
from pathlib import Path
from typing import TYPE_CHECKING, Any

from infra.engine.find import WITHOUT_OBJECT, find
from infra.engine.lock import locks, restore_state
from infra.engine.survivors import wait_for_survivors
from infra.errors import LinkproofError

if TYPE_CHECKING:
    from infra.engine.cli import Engine
    from infra.engine.clients import Clients

PROVIDER_TYPES = "pulumi:providers:"


def recover(engine: Engine, clients: Callable[[], Clients], say: Callable[[str], None]) -> bool:
    """Bring the state back to what is there.

    Args:
        clients: called only when a vendor must be asked.
        say: is told each thing that is done.

    Returns:
        whether anything had to be done.

    Raises:
        LinkproofError: the lock's holder lives or cannot be known, or an object may not be ours. Nothing was changed.
    """
    acted = _unlock(engine, say)
    if not engine.exists():
        return acted
    document = engine.export()
    deployment = document.get("deployment") or {}
    pending = deployment.get("pending_operations") or []
    if not pending:
        return acted
    resources = deployment["resources"]
    known = {resource["id"] for resource in resources if resource.get("id")}
    found = [_settled(operation, clients, engine.stack, known, say) for operation in pending]
    imported = [resource for resource in found if resource is not None]
    _take_in(resources, imported)
    deployment["pending_operations"] = []
    _import(engine, document)
    targets = [argument for resource in imported for argument in ("--target", resource["urn"])]
    if targets:
        engine.must("refresh", "--stack", engine.stack, "--yes", "--suppress-outputs", *targets)
        say(f"imported {len(imported)}")
    return True


def _take_in(resources: list[dict[str, Any]], imported: list[dict[str, Any]]) -> None:
    """Add what was found. Where it was to replace another, that one is now the engine's to delete, as it would have been."""
    urns = {resource["urn"] for resource in imported}
    for resource in resources:
        if resource["urn"] in urns:
            resource["delete"] = True
    resources += imported


def _unlock(engine: Engine, say: Callable[[str], None]) -> bool:
    backend = engine.environment().get("PULUMI_BACKEND_URL", "")
    found = locks(backend, engine.project.name, engine.stack)
    for lock in found:
        held = lock.is_held
        if held:
            raise LinkproofError(f"stack {engine.stack} is being deployed by {lock.holder}", "wait until it has ended")
        if held is None:
            raise LinkproofError(
                f"stack {engine.stack} is locked by {lock.holder}, which cannot be seen from here",
                f"make sure that it has ended, then run `pulumi cancel --stack {engine.stack}`",
            )
    for lock in found:
        wait_for_survivors(engine.project.root)
        lock.file.unlink(missing_ok=True)
        say(f"removed the lock of {lock.holder}, which is dead")
    restored = restore_state(backend, engine.project.name, engine.stack)
    if restored:
        say("mended the state: the engine was killed while it wrote it")
    return bool(found) or restored


def _settled(
    operation: dict[str, Any],
    clients: Callable[[], Clients],
    stack: str,
    known: Collection[str],
    say: Callable[[str], None],
) -> dict[str, Any] | None:
    """The resource to put into the state, for a create that left an object behind."""
    resource: dict[str, Any] = operation["resource"]
    name = resource["urn"].rpartition("::")[2]
    shown = f"{name} ({resource['type']})"
    if operation["type"] not in ("creating", "importing"):
        # The state still has the resource as it was; the next deployment repeats the step.
        say(f"{shown}: {operation['type']} was interrupted; the next `pulumi up` repeats it")
        return None
    if not resource.get("custom", True) or resource["type"].startswith(PROVIDER_TYPES):
        return None  # a component, the stack or a provider instance: no vendor has anything of it
    if resource["type"] in WITHOUT_OBJECT:
        say(f"{shown}: waiting was interrupted; the next `pulumi up` waits again")
        return None
    account = resource["provider"].split("::")[-2].partition("-")[2]
    id_ = find(resource["type"], resource["inputs"], clients(), account, stack, known)
    if id_ is None:
        say(f"{shown}: nothing had been created")
        return None
    say(f"{shown}: found {id_}, created before the engine was killed")
    return {**resource, "id": id_, "outputs": resource.get("inputs", {}), "custom": True}


def _import(engine: Engine, document: dict[str, Any]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "state.json"
        file.write_text(json.dumps(document))
        file.chmod(0o600)
        engine.must("stack", "import", "--stack", engine.stack, "--file", str(file))
