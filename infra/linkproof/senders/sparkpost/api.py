"""SparkPost's API: how a key is sent, whom a call is for, what its errors and its rate limit say; tracking domains as it has them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar
from urllib.parse import quote

from linkproof.contract.vendor import SECRETS
from linkproof.json_api import NO_MESSAGE, JsonApi, JsonApiError, Waiting, WaitingHere

__all__ = ["BASE_URLS", "SparkPostApi", "SparkPostError", "UnknownOutcomeError", "Waiting", "WaitingHere"]

# An enterprise account has an address of its own, which only its account manager knows.
BASE_URLS = {"us": "https://api.sparkpost.com", "eu": "https://api.eu.sparkpost.com"}
TRACKING, SENDING = "tracking-domains", "sending-domains"
# "Wait 1 to 5 seconds": no header says how long.
_WAIT_SECONDS = 2.0
_ACCOUNTS = "an account has the host already, or one of its subaccounts"


class SparkPostError(JsonApiError):
    """SparkPost refused a call, or gave no answer of its own."""

    vendor = "SparkPost"
    otherwise = "run the same command again; see https://status.sparkpost.com if it stays"
    fixes: ClassVar[Mapping[int, str]] = {
        400: "correct what the message names; what is restricted, only SparkPost's support can allow",
        401: f"the key is unknown or revoked, or of another region: set a valid one at {SECRETS}.ACCOUNT.sparkpostApiKey",
        403: "give the key the grant that this needs (linkproof/senders/sparkpost/README.md)",
        404: "see whether it was deleted in the console, or belongs to another account, subaccount or region",
        409: f"{_ACCOUNTS}: delete it there, or declare that account or subaccount",
        422: "SparkPost takes a host as it goes on the wire, and makes the default only of one that is verified",
        429: "run the same command again in some seconds; all keys of the account share the limit",
    }


class UnknownOutcomeError(SparkPostError):
    """The call may have been carried out: nothing says whether it was."""


class SparkPostApi(JsonApi):
    """One account's API."""

    root = "/api/v1/"
    subject = "subaccount"
    refused = SparkPostError
    unknown = UnknownOutcomeError

    def call(
        self,
        method: str,
        path: str,
        waiting: Waiting,
        body: Mapping[str, Any] | None = None,
        *,
        query: Mapping[str, str] | None = None,
        subaccount: str = "",
    ) -> Any:
        """One call, as `ask` does it; what `results` of the answer has.

        Args:
            path: below `/api/v1/`, its parts quoted.
            subaccount: for which the account calls.

        Raises:
            UnknownOutcomeError: it may have worked.
            SparkPostError: it was refused, or the vendor cannot be reached.
        """
        answer = self.ask(method, path, waiting, body, query=query, subject=subaccount)
        return answer.get("results") if isinstance(answer, dict) else None

    def headers(self, key: str, subject: str) -> dict[str, str]:
        """The bare key; a subaccount by its number."""
        return {"Authorization": key, **({"X-MSYS-SUBACCOUNT": subject} if subject else {})}

    def problems_of(self, error: Mapping[str, Any]) -> tuple[object, object]:
        """Its own code says more than its message."""
        message, more, code = (error.get(name) for name in ("message", "description", "code"))
        said = ", ".join(str(one).rstrip(".") for one in (message, more) if one)
        return "", f"{said} ({code})" if code else said

    def wait_seconds(self, headers: Mapping[str, str]) -> float:
        said = headers.get("retry-after", "")
        return float(said) if said.isdecimal() and len(said) < 4 else _WAIT_SECONDS


def joined_id(subaccount: str, domain: str) -> str:
    """`<domain>`, or `<subaccount>/<domain>`: an id alone says all that reading it takes."""
    return f"{subaccount}/{domain}" if subaccount else domain


def parted_id(resource_id: str) -> tuple[str, str]:
    """Subaccount, empty for the account itself, and the domain."""
    subaccount, _, domain = resource_id.rpartition("/")
    return subaccount, domain


def domain_at(kind: str, domain: str) -> str:
    """The path of a tracking or sending domain."""
    return f"{kind}/{quote(domain, safe='')}"


def found_or_none(api: SparkPostApi, kind: str, resource_id: str, waiting: Waiting) -> dict[str, Any] | None:
    """A tracking or sending domain; None for the API's own 404.

    Raises:
        SparkPostError: it answers anything else, or in no form of its own.
    """
    subaccount, domain = parted_id(resource_id)
    path = domain_at(kind, domain)
    try:
        found = api.call("GET", path, waiting, subaccount=subaccount)
    except SparkPostError as error:
        if error.status == 404 and error.problems != NO_MESSAGE:
            return None
        raise
    if not isinstance(found, dict):
        raise SparkPostError(f"GET /api/v1/{path}", 0, (("", "the answer has no results"),))
    return found


def existing(api: SparkPostApi, resource_id: str, waiting: Waiting) -> dict[str, Any]:
    """A tracking domain that has been there.

    Raises:
        SparkPostError: it is gone, or cannot be read.
    """
    held = found_or_none(api, TRACKING, resource_id, waiting)
    if held is None:
        path = domain_at(TRACKING, parted_id(resource_id)[1])
        raise SparkPostError(f"GET /api/v1/{path}", 404, (("", "it is gone"),))
    return held


def is_verified(found: Mapping[str, Any]) -> bool:
    return (found.get("status") or {}).get("verified") is True


def tls_status(found: Mapping[str, Any]) -> str:
    """`unknown`, `unavailable`, `pending`, `failed`, `expired` or `valid`; `unknown` where it is not said."""
    return str((found.get("status") or {}).get("tls_status") or "unknown")


def error_code(found: Mapping[str, Any]) -> str:
    """Why there is no certificate, as `acme:dns`; empty where it is not said."""
    return str((found.get("tls_certificate") or {}).get("error_code") or "")


def is_certified(found: Mapping[str, Any]) -> bool:
    """SparkPost has a certificate for the host, or is getting one."""
    return found.get("uses_managed_certificate") is True and tls_status(found) in ("unknown", "pending", "valid")
