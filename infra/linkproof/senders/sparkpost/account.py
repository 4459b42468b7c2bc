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
        root_hints: a root hints file, where DNS begins elsewhere; relative to where the engine runs.
        dns_port: of every authoritative server.
    """

    region: Literal["us", "eu"] = "us"
    base_url: Text | None = None
    root_hints: Text | None = None
    dns_port: int | None = None


class Secrets(AccountForm):
    """What is not given is taken from the environment, `SPARKPOST_API_KEY`."""

    sparkpost_api_key: Secret | None = None
