"""What an account name means here: a primary server, and the key that it takes updates with."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from linkproof.contract.vendor import AccountForm, Secret, Text

# dnspython comes with linkproof itself.
LIBRARIES: dict[str, str] = {}
ALGORITHMS = ("hmac-sha224", "hmac-sha256", "hmac-sha384", "hmac-sha512")


class Options(AccountForm):
    """Of a primary server.

    Args:
        server: its name or address.
        port: where it takes updates, over TCP.
        key_name: of the TSIG key, as the server has it.
        algorithm: of the key; MD5 and SHA-1 are not for new use (RFC 8945 §6).
    """

    limits_writes = False

    server: Text | None = None
    port: Annotated[int, Field(ge=1, le=65535)] = 53
    key_name: Text | None = None
    algorithm: Literal["hmac-sha224", "hmac-sha256", "hmac-sha384", "hmac-sha512"] = "hmac-sha256"


class Secrets(AccountForm):
    """The key's secret in base64; what is not given is taken from the environment, `RFC2136_TSIG_SECRET`."""

    rfc2136_tsig_secret: Secret | None = None
