"""A property that holds a JSON document: the provider compares what it says, not how it is written."""

from __future__ import annotations

import json
from typing import Any

from linkproof.providers.protocol.schema import Field


def _as_json(text: Any) -> Any:
    try:
        return json.dumps(json.loads(text), sort_keys=True)
    except (ValueError, TypeError):
        return text


JSON_TEXT = Field("text", fold=_as_json)
