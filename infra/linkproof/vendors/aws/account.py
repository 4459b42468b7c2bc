"""What an account name means at AWS: `linkproof:accounts.<name>.aws` and its keys."""

from __future__ import annotations

import re
from typing import Annotated

from pydantic import BeforeValidator, Field, model_validator

from linkproof.contract.vendor import AccountForm, Secret, Text

LIBRARIES = {"pulumi_aws": "aws", "boto3": "aws", "botocore": "aws"}

_DURATION = re.compile(r"(?:\d+h)?(?:\d+m)?(?:\d+s)?")
_UNITS = {"h": 3600, "m": 60, "s": 1}
# STS AssumeRole: DurationSeconds is 900 to 43200.
_SHORTEST_SECONDS, _LONGEST_SECONDS = 900, 43200


def duration_seconds(text: str) -> int:
    """Of `1h`, `90m`, `1h30m`.

    Raises:
        ValueError: it is not written so, or is not what AWS allows.
    """
    if not text or not _DURATION.fullmatch(text):
        raise ValueError("write a duration as 1h, 90m or 1h30m")
    seconds = sum(int(number) * _UNITS[unit] for number, unit in re.findall(r"(\d+)([hms])", text))
    if not _SHORTEST_SECONDS <= seconds <= _LONGEST_SECONDS:
        raise ValueError("a role is assumed for 15m to 12h")
    return seconds


def _checked_duration(text: object) -> object:
    if isinstance(text, str):
        duration_seconds(text)
    return text


class AssumeRole(AccountForm):
    """One role of a chain: each is assumed with the keys of the one before it."""

    role_arn: Annotated[str, Field(pattern=r"^arn:[\w-]+:iam::\d{12}:role/.+$")]
    session_name: Text | None = None
    external_id: Text | None = None
    duration: Annotated[Text, BeforeValidator(_checked_duration)] | None = None
    policy: Text | None = None
    policy_arns: list[Text] | None = None
    source_identity: Text | None = None
    tags: dict[str, str] | None = None
    transitive_tag_keys: list[Text] | None = None


class Endpoints(AccountForm):
    """Where a service is reached, of those that are used; elsewhere it is AWS."""

    acm: Text | None = None
    cloudfront: Text | None = None
    cloudwatch: Text | None = None
    events: Text | None = None
    firehose: Text | None = None
    iam: Text | None = None
    route53: Text | None = None
    s3: Text | None = None
    sesv2: Text | None = None
    sns: Text | None = None
    sts: Text | None = None


class Options(AccountForm):
    """Of an AWS account; without `profile` and keys the environment's credentials are used."""

    identifying = ("profile", "assume_roles")

    region: Text = "us-east-1"
    profile: Text | None = None
    assume_roles: list[AssumeRole] = Field(default_factory=list)
    endpoints: list[Endpoints] = Field(default_factory=list)
    skip_credentials_validation: bool | None = None
    skip_metadata_api_check: bool | None = None
    skip_region_validation: bool | None = None
    skip_requesting_account_id: bool | None = None

    def endpoint(self, service: str) -> str | None:
        given = (getattr(entry, service) for entry in self.endpoints)
        return next((url for url in given if url is not None), None)


class Secrets(AccountForm):
    """What is not given is taken from the environment."""

    aws_access_key: Secret | None = None
    aws_secret_key: Secret | None = None

    @model_validator(mode="after")
    def _keys_come_in_pairs(self) -> Secrets:
        if (self.aws_access_key is None) != (self.aws_secret_key is None):
            raise ValueError("awsAccessKey and awsSecretKey belong together: give both or neither")
        return self
