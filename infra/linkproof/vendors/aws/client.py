"""AWS with an account's own keys, its chain of roles taken as the provider takes it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from linkproof.contract.vendor import ACCOUNTS
from linkproof.errors import LinkproofError
from linkproof.vendors.aws.account import AssumeRole, Options, Secrets, duration_seconds

if TYPE_CHECKING:
    import boto3

SESSION_NAME = "linkproof"


class AwsClient:
    """boto3 clients of one account, by service and region."""

    def __init__(self, account: str, made: boto3.Session, options: Options) -> None:
        self.account = account
        self._session = made
        self._options = options

    def service(self, name: str, region: str | None = None) -> Any:
        """A boto3 client; without a region in the account's own."""
        options = self._options
        return self._session.client(name, region_name=region or options.region, endpoint_url=options.endpoint(name))

    def to_import(self, name: str, region: str | None) -> str:
        """The id to import what has a name by. The provider looks in its own region otherwise, whatever `region` the resource has.

        Args:
            name: says nothing of a region. An ARN does, and is imported by itself.
        """
        return f"{name}@{region or self._options.region}"


def client(account: str, options: Options, secrets: Secrets, stack: str) -> AwsClient:
    """Without configured credentials it reads the environment, as the provider does.

    Raises:
        LinkproofError: the account's profile is missing, or one of its roles may not be assumed.
    """
    return AwsClient(account, session(account, options, secrets, stack), options)


def session(account: str, options: Options, secrets: Secrets, stack: str) -> boto3.Session:
    """Keys from the secrets, the profile or the environment, then each role of `assumeRoles` with the keys of the one before it.

    Raises:
        LinkproofError: there is no such profile, or a role may not be assumed.
    """
    import boto3
    from botocore.exceptions import BotoCoreError, ClientError

    place = f"Pulumi.{stack}.yaml: {ACCOUNTS}.{account}.aws"
    try:
        made = boto3.Session(
            profile_name=options.profile,
            aws_access_key_id=secrets.aws_access_key.get_secret_value() if secrets.aws_access_key else None,
            aws_secret_access_key=secrets.aws_secret_key.get_secret_value() if secrets.aws_secret_key else None,
            region_name=options.region,
        )
    except BotoCoreError as error:
        raise LinkproofError(
            f"{place}.profile: {error}", "name a profile of ~/.aws/config, or set AWS_CONFIG_FILE"
        ) from error
    for number, role in enumerate(options.assume_roles):
        sts = made.client("sts", endpoint_url=options.endpoint("sts"))
        try:
            given = sts.assume_role(**_request(role))["Credentials"]
        except (BotoCoreError, ClientError) as error:
            raise LinkproofError(
                f"{place}.assumeRoles[{number}]: {role.role_arn} could not be assumed: {error}",
                "let the role's trust policy name these credentials, or correct roleArn and externalId",
            ) from error
        made = boto3.Session(
            aws_access_key_id=given["AccessKeyId"],
            aws_secret_access_key=given["SecretAccessKey"],
            aws_session_token=given["SessionToken"],
            region_name=options.region,
        )
    return made


def _request(role: AssumeRole) -> dict[str, Any]:
    wanted: dict[str, Any] = {
        "RoleArn": role.role_arn,
        "RoleSessionName": role.session_name or SESSION_NAME,
        "ExternalId": role.external_id,
        "DurationSeconds": duration_seconds(role.duration) if role.duration else None,
        "Policy": role.policy,
        "PolicyArns": [{"arn": arn} for arn in role.policy_arns] if role.policy_arns else None,
        "SourceIdentity": role.source_identity,
        "Tags": [{"Key": key, "Value": value} for key, value in role.tags.items()] if role.tags else None,
        "TransitiveTagKeys": role.transitive_tag_keys,
    }
    return {name: value for name, value in wanted.items() if value is not None}


@contextmanager
def asking(what: str, account: str) -> Iterator[None]:
    """Around calls of AWS: what goes wrong there is said as everything else is.

    Raises:
        LinkproofError: AWS refused, or cannot be reached.
    """
    from botocore.exceptions import BotoCoreError, ClientError

    try:
        yield
    except (BotoCoreError, ClientError) as error:
        raise LinkproofError(
            f"AWS gave no answer about {what} (account {account}): {error}",
            f"give the account what the README lists for it, or correct {ACCOUNTS}.{account}; then run this again",
        ) from error
