"""What an account name means at SparkPost: `linkproof:accounts.<name>.sparkpost` and its key."""

from __future__ import annotations

from typing import Literal

from linkproof.contract.vendor import AccountForm, Secret, Text

# httpx comes with whatever deploys.
LIBRARIES: dict[str, str] = {}


class Options(AccountForm):
    """Of a SparkPost account.

    Args:
        region: whose API is asked.
        base_url: of the API, in place of the region's: an enterprise account has its own.
    """

    region: Literal["us", "eu"] = "us"
    base_url: Text | None = None


class Secrets(AccountForm):
    """What is not given is taken from the environment, `SPARKPOST_API_KEY`."""

    sparkpost_api_key: Secret | None = None
