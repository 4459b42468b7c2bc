"""What `api.py` of a service with the vendor `aws` gives: its part of the API at AWS's address."""

from __future__ import annotations

from typing import Protocol, runtime_checkable

from linkproof_lab.apis.contract import ApiRequest
from linkproof_lab.vendors.aws.control_plane.calls import AwsAnswer, AwsCall, AwsError


class AwsService(Protocol):
    def claims(self, request: ApiRequest) -> bool:
        """Whether a request is for this service."""

    def answer(self, call: AwsCall) -> AwsAnswer:
        """Do what the request says.

        Raises:
            AwsError: as the vendor would.
        """

    def refusal(self, error: AwsError) -> AwsAnswer:
        """An error in the service's own form."""


@runtime_checkable
class UsesCertificates(Protocol):
    """A service that certificates are used by: Certificate Manager does not delete those."""

    def users_of_certificate(self, arn: str) -> list[str]:
        """ARNs of what uses it."""
