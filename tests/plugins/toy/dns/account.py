"""What an account name means at the toy DNS host: where its API is, and its token."""

from __future__ import annotations

from linkproof.contract.vendor import AccountForm, Secret, Text

LIBRARIES: dict[str, str] = {}


class Options(AccountForm):
    """Of one account."""

    api: Text | None = None


class Secrets(AccountForm):
    """Of one account."""

    toydns_token: Secret | None = None
