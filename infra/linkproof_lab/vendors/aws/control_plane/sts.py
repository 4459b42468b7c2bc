"""The operations of STS: who calls, and credentials of another account's role."""

from __future__ import annotations

import re
import secrets
import time
from urllib.parse import parse_qs
from xml.sax.saxutils import escape

from linkproof_lab.apis.contract import ApiRequest
from linkproof_lab.apis.idents import iso_milli
from linkproof_lab.vendors.aws.control_plane.accounts import key_of_account
from linkproof_lab.vendors.aws.control_plane.calls import AwsAnswer, AwsCall, AwsError, request_id, xml_error

NAMESPACE = "https://sts.amazonaws.com/doc/2011-06-15/"
_ROLE = re.compile(r"arn:aws:iam::(\d{12}):role/([\w+=,.@/-]{1,512})")
_SESSION = re.compile(r"[\w+=,.@-]{2,64}")
_SECONDS = 3600


class Sts:
    """Requests have the form of the Query protocol: everything is in the body of a POST to the root."""

    def claims(self, request: ApiRequest) -> bool:
        return request.path == "/" and "x-amz-target" not in request.headers

    def refusal(self, error: AwsError) -> AwsAnswer:
        return xml_error(error, NAMESPACE)

    def answer(self, call: AwsCall) -> AwsAnswer:
        """Do what the request says.

        Raises:
            AwsError: as the vendor would.
        """
        fields = {name: values[0] for name, values in parse_qs(call.body.decode("utf-8", "replace")).items()}
        match fields.get("Action"):
            case "GetCallerIdentity":
                return _written("GetCallerIdentity", _identity(call.account))
            case "AssumeRole":
                return _written("AssumeRole", _assumed(fields))
        raise AwsError(400, "InvalidAction", f"the lab has no STS action {fields.get('Action')}")


def _identity(account: str) -> str:
    return f"<Arn>arn:aws:iam::{account}:user/lab</Arn><UserId>AIDALAB{account}</UserId><Account>{account}</Account>"


def _assumed(fields: dict[str, str]) -> str:
    role = _ROLE.fullmatch(fields.get("RoleArn", ""))
    session = fields.get("RoleSessionName", "")
    if role is None or not _SESSION.fullmatch(session):
        raise AwsError(400, "ValidationError", "RoleArn or RoleSessionName is not valid")
    account, name = role[1], role[2]
    user = f"arn:aws:sts::{account}:assumed-role/{name.rpartition('/')[2]}/{session}"
    return (
        f"<Credentials><AccessKeyId>{key_of_account(account)}</AccessKeyId>"
        f"<SecretAccessKey>{secrets.token_urlsafe(30)}</SecretAccessKey><SessionToken>{secrets.token_urlsafe(60)}</SessionToken>"
        f"<Expiration>{iso_milli(time.time() + _SECONDS)}</Expiration></Credentials>"
        f"<AssumedRoleUser><Arn>{escape(user)}</Arn><AssumedRoleId>AROALAB{account}:{escape(session)}</AssumedRoleId>"
        "</AssumedRoleUser>"
    )


def _written(action: str, result: str) -> AwsAnswer:
    rid = request_id()
    body = (
        f'<{action}Response xmlns="{NAMESPACE}"><{action}Result>{result}</{action}Result>'
        f"<ResponseMetadata><RequestId>{rid}</RequestId></ResponseMetadata></{action}Response>"
    )
    return AwsAnswer(200, body.encode(), {"Content-Type": "text/xml", "x-amzn-RequestId": rid})
