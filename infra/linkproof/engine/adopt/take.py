"""The import itself: the skeleton that the engine gave, with ids, less what does not exist."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Collection, Sequence
from pathlib import Path
from typing import Any

from linkproof.engine.adopt.look import Existing
from linkproof.engine.cli import Engine

_PROVIDERS = "pulumi:providers:"


def import_document(skeleton: dict[str, Any], found: Sequence[Existing]) -> dict[str, Any]:
    """What `pulumi import --file` takes.

    Components and providers stay where something is imported below or with them: a provider that the state lacks and the
    file does not bring would be made with empty inputs, and the import done with whatever credentials are around. A
    provider gets no id.

    Args:
        skeleton: of a preview.
    """
    ids = {(one.type, one.name): one.id for one in found}
    entries: list[dict[str, Any]] = skeleton.get("resources") or []
    taken = [{**entry, "id": ids[_key(entry)]} for entry in entries if _key(entry) in ids]
    by_name = {entry["name"]: entry for entry in entries}
    needed: dict[str, dict[str, Any]] = {}
    waiting = list(taken)
    while waiting:
        entry = waiting.pop()
        for reference in ("parent", "provider"):
            other = by_name.get(str(entry.get(reference) or ""))
            if other is not None and other["name"] not in needed:
                needed[other["name"]] = other
                waiting.append(other)
    kept = [{key: value for key, value in entry.items() if key != "id"} for entry in needed.values()]
    used = {str(entry.get(key)) for entry in (*kept, *taken) for key in ("parent", "provider")}
    table = {name: urn for name, urn in (skeleton.get("nameTable") or {}).items() if name in used}
    return {"nameTable": table, "resources": kept + taken}


def take(engine: Engine, document: dict[str, Any]) -> None:
    """Import; the engine reads each object and changes none.

    Raises:
        EngineError: an object cannot be read.
    """
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "import.json"
        file.touch(mode=0o600)
        file.write_text(json.dumps(document))
        engine.must(
            "import", "--stack", engine.stack, "--file", str(file), "--yes", "--skip-preview",
            "--generate-code=false", "--suppress-outputs", "--protect=false",
        )  # fmt: skip


def missing_providers(document: dict[str, Any], known: Collection[str]) -> list[str]:
    """URNs of providers that the document's name table names and the state lacks."""
    return [urn for urn in document["nameTable"].values() if _PROVIDERS in urn and urn not in known]


def _key(entry: dict[str, Any]) -> tuple[str, str]:
    return entry["type"], str(entry.get("logicalName") or entry["name"])
