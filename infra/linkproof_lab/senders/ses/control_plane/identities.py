"""Identities: domains, proved by the DKIM records that SES asks for, which are looked up until they are there.

docs.aws.amazon.com/ses/latest/APIReference-V2/API_GetEmailIdentity.html. Addresses and keys of one's own are not played.
"""

from __future__ import annotations

import contextlib
import hashlib
import re
from typing import Any

from linkproof_lab.store import Store
from linkproof_lab.vendors.aws.acm.ask import Asker, NoAnswerError
from linkproof_lab.vendors.aws.control_plane.calls import AwsCall, AwsError

# What a deployment has made, by account, region and domain.
KIND = "ses-email-identity"
# What customers have done beforehand, by domain: verified in every account and region of the lab.
SETTLED_KIND = "ses-identity"
ZONE = "dkim.amazonses.com"
_BEHAVIORS = ("USE_DEFAULT_VALUE", "REJECT_MESSAGE")
_LENGTHS = ("RSA_1024_BIT", "RSA_2048_BIT")
_DOMAIN = re.compile(r"(?!-)[a-z0-9-]{1,63}(\.(?!-)[a-z0-9-]{1,63})+")


class Identities:
    """Of every account and region."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def answer(self, call: AwsCall, path: list[str], body: dict[str, Any]) -> dict[str, Any] | None:
        """None where the request is about something else.

        Raises:
            AwsError: as the vendor would.
        """
        match call.method, path:
            case "POST", ["identities"]:
                return self._create(call, body)
            case "GET", ["identities", domain]:
                return self._view(self._found(call, domain))
            case "DELETE", ["identities", domain]:
                self._found(call, domain)
                self._store.delete(KIND, _key(call, domain))
                return {}
            case "PUT", ["identities", domain, "dkim", "signing"]:
                doc = self._found(call, domain)
                length = _length(body.get("SigningAttributes") or {})
                self._store.put(KIND, _key(call, domain), {**doc, "next_length": length})
                return {"DkimStatus": doc["status"], "DkimTokens": doc["tokens"], "SigningHostedZone": ZONE}
            case "PUT", ["identities", domain, "mail-from"]:
                doc = self._found(call, domain)
                self._store.put(KIND, _key(call, domain), {**doc, **_mail_from(doc["domain"], body)})
                return {}
            case "POST", ["tags"] if ":identity/" in str(body.get("ResourceArn")):
                doc = self._found(call, str(body["ResourceArn"]).rpartition("/")[2])
                tags = {**doc["tags"], **{tag["Key"]: tag["Value"] for tag in body.get("Tags") or ()}}
                self._store.put(KIND, _key(call, doc["domain"]), {**doc, "tags": tags})
                return {}
        return None

    def is_covered(self, call: AwsCall, domain: str) -> bool:
        """Whether a verified identity of this account and region is equal to it or above it."""
        labels = domain.split(".")
        return any(self._is_verified(call, ".".join(labels[start:])) for start in range(len(labels)))

    async def look(self, asker: Asker) -> None:
        """Look once for the records of every identity that waits for them."""
        for key, doc in self._store.all(KIND):
            if doc["status"] == "SUCCESS" and doc.get("mail_from_status") != "PENDING":
                continue
            wrong = [reason for token in doc["tokens"] if (reason := await _reason(asker, token, doc["domain"]))]
            change: dict[str, Any] = (
                {"status": "PENDING", "reason": wrong[0]} if wrong else {"status": "SUCCESS", "reason": None}
            )
            if doc.get("mail_from"):
                change["mail_from_status"] = await _mail_from_status(asker, doc, key.split("/")[1])
            changed = {**doc, **change}
            if changed != doc and self._store.get(KIND, key) == doc:
                self._store.put(KIND, key, changed)

    def _is_verified(self, call: AwsCall, domain: str) -> bool:
        settled = self._store.get(SETTLED_KIND, domain)
        made = self._store.get(KIND, _key(call, domain))
        return bool(settled and settled["verified"]) or bool(made and made["status"] == "SUCCESS")

    def _found(self, call: AwsCall, domain: str) -> dict[str, Any]:
        doc = self._store.get(KIND, _key(call, domain))
        if doc is not None:
            return doc
        settled = self._store.get(SETTLED_KIND, domain.lower())
        if settled is None:
            raise AwsError(404, "NotFoundException", f"Email identity {domain} does not exist.")
        status = "SUCCESS" if settled["verified"] else "PENDING"
        return {**_new(call, domain.lower(), "RSA_2048_BIT", {}), "status": status}

    def _create(self, call: AwsCall, body: dict[str, Any]) -> dict[str, Any]:
        domain = str(body.get("EmailIdentity") or "").lower()
        if not _DOMAIN.fullmatch(domain):
            raise AwsError(400, "BadRequestException", f"Invalid email identity <{domain}>; the lab has domains alone.")
        if self._store.get(KIND, _key(call, domain)) is not None:
            raise AwsError(400, "AlreadyExistsException", f"Email identity {domain} already exist.")
        tags = {tag["Key"]: tag["Value"] for tag in body.get("Tags") or ()}
        doc = _new(call, domain, _length(body.get("DkimSigningAttributes") or {}), tags)
        self._store.put(KIND, _key(call, domain), doc)
        return {
            "IdentityType": "DOMAIN",
            "VerifiedForSendingStatus": False,
            "DkimAttributes": self._view(doc)["DkimAttributes"],
        }

    def _view(self, doc: dict[str, Any]) -> dict[str, Any]:
        is_verified = doc["status"] == "SUCCESS"
        dkim = {
            "SigningEnabled": True,
            "Status": doc["status"],
            "Tokens": doc["tokens"],
            "SigningAttributesOrigin": "AWS_SES",
            "SigningHostedZone": ZONE,
            "NextSigningKeyLength": doc["next_length"],
            "CurrentSigningKeyLength": doc["next_length"],
        }
        return {
            "IdentityType": "DOMAIN",
            "FeedbackForwardingStatus": True,
            "VerifiedForSendingStatus": is_verified,
            "VerificationStatus": doc["status"],
            "VerificationInfo": {} if doc["reason"] is None else {"ErrorType": doc["reason"]},
            "DkimAttributes": dkim,
            "MailFromAttributes": _shown_mail_from(doc),
            "Policies": {},
            "Tags": [{"Key": key, "Value": value} for key, value in doc["tags"].items()],
        }


def _new(call: AwsCall, domain: str, length: str, tags: dict[str, str]) -> dict[str, Any]:
    digests = [hashlib.sha256(f"{_key(call, domain)} {number}".encode()).hexdigest() for number in range(3)]
    tokens = [digest[:32] for digest in digests]
    return {
        "domain": domain,
        "status": "PENDING",
        "reason": None,
        "tokens": tokens,
        "next_length": length,
        "tags": tags,
    }


def _mail_from(domain: str, body: dict[str, Any]) -> dict[str, Any]:
    """An empty put switches it off."""
    host, behavior = str(body.get("MailFromDomain") or "").lower(), body.get("BehaviorOnMxFailure", "USE_DEFAULT_VALUE")
    if host and not host.endswith(f".{domain}"):
        raise AwsError(
            400,
            "BadRequestException",
            f"Provided MAIL-FROM domain <{host}> is not subdomain of the domain of the identity <{domain}>.",
        )
    if behavior not in _BEHAVIORS:
        raise AwsError(400, "BadRequestException", f"Unknown behavior on MX failure <{behavior}>.")
    return {"mail_from": host, "on_mx_failure": behavior, "mail_from_status": "PENDING"}


def _shown_mail_from(doc: dict[str, Any]) -> dict[str, str]:
    shown = {"BehaviorOnMxFailure": doc.get("on_mx_failure", "USE_DEFAULT_VALUE")}
    if not doc.get("mail_from"):
        return shown
    return {**shown, "MailFromDomain": doc["mail_from"], "MailFromDomainStatus": doc["mail_from_status"]}


async def _mail_from_status(asker: Asker, doc: dict[str, Any], region: str) -> str:
    """Whether the MX record is the one that SES asks for; nothing is said of SPF, without which mail goes out too."""
    with contextlib.suppress(NoAnswerError):
        found = await asker.values(doc["mail_from"], "MX")
        if [one.lower() for one in found] == [f"10 feedback-smtp.{region}.amazonses.com."]:
            return "SUCCESS"
    return "PENDING"


def _length(attributes: dict[str, Any]) -> str:
    if attributes.get("DomainSigningPrivateKey"):
        raise AwsError(400, "BadRequestException", "the lab has no keys of one's own")
    length = str(attributes.get("NextSigningKeyLength") or "RSA_2048_BIT")
    if length not in _LENGTHS:
        raise AwsError(400, "BadRequestException", f"Unknown signing key length <{length}>.")
    return length


async def _reason(asker: Asker, token: str, domain: str) -> str | None:
    """Why a record does not prove anything yet, in the API's words; None where it does."""
    found: str | None = None
    with contextlib.suppress(NoAnswerError):
        found = await asker.cname(f"{token}._domainkey.{domain}")
    if found is None:
        return "HOST_NOT_FOUND"
    return None if found == f"{token}.{ZONE}" else "INVALID_VALUE"


def _key(call: AwsCall, domain: str) -> str:
    return f"{call.account}/{call.region}/{domain.lower()}"
