"""What an account name means at KeyCDN: `linkproof:accounts.<name>.keycdn` and its secrets."""

from __future__ import annotations

from linkproof.contract.vendor import AccountForm, Secret, Text

# httpx comes with whatever deploys.
LIBRARIES: dict[str, str] = {}


class Options(AccountForm):
    """Of a KeyCDN account.

    Args:
        base_url: of the API, in place of KeyCDN's own.
        zone_suffix: what stands behind the hyphen in every zone URL of the account, as `1a2b` in `shop-1a2b.kxcdn.com`.
        certificates: files in PEM, by name: the certificate and what signs it; relative to where the engine runs.
    """

    base_url: Text | None = None
    zone_suffix: Text | None = None
    certificates: dict[Text, Text] | None = None


class Secrets(AccountForm):
    """What is not given is taken from the environment, `KEYCDN_API_KEY`.

    Args:
        keycdn_certificate_keys: of the certificates, by their names, in PEM.
    """

    keycdn_api_key: Secret | None = None
    keycdn_certificate_keys: dict[Text, Secret] | None = None
