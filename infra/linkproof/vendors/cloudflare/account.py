"""What an account name means at Cloudflare: `linkproof:accounts.<name>.cloudflare` and its token."""

from __future__ import annotations

from linkproof.contract.vendor import AccountForm, Secret, Text

LIBRARIES = {"pulumi_cloudflare": "cloudflare"}


class Options(AccountForm):
    """Of a Cloudflare account."""

    base_url: Text | None = None


class Secrets(AccountForm):
    """What is not given is taken from the environment."""

    cloudflare_api_token: Secret | None = None
