"""What looks like a secret, so that it is refused and never printed."""

from __future__ import annotations

import re
from typing import Final

# Each vendor's own shape first: they cannot be anything else. The last two are shapes of no vendor: a bearer header,
# and a long run with upper case, lower case and digits. Zone ids (32 hex, Z…) and distribution ids do not reach it.
SECRET: Final = re.compile(
    r"""
      (?<![A-Za-z0-9])SG\.[A-Za-z0-9_-]{16,}(?:\.[A-Za-z0-9_-]+)?   # SendGrid API key
    | (?<![A-Za-z0-9])(?:AKIA|ASIA)[A-Z0-9]{16}                            # AWS access key id
    | gh[pousr]_[A-Za-z0-9]{20,}                           # GitHub token
    | pul-[0-9a-f]{40}                                     # Pulumi access token
    | -----BEGIN[ A-Z]*PRIVATE\ KEY-----
    | (?i:bearer)\ +[A-Za-z0-9._~+/-]{16,}
    | (?<![A-Za-z0-9_+/=.-])
      (?=[A-Za-z0-9_+/=-]{0,127}[a-z])(?=[A-Za-z0-9_+/=-]{0,127}[A-Z])(?=[A-Za-z0-9_+/=-]{0,127}[0-9])
      [A-Za-z0-9_+/=-]{40,}
      (?![A-Za-z0-9_+/=.-])
    """,
    re.VERBOSE,
)


def looks_like_secret(text: str) -> bool:
    """Whether any part of the text has the shape of a credential."""
    return SECRET.search(text) is not None
