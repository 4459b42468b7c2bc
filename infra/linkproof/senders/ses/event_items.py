"""What event destinations need that is made beside them: a stream into a bucket with its roles, a topic with its policy, a rule with its target."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Literal

from linkproof.contract.items import Item
from linkproof.contract.values import Late, Value

BUCKET = "aws:s3/bucket:Bucket"
ROLE = "aws:iam/role:Role"
ROLE_POLICY = "aws:iam/rolePolicy:RolePolicy"
STREAM = "aws:kinesis/firehoseDeliveryStream:FirehoseDeliveryStream"
TOPIC = "aws:sns/topic:Topic"
TOPIC_POLICY = "aws:sns/topicPolicy:TopicPolicy"
RULE = "aws:cloudwatch/eventRule:EventRule"
TARGET = "aws:cloudwatch/eventTarget:EventTarget"
TYPES = frozenset({BUCKET, ROLE, ROLE_POLICY, STREAM, TOPIC, TOPIC_POLICY, RULE, TARGET})


@dataclass(frozen=True, slots=True)
class Bucket(Item):
    """Where a stream puts its files. AWS keeps new buckets from the public and encrypts them, so nothing is said of either."""

    kind: ClassVar[str] = "bucket"
    engine_type: ClassVar[str] = BUCKET  # type: ignore[misc]  # a record alone says it of itself

    resource: str
    path: str
    name: str
    account: str
    region: str
    protect: bool
    needs: tuple[str, ...] = ()

    def leads_to(self) -> str:
        return self.name


@dataclass(frozen=True, slots=True)
class Role(Item):
    """A role that one service of AWS takes.

    Args:
        service: which, as a policy names it.
        sources: `resource` of each configuration set that the service acts for; their ARNs and account stand in the trust policy.
    """

    kind: ClassVar[str] = "role"
    engine_type: ClassVar[str] = ROLE  # type: ignore[misc]  # a record alone says it of itself

    resource: str
    path: str
    name: str
    account: str
    service: Literal["ses.amazonaws.com", "firehose.amazonaws.com"]
    sources: tuple[str, ...]
    needs: tuple[str, ...]
    protect: bool = False


@dataclass(frozen=True, slots=True)
class RolePolicy(Item):
    """What a role may do.

    Args:
        role: `resource` of the role.
        may: actions.
        on: ARNs; of what is made here, its output `arn`.
    """

    kind: ClassVar[str] = "role policy"
    engine_type: ClassVar[str] = ROLE_POLICY  # type: ignore[misc]  # a record alone says it of itself

    resource: str
    path: str
    name: str
    role: str
    account: str
    may: tuple[str, ...]
    on: tuple[Value, ...]
    needs: tuple[str, ...]
    protect: bool = False


@dataclass(frozen=True, slots=True)
class Stream(Item):
    """A delivery stream of Firehose into a bucket.

    Args:
        bucket: its ARN.
        prefix: of its files' names; year, month, day and hour follow.
        role: `resource` of the role that writes them.
    """

    kind: ClassVar[str] = "delivery stream"
    engine_type: ClassVar[str] = STREAM  # type: ignore[misc]  # a record alone says it of itself

    resource: str
    path: str
    name: str
    account: str
    region: str
    bucket: str
    prefix: str
    role: str
    needs: tuple[str, ...]
    protect: bool = False

    def leads_to(self) -> str:
        return self.bucket


@dataclass(frozen=True, slots=True)
class Topic(Item):
    """A standard topic.

    Args:
        key: ARN of a customer's key of KMS; empty for none. AWS's own key for SNS cannot be used: nobody can let SES use it.
    """

    kind: ClassVar[str] = "topic"
    engine_type: ClassVar[str] = TOPIC  # type: ignore[misc]  # a record alone says it of itself

    resource: str
    path: str
    name: str
    account: str
    region: str
    key: str
    protect: bool
    needs: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class TopicPolicy(Item):
    """Lets SES publish to a topic for some configuration sets, and nobody else.

    Args:
        topic: its ARN.
        sources: `resource` of each set.
    """

    kind: ClassVar[str] = "topic policy"
    engine_type: ClassVar[str] = TOPIC_POLICY  # type: ignore[misc]  # a record alone says it of itself

    resource: str
    path: str
    account: str
    region: str
    topic: Late
    sources: tuple[str, ...]
    needs: tuple[str, ...]
    protect: bool = False


@dataclass(frozen=True, slots=True)
class Rule(Item):
    """A rule of the default bus for events of one configuration set.

    Args:
        pattern: JSON.
    """

    kind: ClassVar[str] = "rule"
    engine_type: ClassVar[str] = RULE  # type: ignore[misc]  # a record alone says it of itself

    resource: str
    path: str
    name: str
    account: str
    region: str
    pattern: str
    protect: bool = False
    needs: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Target(Item):
    """Where a rule's events go.

    Args:
        rule: `resource` of the rule.
        arn: of what takes the events; its own policy lets them in.
        role: ARN of the role that EventBridge takes for it; empty where the target asks for none.
    """

    kind: ClassVar[str] = "target"
    engine_type: ClassVar[str] = TARGET  # type: ignore[misc]  # a record alone says it of itself

    resource: str
    path: str
    name: str
    rule: str
    account: str
    region: str
    arn: str
    role: str
    needs: tuple[str, ...]
    protect: bool = False

    def leads_to(self) -> str:
        return self.arn
