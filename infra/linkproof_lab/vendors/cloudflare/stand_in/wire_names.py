"""Property names of the Pulumi package to the API's and back: camel case to snake case, some plurals to singulars."""

from __future__ import annotations

import re
from typing import Any, Final

# Lists that the API names in the singular.
_SINGULAR: Final = {
    "checkPresences": "check_presence",
    "includes": "include",
    "lists": "list",
    "statusCodeTtls": "status_code_ttl",
}
_PLURAL: Final = {wire: name for name, wire in _SINGULAR.items()}
# Maps whose keys are the user's own (header names): they are kept as they are.
_FREE_KEYS: Final = frozenset({"headers", "contains"})


def to_wire(value: Any, *, free: bool = False) -> Any:
    """The value as the API takes it; `free` keeps the keys of the outermost map."""
    if isinstance(value, list):
        return [to_wire(item) for item in value]
    if not isinstance(value, dict):
        return value
    return {
        key if free else wire_name(key, item): to_wire(item, free=key in _FREE_KEYS and not free)
        for key, item in value.items()
    }


def from_wire(value: Any, *, free: bool = False) -> Any:
    """The value in the words of the Pulumi package; `null` members are left out."""
    if isinstance(value, list):
        return [from_wire(item) for item in value]
    if not isinstance(value, dict):
        return value
    return {
        key if free else property_name(key, item): from_wire(item, free=key in _FREE_KEYS and not free)
        for key, item in value.items()
        if item is not None
    }


def wire_name(name: str, value: Any) -> str:
    if isinstance(value, list) and name in _SINGULAR:
        return _SINGULAR[name]
    return re.sub(r"(?<=[a-z0-9])[A-Z]", lambda match: "_" + match[0].lower(), name)


def property_name(wire: str, value: Any) -> str:
    if isinstance(value, list) and wire in _PLURAL:
        return _PLURAL[wire]
    return re.sub(r"_([a-z0-9])", lambda match: match[1].upper(), wire)
