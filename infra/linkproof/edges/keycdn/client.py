"""KeyCDN's API with an account's own key, for the commands that must look themselves. It is only asked, never told."""

from __future__ import annotations

from linkproof.contract.vendor import says_itself, secret_of
from linkproof.edges.keycdn.account import Options, Secrets
from linkproof.edges.keycdn.api import BASE_URL, KeyCdnApi

KEY_VARIABLE = "KEYCDN_API_KEY"
PATIENCE_SECONDS = 60.0


def client(account: str, options: Options, secrets: Secrets, stack: str) -> KeyCdnApi:
    """A client with the account's key, or the environment's.

    Raises:
        LinkproofError: there is no key for the account.
    """
    key = secret_of(secrets.keycdn_api_key, KEY_VARIABLE, "KeyCDN key", account, "keycdnApiKey", stack)
    return KeyCdnApi(options.base_url or BASE_URL, key)


asking = says_itself
