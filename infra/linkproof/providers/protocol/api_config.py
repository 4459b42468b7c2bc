"""What is alike in the config of providers that call a vendor's API: the key, where the API is, and where DNS begins."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

from linkproof.providers.protocol.served import Authorities
from linkproof.providers.protocol.values import Properties, Unknown


def api_problems(config: Properties, key_variable: str) -> Iterator[tuple[str, str]]:
    """(property, reason) for what is wrong with `baseUrl` and `apiKey`.

    Args:
        key_variable: the environment's, in place of `apiKey`.
    """
    base_url = config.get("baseUrl")
    if base_url is not None and not isinstance(base_url, Unknown) and not _is_url(str(base_url)):
        yield "baseUrl", f"{base_url} is no URL with https, nor plain http on loopback"
    key = config.get("apiKey") or os.environ.get(key_variable)
    if not key:
        yield "apiKey", f"missing: give one, or set {key_variable}"
    elif isinstance(key, str) and not (key.isascii() and key.isprintable() and " " not in key):
        yield "apiKey", "this is no API key: it has characters that none has"


def dns_problems(config: Properties) -> Iterator[tuple[str, str]]:
    """(property, reason) for what is wrong with `rootHints` and `dnsPort`."""
    port = config.get("dnsPort")
    if port is not None and not isinstance(port, Unknown) and not str(port).isdecimal():
        yield "dnsPort", "must be a number"
    hints = config.get("rootHints")
    if isinstance(hints, str) and not Path(hints).is_file():
        yield "rootHints", f"there is no file {hints}"


def authorities(config: Properties) -> Authorities:
    """The authoritative servers, as the config says where they are found."""
    hints = config.get("rootHints")
    return Authorities(Path(str(hints)) if hints else None, int(config.get("dnsPort", 53)))


def _is_url(text: str) -> bool:
    """A key goes over plain http to loopback alone."""
    parts = urlsplit(text)
    is_local = (parts.hostname or "").startswith("127.") or parts.hostname in ("localhost", "::1")
    return bool(parts.hostname) and (parts.scheme == "https" or (parts.scheme == "http" and is_local))
