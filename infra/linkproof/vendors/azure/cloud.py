"""Where a cloud of Azure's has its APIs: the public one, or what another's metadata host says."""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass

from linkproof.errors import LinkproofError

# Its form is one object from this version on; older ones give a list of clouds.
_API_VERSION = "2022-09-01"
_TIMEOUT_SECONDS = 30.0


@dataclass(frozen=True, slots=True)
class Cloud:
    """Args:
    management: of Azure Resource Manager, without a last slash.
    login: who gives tokens, likewise.
    audience: what a token must be for.
    """

    management: str
    login: str
    audience: str


PUBLIC = Cloud(
    "https://management.azure.com", "https://login.microsoftonline.com", "https://management.core.windows.net/"
)


def cloud_of(metadata_host: str | None) -> Cloud:
    """Asked over TLS; on loopback, where a lab is, without.

    Raises:
        LinkproofError: the host does not say where the APIs are.
    """
    if not metadata_host:
        return PUBLIC
    import httpx

    scheme = "http" if _is_loopback(metadata_host) else "https"
    url = f"{scheme}://{metadata_host}/metadata/endpoints?api-version={_API_VERSION}"
    try:
        found = httpx.get(url, timeout=_TIMEOUT_SECONDS).raise_for_status().json()
        authentication = found["authentication"]
        return Cloud(
            str(found["resourceManager"]).rstrip("/"),
            str(authentication["loginEndpoint"]).rstrip("/"),
            str(authentication["audiences"][0]),
        )
    except (httpx.HTTPError, ValueError, LookupError, TypeError) as error:
        raise LinkproofError(
            f"{url} does not say where that cloud's APIs are: {type(error).__name__}",
            "correct the account's metadataHost, or leave it out for the public cloud",
        ) from error


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host.rpartition(":")[0] or host).is_loopback
    except ValueError:
        return False
