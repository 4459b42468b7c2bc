"""What an object of JSON:API names as related."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


def related(data: Mapping[str, Any], name: str) -> list[str]:
    """Ids of one relationship, which has one object or a list of them."""
    found = ((data.get("relationships") or {}).get(name) or {}).get("data") or []
    return [str(one["id"]) for one in (found if isinstance(found, list) else [found])]
