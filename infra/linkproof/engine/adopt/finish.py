"""The state after an import, made ready for deployments: what the engine's import leaves otherwise than a deployment would."""

from __future__ import annotations

import copy
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from linkproof.engine.state import record_types
from linkproof.history.keep import HISTORY_TYPE, with_unknown

_PROVIDERS = "pulumi:providers:"


def finished(document: dict[str, Any], urns: Sequence[str], now: datetime) -> dict[str, Any]:
    """The state to keep.

    Adopted records have an unknown past: until now they may have been anything, and the history says so. An imported record
    looks like one that a deployment made (docs/engine.md). A stack without a history needs no mark: these records are older
    than it will be, and what was before it is unknown anyway.

    An import protects everything. What is no object at a vendor, components and providers, is let go of, for the guard
    would take it for something that a deployment deletes.

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
        if not one.get("custom") or one["type"].startswith(_PROVIDERS):
            one.pop("protect", None)
    return changed
