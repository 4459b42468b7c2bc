"""What looks like a secret, so that it is refused and never printed."""

from __future__ import annotations

import re
from typing import Final

# Each vendor's own shape first: they cannot be anything else. The last two are shapes of no vendor: a bearer header,
# and a long run with upper case, lower case and digits. Zone ids (32 hex, Z…) and distribution ids do not reach it.
_CREDENTIAL: Final = r"""
      (?<![A-Za-z0-9])SG\.[A-Za-z0-9_-]{16,}(?:\.[A-Za-z0-9_-]+)?   # SendGrid API key
    | (?<![A-Za-z0-9])(?:AKIA|ASIA)[A-Z0-9]{16}                            # AWS access key id
    | gh[pousr]_[A-Za-z0-9]{20,}                           # GitHub token
    | pul-[0-9a-f]{40}                                     # Pulumi access token
    | -----BEGIN[ A-Z]*PRIVATE\ KEY-----
    | (?i:bearer)\ +[A-Za-z0-9._~+/-]{16,}
"""
_LONG: Final = r"""
    | (?<![A-Za-z0-9_+/=.-])
      (?=[A-Za-z0-9_+/=-]{0,127}[a-z])(?=[A-Za-z0-9_+/=-]{0,127}[A-Z])(?=[A-Za-z0-9_+/=-]{0,127}[0-9])
      [A-Za-z0-9_+/=-]{40,}
      (?![A-Za-z0-9_+/=.-])
"""
SECRET: Final = re.compile(_CREDENTIAL + _LONG, re.VERBOSE)
_ONLY_CREDENTIAL: Final = re.compile(_CREDENTIAL, re.VERBOSE)
# A real link has a long token in it: its recipient's, and no credential.
_CANARY: Final = re.compile(r"links\.[^.]+\.canaries\.[0-9]+\.url")


def looks_like_secret(text: str) -> bool:
    """Whether any part of the text has the shape of a credential."""
    return SECRET.search(text) is not None


def is_secret_at(path: str, text: str) -> bool:
    """The same for a value of the file: at a canary's URL a long run of letters and digits is what one expects."""
    return (_ONLY_CREDENTIAL if _CANARY.fullmatch(path) else SECRET).search(text) is not None
