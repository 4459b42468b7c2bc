"""What an account name means at SendGrid: `linkproof:accounts.<name>.sendgrid` and its key."""

from __future__ import annotations

from typing import Literal

from linkproof.contract.vendor import AccountForm, Secret, Text

# httpx comes with whatever deploys.
LIBRARIES: dict[str, str] = {}


class Options(AccountForm):
    """Of a SendGrid account.

    Args:
        region: whose API is asked: an EU subuser's is another.
        base_url: of the API, in place of the region's.
        root_hints: a root hints file, where DNS begins elsewhere; relative to where the engine runs.
        dns_port: of every authoritative server.
        karte_base_url: where KARTE takes events, in place of its own host.
    """

    region: Literal["us", "eu"] = "us"
    base_url: Text | None = None
    root_hints: Text | None = None
    dns_port: int | None = None
    karte_base_url: Text | None = None


class Secrets(AccountForm):
    """What is not given is taken from the environment, `SENDGRID_API_KEY`, `KARTE_API_KEY` and `SENDGRID_SUBUSER_PASSWORD_<NAME>`.

    Args:
        sendgrid_subuser_passwords: of subusers that are made, by name.
    """

    sendgrid_api_key: Secret | None = None
    karte_api_key: Secret | None = None
    sendgrid_subuser_passwords: dict[Text, Secret] | None = None
