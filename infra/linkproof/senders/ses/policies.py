"""The policies of what event destinations need, as AWS's guides write them.

Trust and topic: docs.aws.amazon.com/ses/latest/dg/event-publishing-add-event-destination-firehose.html and -sns.html. The stream's own role:
docs.aws.amazon.com/firehose/latest/dev/controlling-access.html.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from typing import Any, Final

from linkproof.errors import LinkproofError

SES: Final = "ses.amazonaws.com"
FIREHOSE: Final = "firehose.amazonaws.com"
# What SES does to a stream: PutRecord alone is not enough.
TO_STREAM: Final = ("firehose:PutRecordBatch",)
# What a stream does to its bucket.
TO_BUCKET: Final = (
    "s3:AbortMultipartUpload",
    "s3:GetBucketLocation",
    "s3:GetObject",
    "s3:ListBucket",
    "s3:ListBucketMultipartUploads",
    "s3:PutObject",
)
_SET_ARN = re.compile(r"arn:(aws[a-z-]*):ses:([a-z0-9-]+):([0-9]{12}):configuration-set/\S+")


def trust(service: str, sets: Sequence[str]) -> str:
    """Lets a service take a role, for some configuration sets alone.

    Args:
        sets: their ARNs.

    Raises:
        LinkproofError: an ARN does not say its account.
    """
    _, _, account = parts_of_set(sets[0])
    condition = _from(sets, account) if service == SES else {"sts:ExternalId": account}
    statement = {
        "Principal": {"Service": service},
        "Action": "sts:AssumeRole",
        "Condition": {"StringEquals": condition},
    }
    return _document([statement])


def permission(may: Sequence[str], on: Sequence[str]) -> str:
    """Actions on ARNs."""
    return _document([{"Action": list(may), "Resource": list(on)}])


def topic_policy(topic: str, sets: Sequence[str]) -> str:
    """Lets SES publish to a topic, for some configuration sets alone.

    Raises:
        LinkproofError: an ARN does not say its account.
    """
    _, _, account = parts_of_set(sets[0])
    condition = {"StringEquals": _from(sets, account)}
    return _document(
        [{"Principal": {"Service": SES}, "Action": "sns:Publish", "Resource": topic, "Condition": condition}]
    )


def default_bus(configuration_set: str) -> str:
    """The ARN of the bus of a configuration set's account and region, the one that SES publishes to.

    Raises:
        LinkproofError: the set's ARN does not say its account.
    """
    partition, region, account = parts_of_set(configuration_set)
    return f"arn:{partition}:events:{region}:{account}:event-bus/default"


def parts_of_set(arn: str) -> tuple[str, str, str]:
    """Partition, region and account of a configuration set.

    Raises:
        LinkproofError: it does not say them.
    """
    found = _SET_ARN.fullmatch(arn)
    if found is None:
        raise LinkproofError(
            f"the configuration set's ARN {arn} does not say its account, which policies have to name",
            "remove `skipRequestingAccountId` from the account's options: the provider asks for the number then",
        )
    return found[1], found[2], found[3]


def _from(sets: Sequence[str], account: str) -> dict[str, Any]:
    return {"AWS:SourceAccount": account, "AWS:SourceArn": sets[0] if len(sets) == 1 else list(sets)}


def _document(statements: Sequence[Mapping[str, Any]]) -> str:
    allowed = [{"Effect": "Allow", **one} for one in statements]
    return json.dumps({"Version": "2012-10-17", "Statement": allowed}, separators=(",", ":"))
