"""The inputs of a preview: what of them is known before deployment, by which an object can be looked for."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, Final

# What the engine writes in a preview for a value that is known only after deployment.
UNKNOWN: Final = "04da6b54-80e4-46f7-96ec-b56ff0331ba9"
# The same in a doubt: what is there cannot be compared with it yet, and is once it is known.
LATER: Final = "what is known after deployment"
# By these an object is found.
_KEYS = ("zoneId", "name", "type", "phase", "domainName", "aliases", "arn", "role", "rule")


def can_be_found(inputs: Mapping[str, Any]) -> bool:
    """Whether all of the key by which an object is found is known by now."""
    return UNKNOWN not in json.dumps([inputs.get(key) for key in _KEYS])


def in_words(value: Any) -> Any:
    """The inputs with words for what is known only later: they are compared with what is there, and shown."""
    if isinstance(value, dict):
        return {name: in_words(part) for name, part in value.items()}
    if isinstance(value, list):
        return [in_words(part) for part in value]
    return LATER if value == UNKNOWN else value
