"""SES v2 as the resource types need it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from linkproof.providers.protocol.base import ApiError

from linkproof_lab.vendors.aws.stand_in.client import AwsClient

_SETS = "/v2/email/configuration-sets"


@dataclass(frozen=True, slots=True)
class SesV2:
    """The service of one account; each call names its region."""

    aws: AwsClient

    def call(self, method: str, path: str, region: str, body: dict[str, Any] | None = None) -> dict[str, Any]:
        """Raises:
        ApiError: with SES's code (`NotFoundException`, `BadRequestException`, …).
        """
        return self.aws.rest_json("sesv2", region, method, path, body, signing="ses")

    def found(self, path: str, region: str) -> dict[str, Any] | None:
        """The answer of a GET; None where there is no such object."""
        try:
            return self.call("GET", path, region)
        except ApiError as error:
            if error.code == "NotFoundException":
                return None
            raise


def set_path(name: str, *more: str) -> str:
    return "/".join([_SETS, *(quote(part, safe="") for part in (name, *more))])
