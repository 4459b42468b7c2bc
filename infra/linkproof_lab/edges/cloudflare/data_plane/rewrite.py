"""Email Address Obfuscation: what it does to a page on its way through."""

from __future__ import annotations

import re
from dataclasses import replace

from linkproof_lab.web.origin import OriginAnswer

_ADDRESS = re.compile(rb"(?<![\w.+-])[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
_HIDDEN = b'<span class="__cf_email__">[email&#160;protected]</span>'


def hide_addresses(answer: OriginAnswer) -> OriginAnswer:
    """Replace mail addresses in an HTML body; any other answer stays as it is."""
    if not (answer.header("content-type") or "").lower().startswith("text/html") or answer.header("content-encoding"):
        return answer
    body = _ADDRESS.sub(_HIDDEN, answer.body)
    return replace(answer, body=body)
