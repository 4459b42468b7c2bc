"""The state after an import, made ready for deployments: what the engine's import leaves otherwise than a deployment would."""

from __future__ import annotations

import copy
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from linkproof.engine.state import record_types
from linkproof.history.keep import HISTORY_TYPE, with_unknown


def finished(document: dict[str, Any], urns: Sequence[str], now: datetime) -> dict[str, Any]:
    """The state to keep.

    Adopted records have an unknown past: until now they may have been anything, and the history says so. An imported record
    looks like one that a deployment made (docs/engine.md). A stack without a history needs no mark: these records are older
    than it will be, and what was before it is unknown anyway.

    What was taken over is protected until a deployment says what is to be: taken out of the declaration before that, it
    would be deleted. Not so components and providers, as `pulumi import` would have it: they are no objects, and the guard would
    take them for something that a deployment deletes.

    Args:
        document: as exported after the import.
        urns: what was taken over.
    """
    changed = copy.deepcopy(document)
    resources = (changed.get("deployment") or {}).get("resources") or []
    wanted = set(urns)
    records = [
        one["urn"].rpartition("::")[2] for one in resources if one["urn"] in wanted and one["type"] in record_types()
    ]
    for one in resources:
        if one["type"] == HISTORY_TYPE:
            one["outputs"] = with_unknown(one.get("outputs") or {}, records, now)
        if one["urn"] in wanted:
            one["protect"] = True
    return changed
