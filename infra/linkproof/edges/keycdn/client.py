"""KeyCDN's API with an account's own key, for the commands that must look themselves. It is only asked, never told."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager

from linkproof.contract.vendor import SECRETS
from linkproof.edges.keycdn.account import Options, Secrets
from linkproof.edges.keycdn.api import BASE_URL, KeyCdnApi
from linkproof.errors import LinkproofError

KEY_VARIABLE = "KEYCDN_API_KEY"
PATIENCE_SECONDS = 60.0


def client(account: str, options: Options, secrets: Secrets, stack: str) -> KeyCdnApi:
    """A client with the account's key, or the environment's.

    Raises:
        LinkproofError: there is no key for the account.
    """
    secret = secrets.keycdn_api_key
    key = secret.get_secret_value() if secret else os.environ.get(KEY_VARIABLE)
    if not key:
        raise LinkproofError(
            f"no KeyCDN key for account {account}",
            f"set it in Pulumi.{stack}.yaml with `pulumi config set --stack {stack} --secret --path"
            f" {SECRETS}.{account}.keycdnApiKey`, or set {KEY_VARIABLE}",
        )
    return KeyCdnApi(options.base_url or BASE_URL, key)


@contextmanager
def asking(what: str, account: str) -> Iterator[None]:
    """The client says itself what goes wrong."""
    del what, account
    yield
