"""SparkPost's API with an account's own key, for the commands that must look themselves. It is only asked, never told."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager

from linkproof.contract.vendor import SECRETS
from linkproof.errors import LinkproofError
from linkproof.senders.sparkpost.account import Options, Secrets
from linkproof.senders.sparkpost.api import BASE_URLS, SparkPostApi

KEY_VARIABLE = "SPARKPOST_API_KEY"


def client(account: str, options: Options, secrets: Secrets, stack: str) -> SparkPostApi:
    """A client with the account's key, or the environment's.

    Raises:
        LinkproofError: there is no key for the account.
    """
    secret = secrets.sparkpost_api_key
    key = secret.get_secret_value() if secret else os.environ.get(KEY_VARIABLE)
    if not key:
        raise LinkproofError(
            f"no SparkPost key for account {account}",
            f"set it in Pulumi.{stack}.yaml with `pulumi config set --stack {stack} --secret --path"
            f" {SECRETS}.{account}.sparkpostApiKey`, or set {KEY_VARIABLE}",
        )
    return SparkPostApi(options.base_url or BASE_URLS[options.region], key)


@contextmanager
def asking(what: str, account: str) -> Iterator[None]:
    """The client says itself what goes wrong."""
    del what, account
    yield
