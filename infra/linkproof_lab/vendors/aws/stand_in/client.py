"""Signed requests to services of AWS in their own wire formats."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final
from urllib.parse import urlencode
from xml.etree import ElementTree as ET

from linkproof.providers.protocol.base import ApiError, ProviderError

from linkproof_lab.providers.http import Answer, Http
from linkproof_lab.vendors.aws.stand_in import xml
from linkproof_lab.vendors.aws.stand_in.sigv4 import Credentials, signed_headers

# Route 53 and CloudFront are global; their requests are signed for this region.
GLOBAL_REGION: Final = "us-east-1"
_VERSIONS = {"iam": "2010-05-08", "sns": "2010-03-31", "sts": "2011-06-15"}
# What these services say, with status 400, where others say 429.
_SLOW_DOWN = (b"Throttling", b"PriorRequestNotComplete", b"TooManyRequests")


@dataclass(frozen=True, slots=True)
class AwsClient:
    """One account in one default region.

    Args:
        endpoints: URL of each service (`acm`, `cloudfront`, `route53`, …).
        default_tags: given to every resource that takes tags.
        asks_for_account: unless `skipRequestingAccountId` is set.
    """

    credentials: Credentials
    region: str
    endpoints: Mapping[str, str]
    http: Http
    default_tags: Mapping[str, str] = field(default_factory=dict)
    asks_for_account: bool = True

    def rest(
        self,
        service: str,
        method: str,
        path: str,
        body: bytes = b"",
        query: Mapping[str, str] | None = None,
        if_match: str = "",
        region: str = GLOBAL_REGION,
    ) -> tuple[ET.Element, Mapping[str, str]]:
        """A REST-XML request: the answer's document (empty when it has none) and its headers.

        Args:
            region: of the services that have several.

        Raises:
            ApiError: with the service's code (`NoSuchDistribution`, `CNAMEAlreadyExists`, …).
        """
        url = f"{path}?{urlencode(query)}" if query else path
        headers = {"content-type": "application/xml"} if body else {}
        if if_match:
            headers["if-match"] = if_match
        answer = self._send(service, region, method, url, headers, body)
        if answer.status >= 400:
            raise _xml_error(f"{service} {method} {path}", answer)
        return xml.parse(answer.body) if answer.body.strip() else ET.Element("Empty"), answer.headers

    def acm(self, operation: str, body: dict[str, Any], region: str) -> dict[str, Any]:
        """A JSON 1.1 request to ACM.

        Raises:
            ApiError: with ACM's code (`ResourceNotFoundException`, …).
        """
        return self._json("acm", f"CertificateManager.{operation}", "1.1", body, region)

    def cloudwatch(self, operation: str, body: dict[str, Any], region: str) -> dict[str, Any]:
        """A JSON 1.0 request to CloudWatch.

        Raises:
            ApiError: with CloudWatch's code (`ResourceNotFound`, …).
        """
        target = f"GraniteServiceVersion20100801.{operation}"
        return self._json("cloudwatch", target, "1.0", body, region, signing="monitoring")

    def firehose(self, operation: str, body: dict[str, Any], region: str) -> dict[str, Any]:
        """A JSON 1.1 request to Firehose.

        Raises:
            ApiError: with Firehose's code (`ResourceNotFoundException`, …).
        """
        return self._json("firehose", f"Firehose_20150804.{operation}", "1.1", body, region)

    def events(self, operation: str, body: dict[str, Any], region: str) -> dict[str, Any]:
        """A JSON 1.1 request to EventBridge.

        Raises:
            ApiError: with EventBridge's code (`ResourceNotFoundException`, …).
        """
        return self._json("events", f"AWSEvents.{operation}", "1.1", body, region)

    def query(self, service: str, action: str, fields: Mapping[str, str], region: str = GLOBAL_REGION) -> ET.Element:
        """A request of the Query protocol: what is inside the answer's result, empty where it has none.

        Args:
            service: `iam`, `sns` or `sts`.

        Raises:
            ApiError: with the service's code (`NoSuchEntity`, `NotFound`, …).
        """
        body = urlencode({"Action": action, "Version": _VERSIONS[service], **fields}).encode()
        headers = {"content-type": "application/x-www-form-urlencoded; charset=utf-8"}
        answer = self._send(service, region, "POST", "/", headers, body)
        if answer.status >= 400:
            raise _xml_error(f"{service} {action}", answer)
        found = xml.parse(answer.body).find(f"{action}Result")
        return found if found is not None else ET.Element("Empty")

    def account(self) -> str:
        """The account's number; empty where the provider is told not to ask for it, as the real one's ARNs then have none."""
        if not self.asks_for_account:
            return ""
        return xml.text(self.query("sts", "GetCallerIdentity", {}, self.region), "Account")

    def _json(
        self, service: str, target: str, version: str, body: dict[str, Any], region: str, *, signing: str = ""
    ) -> dict[str, Any]:
        operation = target.rpartition(".")[2]
        headers = {"content-type": f"application/x-amz-json-{version}", "x-amz-target": target}
        answer = self._send(service, region, "POST", "/", headers, json.dumps(body).encode(), signing=signing)
        try:
            document: dict[str, Any] = json.loads(answer.body or b"{}")
        except ValueError:
            raise ApiError(
                f"{service} {operation}", answer.status, "NotJson", answer.body[:200].decode("utf-8", "replace")
            ) from None
        if answer.status >= 400:
            named = str(document.get("__type", "Unknown")).rpartition("#")[2]
            code = answer.headers.get("x-amzn-query-error", named).partition(";")[0]
            message = str(document.get("message", document.get("Message", "")))
            raise ApiError(f"{service} {operation}", answer.status, code, message)
        return document

    def rest_json(
        self, service: str, region: str, method: str, path: str, body: dict[str, Any] | None = None, *, signing: str
    ) -> dict[str, Any]:
        """A REST-JSON request.

        Args:
            service: as the provider's `endpoints` name it.
            signing: as it is signed.

        Raises:
            ApiError: with the service's code, which its answer has in a header.
        """
        headers = {"content-type": "application/json"} if body is not None else {}
        content = json.dumps(body).encode() if body is not None else b""
        answer = self._send(service, region, method, path, headers, content, signing=signing)
        try:
            document: dict[str, Any] = json.loads(answer.body or b"{}")
        except ValueError:
            document = {"message": answer.body[:200].decode("utf-8", "replace")}
        if answer.status >= 400:
            code = answer.headers.get("x-amzn-errortype", "Unknown").partition(":")[0]
            raise ApiError(f"{service} {method} {path}", answer.status, code, str(document.get("message", "")))
        return document

    def _send(
        self,
        service: str,
        region: str,
        method: str,
        path: str,
        headers: Mapping[str, str],
        body: bytes,
        *,
        signing: str = "",
    ) -> Answer:
        endpoint = self.endpoints.get(service)
        if endpoint is None:
            raise ProviderError(
                f"the provider's `endpoints` name no {service}: this stand-in talks to a lab only",
                f"add the lab's address as endpoints[0].{service}",
            )
        url = endpoint.rstrip("/") + path
        return self.http.send(
            method,
            url,
            body,
            lambda: signed_headers(self.credentials, signing or service, region, method, url, headers, body),
            lambda answer: answer.status == 400 and any(word in answer.body for word in _SLOW_DOWN),
        )


def _xml_error(operation: str, answer: Answer) -> ApiError:
    try:
        document = xml.parse(answer.body)
    except ET.ParseError:
        return ApiError(operation, answer.status, "NotXml", answer.body[:200].decode("utf-8", "replace"))
    if document.tag == "InvalidChangeBatch":  # Route 53's own form
        return ApiError(
            operation,
            answer.status,
            "InvalidChangeBatch",
            "; ".join(xml.texts(document, "Messages/Message")) or xml.text(document, "Message"),
        )
    if document.tag == "Error":  # S3's own form
        return ApiError(operation, answer.status, xml.text(document, "Code"), xml.text(document, "Message"))
    return ApiError(
        operation, answer.status, xml.text(document, "Error/Code", "Unknown"), xml.text(document, "Error/Message")
    )
