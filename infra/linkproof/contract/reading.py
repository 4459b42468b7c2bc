"""Values from elsewhere, each as what it must be."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


def text(values: Mapping[str, Any], key: str) -> str:
    """A text; empty where it is absent or null.

    Raises:
        ValueError: it is something else. The value is not shown.
    """
    value = values.get(key)
    if value is None:
        return ""
    if not isinstance(value, str):
        raise ValueError(f"`{key}` is no text")  # noqa: TRY004 - the caller knows one error
    return value


def seconds(values: Mapping[str, Any], key: str) -> int | None:
    """A whole number; None where it is absent, null or 0.

    Raises:
        ValueError: it is something else.
    """
    value = values.get(key)
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, (int, float)) or value != int(value) or value < 0:
        raise ValueError(f"`{key}` is no number of seconds")
    return int(value) or None


def texts(values: Mapping[str, Any], key: str) -> list[str]:
    """A list of texts; empty where it is absent or null.

    Raises:
        ValueError: it is something else.
    """
    value = values.get(key)
    if value is None:
        return []
    if not isinstance(value, list) or not all(isinstance(one, str) for one in value):
        raise ValueError(f"`{key}` is no list of texts")
    return value


def mappings(values: Mapping[str, Any], key: str) -> list[Mapping[str, Any]]:
    """A list of mappings; empty where it is absent or null.

    Raises:
        ValueError: it is something else.
    """
    value = values.get(key)
    if value is None:
        return []
    if not isinstance(value, list) or not all(isinstance(one, dict) for one in value):
        raise ValueError(f"`{key}` is no list of blocks")
    return value


def wire(name: str) -> str:
    """A name as on the wire, but for letters beyond ASCII: lower case, without trailing dot."""
    return name.strip().lower().removesuffix(".").replace("\\052", "*")
