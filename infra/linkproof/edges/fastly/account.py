"""What an account name means at Fastly: `linkproof:accounts.<name>.fastly` and its token."""

from __future__ import annotations

from linkproof.contract.vendor import AccountForm, Secret, Text

LIBRARIES = {"pulumi_fastly": "fastly"}


class Options(AccountForm):
    """Of a Fastly account."""

    base_url: Text | None = None


class Secrets(AccountForm):
    """What is not given is taken from the environment, `FASTLY_API_KEY`."""

    fastly_api_key: Secret | None = None
