"""The operations of Certificate Manager."""

from __future__ import annotations

import base64
import time
import uuid
from collections.abc import Callable
from typing import Any

from linkproof_lab.store import Store
from linkproof_lab.vendors.aws.acm.lookup import KIND
from linkproof_lab.vendors.aws.acm.request import new_certificate
from linkproof_lab.vendors.aws.acm.views import detail, summary
from linkproof_lab.vendors.aws.control_plane.calls import AwsCall, AwsError
from linkproof_lab.vendors.aws.control_plane.json_service import JsonService

_TOKEN_SECONDS = 3600
_MOST_TAGS = 50
# Without Includes.keyTypes only these are listed (ListCertificates, API reference).
_DEFAULT_KEY_TYPES = ("RSA_1024", "RSA_2048")


class Acm(JsonService):
    """`CertificateManager.*`.

    Args:
        users_of: ARNs of what uses a certificate.
        watch: called with the ARN of each new certificate.
    """

    target = "CertificateManager."

    def __init__(self, store: Store, users_of: Callable[[str], list[str]], watch: Callable[[str], None]) -> None:
        self._store = store
        self._users_of = users_of
        self._watch = watch
        self._tokens: dict[tuple[str, str, str], str] = {}
        for arn, doc in store.all(KIND):
            if doc["token"]:
                self._tokens[doc["account"], doc["region"], doc["token"]] = arn
        self.operations = {
            "RequestCertificate": self._request,
            "DescribeCertificate": self._describe,
            "ListCertificates": self._list,
            "DeleteCertificate": self._delete,
            "GetCertificate": self._get,
            "ExportCertificate": self._export,
            "AddTagsToCertificate": self._add_tags,
            "RemoveTagsFromCertificate": self._remove_tags,
            "ListTagsForCertificate": self._list_tags,
        }

    def _certificate(self, call: AwsCall, parameters: dict[str, Any]) -> dict[str, Any]:
        arn = parameters.get("CertificateArn", "")
        prefix = f"arn:aws:acm:{call.region}:{call.account}:certificate/"
        doc = self._store.get(KIND, arn) if arn.startswith(prefix) else None
        if doc is None:
            raise AwsError(400, "ResourceNotFoundException", f"Could not find certificate {arn}.")
        return doc

    def _request(self, call: AwsCall, parameters: dict[str, Any]) -> dict[str, Any]:
        arn = f"arn:aws:acm:{call.region}:{call.account}:certificate/{uuid.uuid4()}"
        doc = new_certificate(arn, call.account, call.region, parameters)
        token = (call.account, call.region, doc["token"])
        before = self._store.get(KIND, self._tokens.get(token, "")) if doc["token"] else None
        if before and before["names"] == doc["names"] and time.time() < before["created_at"] + _TOKEN_SECONDS:
            return {"CertificateArn": before["arn"]}
        self._store.put(KIND, arn, doc)
        if doc["token"]:
            self._tokens[token] = arn
        self._watch(arn)
        return {"CertificateArn": arn}

    def _describe(self, call: AwsCall, parameters: dict[str, Any]) -> dict[str, Any]:
        doc = self._certificate(call, parameters)
        return {"Certificate": detail(doc, self._users_of(doc["arn"]))}

    def _list(self, call: AwsCall, parameters: dict[str, Any]) -> dict[str, Any]:
        statuses = parameters.get("CertificateStatuses")
        key_types = (parameters.get("Includes") or {}).get("keyTypes") or _DEFAULT_KEY_TYPES
        prefix = f"arn:aws:acm:{call.region}:{call.account}:certificate/"
        found = [
            doc
            for arn, doc in self._store.all(KIND)
            if arn.startswith(prefix)
            and doc["key_algorithm"] in key_types
            and (not statuses or doc["status"] in statuses)
        ]
        most, token = parameters.get("MaxItems", 1000), parameters.get("NextToken", "0")
        if not token.isdigit() or not 1 <= most <= 1000:
            raise AwsError(
                400, "ValidationException", "MaxItems is 1 to 1000, and NextToken comes from the answer before"
            )
        start = int(token)
        chosen = found[start : start + most]
        result: dict[str, Any] = {
            "CertificateSummaryList": [summary(doc, in_use=bool(self._users_of(doc["arn"]))) for doc in chosen]
        }
        if start + most < len(found):
            result["NextToken"] = str(start + most)
        return result

    def _delete(self, call: AwsCall, parameters: dict[str, Any]) -> dict[str, Any]:
        doc = self._certificate(call, parameters)
        if self._users_of(doc["arn"]):
            raise AwsError(
                400, "ResourceInUseException", f"Certificate {doc['arn']} in account {call.account} is in use."
            )
        self._store.delete(KIND, doc["arn"])
        return {}

    def _get(self, call: AwsCall, parameters: dict[str, Any]) -> dict[str, Any]:
        doc = self._certificate(call, parameters)
        if doc["status"] != "ISSUED":
            raise AwsError(
                400, "RequestInProgressException", f"Certificate is not yet issued; its status is {doc['status']}"
            )
        return {"Certificate": doc["cert_pem"], "CertificateChain": doc["chain_pem"]}

    def _export(self, call: AwsCall, parameters: dict[str, Any]) -> dict[str, Any]:
        from cryptography.hazmat.primitives.serialization import (
            BestAvailableEncryption,
            Encoding,
            PrivateFormat,
            load_pem_private_key,
        )

        doc = self._certificate(call, parameters)
        passphrase = _passphrase(parameters.get("Passphrase"))
        if doc["export"] != "ENABLED":
            raise AwsError(400, "ValidationException", f"Certificate {doc['arn']} is not eligible for export.")
        given = self._get(call, parameters)
        key = load_pem_private_key(doc["key_pem"].encode(), None)
        encrypted = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, BestAvailableEncryption(passphrase))
        return {**given, "PrivateKey": encrypted.decode()}

    # tags --------------------------------------------------------------------------------------
    def _add_tags(self, call: AwsCall, parameters: dict[str, Any]) -> dict[str, Any]:
        doc = self._certificate(call, parameters)
        tags = {**doc["tags"], **{tag["Key"]: tag.get("Value", "") for tag in parameters.get("Tags", [])}}
        if len(tags) > _MOST_TAGS:
            raise AwsError(
                400, "TooManyTagsException", f"the certificate would have {len(tags)} tags, at most {_MOST_TAGS}"
            )
        self._store.put(KIND, doc["arn"], {**doc, "tags": tags})
        return {}

    def _remove_tags(self, call: AwsCall, parameters: dict[str, Any]) -> dict[str, Any]:
        doc = self._certificate(call, parameters)
        tags = dict(doc["tags"])
        for tag in parameters.get("Tags", []):
            if tags.get(tag["Key"]) == tag.get("Value", tags.get(tag["Key"])):
                tags.pop(tag["Key"], None)
        self._store.put(KIND, doc["arn"], {**doc, "tags": tags})
        return {}

    def _list_tags(self, call: AwsCall, parameters: dict[str, Any]) -> dict[str, Any]:
        doc = self._certificate(call, parameters)
        return {"Tags": [{"Key": key, "Value": value} for key, value in doc["tags"].items()]}


def _passphrase(given: Any) -> bytes:
    """Of 4 to 128 ASCII characters without #, $ and % (ExportCertificate, API reference)."""
    try:
        passphrase = base64.b64decode(str(given or ""), validate=True)
    except ValueError as error:
        raise AwsError(400, "SerializationException", "the passphrase is no base64") from error
    if not 4 <= len(passphrase) <= 128 or not passphrase.isascii() or set(passphrase) & set(b"#$%"):
        raise AwsError(
            400, "ValidationException", "The passphrase has 4 to 128 ASCII characters, and none of #, $ and %."
        )
    return passphrase
