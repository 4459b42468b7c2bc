"""The Query protocol of STS, IAM and SNS: a form in the body of a POST, an answer of nested elements."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, ClassVar
from urllib.parse import parse_qsl
from xml.sax.saxutils import escape

from linkproof_lab.apis.contract import ApiRequest
from linkproof_lab.vendors.aws.control_plane.calls import (
    AwsAnswer,
    AwsCall,
    AwsError,
    request_id,
    signed_for,
    xml_error,
)

Operation = Callable[[AwsCall, dict[str, str]], dict[str, Any]]


class QueryService:
    """Args:
    service: as requests are signed for it.
    operations: by the word in `Action`.
    """

    service: ClassVar[str]
    namespace: ClassVar[str]
    operations: Mapping[str, Operation]

    def claims(self, request: ApiRequest) -> bool:
        return request.path == "/" and signed_for(request.headers) == self.service

    def refusal(self, error: AwsError) -> AwsAnswer:
        return xml_error(error, self.namespace)

    def answer(self, call: AwsCall) -> AwsAnswer:
        """Do what the request says.

        Raises:
            AwsError: as the vendor would.
        """
        fields = fields_of(call)
        operation = self.operations.get(fields.get("Action", ""))
        if operation is None:
            raise AwsError(400, "InvalidAction", f"the lab's {self.service} has no action {fields.get('Action')}")
        return written(fields["Action"], self.namespace, operation(call, fields))


def fields_of(call: AwsCall) -> dict[str, str]:
    """The parameters of a request, by their flat names: `Tags.member.1.Key`."""
    return dict(parse_qsl(call.body.decode("utf-8", "replace"), keep_blank_values=True))


def pairs_of(fields: Mapping[str, str], lead: str, key: str, value: str) -> dict[str, str]:
    """A list of pairs: of tags `Tags.member`, `Key` and `Value`; of SNS's maps `Attributes.entry`, `key` and `value`."""
    found = {}
    number = 1
    while f"{lead}.{number}.{key}" in fields:
        found[fields[f"{lead}.{number}.{key}"]] = fields.get(f"{lead}.{number}.{value}", "")
        number += 1
    return found


def tags_of(fields: Mapping[str, str]) -> dict[str, str]:
    return pairs_of(fields, "Tags.member", "Key", "Value")


def members_of(fields: Mapping[str, str], lead: str) -> list[str]:
    return [value for name, value in fields.items() if name.startswith(f"{lead}.member.")]


def listed_tags(tags: Mapping[str, str]) -> list[dict[str, str]]:
    return [{"Key": key, "Value": value} for key, value in tags.items()]


def entries(values: Mapping[str, str]) -> str:
    """A map, as SNS writes one."""
    return "".join(
        f"<entry><key>{escape(key)}</key><value>{escape(value)}</value></entry>" for key, value in values.items()
    )


def written(action: str, namespace: str, result: Mapping[str, Any]) -> AwsAnswer:
    """An answer. A list is of `member`s; what is `entries` already stays as it is.

    Args:
        result: empty for an action that says nothing.
    """
    rid = request_id()
    body = "".join(
        f"<{name}>{_element(value, is_written=name == 'Attributes')}</{name}>" for name, value in result.items()
    )
    said = f"<{action}Result>{body}</{action}Result>" if result else ""
    document = (
        f'<{action}Response xmlns="{namespace}">{said}'
        f"<ResponseMetadata><RequestId>{rid}</RequestId></ResponseMetadata></{action}Response>"
    )
    return AwsAnswer(200, document.encode(), {"Content-Type": "text/xml", "x-amzn-RequestId": rid})


def _element(value: Any, *, is_written: bool = False) -> str:
    if is_written:
        return str(value)
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Mapping):
        return "".join(f"<{name}>{_element(inner)}</{name}>" for name, inner in value.items())
    if isinstance(value, Sequence) and not isinstance(value, str):
        return "".join(f"<member>{_element(inner)}</member>" for inner in value)
    return escape(str(value))
