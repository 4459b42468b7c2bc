"""What the AWS APIs share: who calls, where, and how an error is said."""

from __future__ import annotations

import json
import re
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from xml.sax.saxutils import escape

from linkproof_lab.vendors.aws.control_plane.accounts import account_number

_CREDENTIAL = re.compile(r"Credential=([^/,\s]+)/\d{8}/([a-z0-9-]+)/([a-z0-9-]+)/aws4_request")


@dataclass(frozen=True, slots=True)
class AwsCall:
    """One signed request.

    Args:
        account: the twelve digits that belong to the access key.
        region: from the credential scope of the signature.
        query: parameter to its first value.
        headers: names in lower case.
    """

    method: str
    path: str
    query: Mapping[str, str]
    headers: Mapping[str, str]
    body: bytes
    account: str
    region: str


@dataclass(frozen=True, slots=True)
class AwsAnswer:
    status: int
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)


class AwsError(Exception):
    """An error as the vendor names it."""

    def __init__(self, status: int, code: str, message: str) -> None:
        super().__init__(f"{code}: {message}")
        self.status = status
        self.code = code
        self.message = message


def caller(authorization: str | None) -> tuple[str, str]:
    """Account and region of a request.

    Raises:
        AwsError: the header is missing or not of Signature Version 4. The signature itself is not verified.
    """
    if not authorization:
        raise AwsError(403, "MissingAuthenticationToken", "Missing Authentication Token")
    found = _CREDENTIAL.search(authorization)
    if not found:
        raise AwsError(403, "IncompleteSignature", "Authorization header requires 'Credential' parameter.")
    return account_number(found[1]), found[2]


def signed_for(headers: Mapping[str, str]) -> str:
    """The service that a request is signed for (`iam`, `s3`); empty where it is not signed."""
    found = _CREDENTIAL.search(headers.get("authorization", ""))
    return found[3] if found else ""


def request_id() -> str:
    return str(uuid.uuid4())


def xml_error(error: AwsError, namespace: str) -> AwsAnswer:
    """An error of Route 53 or CloudFront."""
    rid = request_id()
    kind = "Receiver" if error.status >= 500 else "Sender"
    body = (
        f'<?xml version="1.0"?>\n<ErrorResponse xmlns="{namespace}"><Error><Type>{kind}</Type><Code>{error.code}</Code>'
        f"<Message>{escape(error.message)}</Message></Error><RequestId>{rid}</RequestId></ErrorResponse>"
    )
    return AwsAnswer(error.status, body.encode(), {"Content-Type": "text/xml", "x-amzn-RequestId": rid})


def json_error(error: AwsError) -> AwsAnswer:
    """An error of Certificate Manager (AWS JSON 1.1)."""
    code = error.code if error.code.endswith("Exception") else f"{error.code}Exception"
    body = json.dumps({"__type": code, "message": error.message}).encode()
    return AwsAnswer(
        error.status, body, {"Content-Type": "application/x-amz-json-1.1", "x-amzn-RequestId": request_id()}
    )
