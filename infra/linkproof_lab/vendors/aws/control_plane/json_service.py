"""The JSON protocol of ACM, CloudWatch, EventBridge and Firehose: the operation in a header, its parameters in the body."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any, ClassVar

from linkproof_lab.apis.contract import ApiRequest
from linkproof_lab.vendors.aws.control_plane.calls import AwsAnswer, AwsCall, AwsError, json_error, request_id

Operation = Callable[[AwsCall, dict[str, Any]], dict[str, Any]]
_HEADER = "x-amz-target"


class JsonService:
    """Args:
    target: what stands before each operation's name.
    operations: by name.
    """

    target: ClassVar[str]
    content_type: ClassVar[str] = "application/x-amz-json-1.1"
    operations: Mapping[str, Operation]

    def claims(self, request: ApiRequest) -> bool:
        return request.headers.get(_HEADER, "").startswith(self.target)

    def refusal(self, error: AwsError) -> AwsAnswer:
        return json_error(error)

    def answer(self, call: AwsCall) -> AwsAnswer:
        """Do what the request says.

        Raises:
            AwsError: as the vendor would.
        """
        named = call.headers[_HEADER]
        operation = self.operations.get(named.removeprefix(self.target))
        if operation is None:
            raise AwsError(400, "UnknownOperationException", f"the lab has no {named}")
        try:
            parameters = json.loads(call.body or b"{}")
        except ValueError as error:
            raise AwsError(400, "SerializationException", "the body is not JSON") from error
        headers = {"Content-Type": self.content_type, "x-amzn-RequestId": request_id()}
        return AwsAnswer(200, json.dumps(operation(call, parameters)).encode(), headers)
