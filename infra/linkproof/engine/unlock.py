"""Removes a dead engine's lock, and what else only a killed engine leaves on a file backend."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from linkproof.engine import state_file
from linkproof.engine.backend import backend_url, folder
from linkproof.engine.lock import Lock, locks
from linkproof.engine.note import read_note
from linkproof.engine.survivors import Whose, end_survivors
from linkproof.errors import LinkproofError

if TYPE_CHECKING:
    from linkproof.engine.cli import Engine

Say = Callable[[str], None]


def unlock(engine: Engine, say: Say) -> bool:
    """Remove a dead engine's lock. Its state is put back from the backup only then: nothing else tells a kill from a rename.

    Returns:
        whether there was anything to do.

    Raises:
        LinkproofError: the holder lives or cannot be known, or its providers still work; nothing was changed.
        TornStateError: the state is not whole, and no dead engine's lock says why.
    """
    project, stack = engine.project, engine.stack
    environment = engine.environment()
    backend = backend_url(project, environment)
    root = folder(backend, project.root)
    found = locks(root, project.name, stack)
    for lock in found:
        _refuse_living(lock, engine)
    if found or root is None:
        # Another kind of backend keeps its lock elsewhere, and its engine may have been killed here all the same.
        declaration = environment.get("LINKPROOF_DECLARATION", "")
        end_survivors(Whose(project.root, project.name, declaration, backend), say)
    if root is None:
        return False
    mended = bool(state_file.remove_torn_attributes(root, project.name, stack))
    if mended:
        say("removed torn attributes of the state, which the backend does without")
    if found:
        _restore(engine, root, say)
    for lock in found:
        lock.file.unlink(missing_ok=True)
        say(f"removed the lock of {lock.holder}, which is dead")
    broken = state_file.torn(root, project.name, stack)
    if broken is not None:
        raise state_file.TornStateError(broken, stack, _by_hand(root, project.name, stack, broken))
    return bool(found) or mended


def _refuse_living(lock: Lock, engine: Engine) -> None:
    held = lock.is_held(read_note(engine.project, engine.stack, lock.pid))
    if held:
        raise LinkproofError(f"stack {engine.stack} is being deployed by {lock.holder}", "wait until it has ended")
    if held is None:
        raise LinkproofError(
            f"stack {engine.stack} is locked by {lock.holder}, which cannot be seen from here",
            f"make sure that it has ended, in every container of that host name too; then run `pulumi cancel --stack {engine.stack}`",
        )


def _restore(engine: Engine, root: Path, say: Say) -> None:
    restored = state_file.restore(root, engine.project.name, engine.stack)
    if restored is None:
        return
    try:
        document = engine.export()
        other = _same_objects_elsewhere(engine, document)
    except LinkproofError:
        restored.file.unlink()  # whose it is could not be found out: the next call tries again, for the lock is still there
        raise
    if other is not None:
        restored.file.unlink()
        say(f"the backup of {engine.stack} was left alone: stack {other} has the same objects, so this one was renamed")
        return
    say(_told(restored, document))


def _told(restored: state_file.Restored, document: dict[str, Any]) -> str:
    deployment = document.get("deployment") or {}
    written = (deployment.get("manifest") or {}).get("time")
    when = datetime.fromisoformat(written) if written else datetime.fromtimestamp(restored.backup.stat().st_mtime, UTC)
    age = int((datetime.now(UTC) - when.astimezone(UTC)).total_seconds())
    kept = f"; the broken one is kept as {restored.torn.name}" if restored.torn else ""
    return (
        f"put the state back from {restored.backup.name}, as it was {age} s ago ({when.isoformat(timespec='seconds')}, "
        f"{len(deployment.get('resources') or ())} resources): the engine was killed while it wrote the next one{kept}"
    )


def _same_objects_elsewhere(engine: Engine, document: dict[str, Any]) -> str | None:
    """Another stack of the project that has an object of this state: a rename was killed before its end."""
    mine = _objects(document)
    for other in engine.others() if mine else ():
        if mine & _objects(engine.export_of(other)):
            return other
    return None


def _objects(document: dict[str, Any]) -> set[tuple[str, str]]:
    resources = (document.get("deployment") or {}).get("resources") or ()
    return {
        (resource["type"], resource["id"])
        for resource in resources
        if resource.get("id") and resource.get("custom") and not resource["type"].startswith("pulumi:")
    }


def _by_hand(root: Path, project: str, stack: str, broken: Path) -> str:
    backup = state_file.backup_of(root, project, stack)
    if backup is None:
        return f"no whole backup stands beside it; see {root / 'backups' / project / stack} for older ones"
    when = datetime.fromtimestamp(backup.stat().st_mtime, UTC).isoformat(timespec="seconds")
    return (
        "no dead engine's lock was found, so nothing was put back; if an engine was killed and its lock cancelled, "
        f"put back the state of {when}: mv {broken} {broken}.torn && cp -p {backup} {str(backup).removesuffix('.bak')}"
    )
