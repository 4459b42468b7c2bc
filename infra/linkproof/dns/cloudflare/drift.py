"""What Cloudflare adds to a record, and spells in its own way."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from linkproof.contract.drift import Noise
from linkproof.dns.cloudflare.state import RECORD_TYPE
from linkproof.rdata import unquoted


def _same_settings(held: Any, read: Any) -> bool:
    return _switched_on(held) == _switched_on(read)


def _switched_on(settings: Any) -> dict[str, Any]:
    return {key: value for key, value in settings.items() if value} if isinstance(settings, dict) else {}


def _same_text(held: Any, read: Any) -> bool:
    texts = isinstance(held, str) and isinstance(read, str)
    return texts and '"' in (held[:1], read[:1]) and unquoted(held) == unquoted(read)


_TIMES = "a time that Cloudflare writes whenever somebody saves the record, changed or not"
NOISE: Mapping[str, Sequence[Noise]] = {
    RECORD_TYPE: (
        Noise(
            "settings", "flatten_cname is answered or left out while it is off, which is its default", _same_settings
        ),
        Noise("content", "a text is kept as it was written, with its marks or without, and served alike", _same_text),
        Noise("outputs.modifiedOn", _TIMES),
        Noise("outputs.commentModifiedOn", _TIMES),
        Noise("outputs.tagsModifiedOn", _TIMES),
        Noise("outputs.createdOn", _TIMES),
        Noise("outputs.meta", "Cloudflare's own notes on how a record came to be"),
        Noise("outputs.proxiable", "what Cloudflare would allow, not what is done"),
    )
}
