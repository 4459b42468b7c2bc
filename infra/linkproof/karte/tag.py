"""KARTE's tag for a tracking host: its own standard tag (計測タグ), as the CNAME Tracking guide has it, with the host's four URLs."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final

from linkproof.errors import LinkproofError
from linkproof.names import HostName

PLACEHOLDER: Final = "<api_key>"
# The option and the path below the host, in the guide's order.
URLS: Final = {"track_url": "/track", "chat_url": "/chat", "collection_url": "/collection", "general_url": "/general"}
# Where the script itself still comes from.
SCRIPT_HOST: Final = "static.karte.io"
_KEY = re.compile(r"[A-Za-z0-9_-]{1,128}")
_TAG = Path(__file__).with_name("tag.js")


def tag(host: HostName, api_key: str = PLACEHOLDER) -> str:
    """The snippet to put into pages.

    Raises:
        LinkproofError: the key has characters that no key has, so that it could end the string that it stands in.
    """
    if api_key != PLACEHOLDER and not _KEY.fullmatch(api_key):
        raise LinkproofError(
            "the API key has other characters than letters, digits, - and _", "copy it from KARTE's own tag"
        )
    return _TAG.read_text("utf-8").replace("API_KEY", api_key).replace("HOST", host.text)
