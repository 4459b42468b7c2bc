"""ACM as the certificate types need it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from linkproof.providers.protocol.base import ApiError

from linkproof_lab.vendors.aws.stand_in.client import AwsClient


@dataclass(frozen=True, slots=True)
class Acm:
    """The service of one account; each call names its region."""

    aws: AwsClient

    def describe(self, arn: str, region: str) -> dict[str, Any] | None:
        """ACM's `Certificate`, or None when there is none."""
        try:
            found: dict[str, Any] = self.aws.acm("DescribeCertificate", {"CertificateArn": arn}, region)["Certificate"]
        except ApiError as error:
            if error.code == "ResourceNotFoundException":
                return None
            raise
        # The real provider takes one that was never proved in time for gone.
        return None if found["Status"] == "VALIDATION_TIMED_OUT" else found

    def tags(self, arn: str, region: str) -> dict[str, str]:
        answer = self.aws.acm("ListTagsForCertificate", {"CertificateArn": arn}, region)
        return {tag["Key"]: tag.get("Value", "") for tag in answer.get("Tags", [])}

    def set_tags(self, arn: str, region: str, old: dict[str, str], new: dict[str, str]) -> None:
        gone = [{"Key": key} for key in old if key not in new]
        fresh = [{"Key": key, "Value": value} for key, value in new.items() if old.get(key) != value]
        if gone:
            self.aws.acm("RemoveTagsFromCertificate", {"CertificateArn": arn, "Tags": gone}, region)
        if fresh:
            self.aws.acm("AddTagsToCertificate", {"CertificateArn": arn, "Tags": fresh}, region)


def region_of(arn: str) -> str:
    """arn:aws:acm:REGION:ACCOUNT:certificate/ID; empty when it is no ARN."""
    parts = arn.split(":")
    return parts[3] if len(parts) > 5 and parts[2] == "acm" else ""


def moment(seconds: float | None) -> str:
    """ACM's seconds since the epoch as RFC 3339."""
    return "" if seconds is None else datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
