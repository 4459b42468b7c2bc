"""Topics: who may publish to one, and what was published."""

from __future__ import annotations

import json
import secrets
from collections.abc import Mapping
from datetime import UTC, datetime

from linkproof_lab.store import Store
from linkproof_lab.vendors.aws.control_plane.policies import allows

KIND, MESSAGE_KIND = "sns-topic", "sns-message"
# The key of KMS that AWS itself has for SNS: no service can be let use it.
AWS_KEY = "alias/aws/sns"


def default_policy(arn: str) -> str:
    """What SNS gives a topic: its owner's account alone."""
    actions = "GetTopicAttributes SetTopicAttributes AddPermission RemovePermission DeleteTopic Subscribe ListSubscriptionsByTopic Publish"
    statement = {
        "Sid": "__default_statement_ID",
        "Effect": "Allow",
        "Principal": {"AWS": "*"},
        "Action": [f"SNS:{one}" for one in actions.split()],
        "Resource": arn,
        "Condition": {"StringEquals": {"AWS:SourceOwner": arn.split(":")[4]}},
    }
    return json.dumps({"Version": "2008-10-17", "Id": "__default_policy_ID", "Statement": [statement]})


def lets(store: Store, arn: str, service: str, context: Mapping[str, str]) -> bool:
    """Whether a service may publish to a topic of the lab, and SNS can encrypt what it does."""
    topic = store.get(KIND, arn)
    if topic is None or topic["attributes"].get("KmsMasterKeyId") == AWS_KEY:
        return False
    return allows(topic["attributes"]["Policy"], "sns:Publish", service=service, resource=arn, context=context)


def publish(store: Store, arn: str, subject: str, message: str) -> None:
    moment = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%S.%f")[:-3] + "Z"
    body = {"Type": "Notification", "TopicArn": arn, "Subject": subject, "Message": message, "Timestamp": moment}
    store.put(MESSAGE_KIND, secrets.token_hex(12), body)
