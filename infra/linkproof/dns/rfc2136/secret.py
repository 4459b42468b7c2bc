"""A TSIG secret, as servers' configuration files have it."""

from __future__ import annotations

import base64
import binascii

from linkproof.errors import LinkproofError


def secret_octets(text: str) -> bytes:
    """From base64.

    Raises:
        LinkproofError: it is none; the secret is not shown.
    """
    try:
        octets = base64.b64decode("".join(text.split()), validate=True)
    except (binascii.Error, ValueError):
        octets = b""
    if not octets:
        raise LinkproofError(
            "the TSIG secret is no base64",
            "copy `secret` of the key as the server's configuration has it, without its marks",
        )
    return octets
