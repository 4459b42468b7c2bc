"""Names of CloudFront policies: letters, digits, `-` and `_`, at most 128, unique in an account (API reference)."""

from __future__ import annotations

import hashlib
import re

_NOT_ALLOWED = re.compile(r"[^A-Za-z0-9_-]")
_LONGEST = 128
_DIGEST = 8


def policy_name(owner: str, resource: str) -> str:
    """A policy's name in its account: to read, and of this stack alone.

    Args:
        owner: `organisation/project/stack`. Each part may hold what CloudFront does not take, such as a dot.
        resource: the policy's name in the engine.

    Returns:
        The project, the stack and the resource, and a digest of everything that their legal forms have lost.
    """
    digest = hashlib.sha256(f"{owner}//{resource}".encode()).hexdigest()[:_DIGEST]
    _, _, readable = owner.partition("/")
    legal = _NOT_ALLOWED.sub("-", f"{readable}-{resource}")
    return f"{legal[: _LONGEST - _DIGEST - 1]}-{digest}"
