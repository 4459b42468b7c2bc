"""What CloudFront refuses in a policy's configuration.

Names and comments: API reference, CachePolicyConfig and OriginRequestPolicyConfig; numbers: developer guide, "Quotas on
policies"; headers: developer guide, "Control origin requests with a policy".
"""

from __future__ import annotations

import re
from typing import Any

from linkproof_lab.vendors.aws.control_plane.calls import AwsError

_NAME = re.compile(r"[A-Za-z0-9_-]{1,128}")
_LONGEST_COMMENT = 128
_MOST_NAMES = 10
# Authorization is forwarded when it is in the cache key or with all viewer headers; Accept-Encoding by its own switches.
_NEVER_LISTED = {"OriginRequestPolicy": {"authorization", "accept-encoding"}, "CachePolicy": {"accept-encoding"}}
_PARTS = (("HeadersConfig", "Headers"), ("CookiesConfig", "Cookies"), ("QueryStringsConfig", "QueryStrings"))


def check_policy(kind: str, config: dict[str, Any]) -> None:
    """Judge a configuration.

    Args:
        kind: `CachePolicy` or `OriginRequestPolicy`.

    Raises:
        AwsError: with the vendor's code for the first thing that is wrong.
    """
    if not _NAME.fullmatch(config["Name"]):
        raise AwsError(400, "InvalidArgument", "The parameter Name contains characters that are not allowed.")
    if len(config.get("Comment", "")) > _LONGEST_COMMENT:
        raise AwsError(400, "InvalidArgument", f"The parameter Comment is longer than {_LONGEST_COMMENT} characters.")
    parts = config if kind == "OriginRequestPolicy" else config.get("ParametersInCacheKeyAndForwardedToOrigin") or {}
    for part, names in _PARTS:
        listed = ((parts.get(part) or {}).get(names) or {}).get("Items", [])
        if len(listed) > _MOST_NAMES:
            problem = f"The number of {names.lower()} in the policy exceeds the maximum of {_MOST_NAMES}."
            raise AwsError(400, f"TooMany{names}In{kind}", problem)
        if part == "HeadersConfig" and parts[part]["HeaderBehavior"] != "allExcept":
            refused = sorted(name for name in listed if name.lower() in _NEVER_LISTED[kind])
            if refused:
                raise AwsError(
                    400, "InvalidArgument", f"The parameter Headers contains {refused[0]} that is not allowed."
                )
