"""SparkPost's API with an account's own key, for the commands that must look themselves. It is only asked, never told."""

from __future__ import annotations

from linkproof.contract.vendor import says_itself, secret_of
from linkproof.senders.sparkpost.account import Options, Secrets
from linkproof.senders.sparkpost.api import BASE_URLS, SparkPostApi

KEY_VARIABLE = "SPARKPOST_API_KEY"


def client(account: str, options: Options, secrets: Secrets, stack: str) -> SparkPostApi:
    """A client with the account's key, or the environment's.

    Raises:
        LinkproofError: there is no key for the account.
    """
    key = secret_of(secrets.sparkpost_api_key, KEY_VARIABLE, "SparkPost key", account, "sparkpostApiKey", stack)
    return SparkPostApi(options.base_url or BASE_URLS[options.region], key)


asking = says_itself
