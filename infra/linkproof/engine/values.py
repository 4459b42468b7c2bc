"""Single values of the engine's documents: where they stand, and how a line shows them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, Final

from linkproof.engine.previewed import UNKNOWN

NOTHING: Final = "nothing"
_LATER: Final = "known after deployment"


def at(properties: Any, path: str) -> Any:
    """What stands at a dotted path; None where nothing does."""
    for part in path.split("."):
        properties = properties.get(part) if isinstance(properties, Mapping) else None
    return properties


def shown(value: Any, longest: int) -> str:
    """A value as a line shows it, cut behind so many characters."""
    if value is None:
        return NOTHING
    if value == UNKNOWN:
        return _LATER
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if isinstance(value, list) and len(value) == 1 and isinstance(value[0], str):
        value = value[0]
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, sort_keys=True)
    text = text.replace(UNKNOWN, _LATER)
    return text if len(text) <= longest else f"{text[:longest]}…"
