"""What SES reaches in its customer's account: a stream through a role, a topic by its policy.

What belongs to another account than the caller's is not in the lab: it is taken to be set up rightly, by its owner.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from linkproof_lab.settings import LabSettings
from linkproof_lab.store import Store
from linkproof_lab.vendors.aws.control_plane.calls import AwsError
from linkproof_lab.vendors.aws.firehose.delivery import put_record
from linkproof_lab.vendors.aws.iam import roles
from linkproof_lab.vendors.aws.sns import topics

SERVICE = "ses.amazonaws.com"
_SUBJECT = "Amazon SES Email Event Notification"


@dataclass(frozen=True, slots=True)
class Owner:
    """The configuration set that SES acts for."""

    account: str
    region: str
    set_name: str

    @property
    def arn(self) -> str:
        return f"arn:aws:ses:{self.region}:{self.account}:configuration-set/{self.set_name}"

    def owns(self, arn: str) -> bool:
        return arn.split(":")[4] == self.account

    @property
    def context(self) -> dict[str, str]:
        return {"aws:SourceAccount": self.account, "aws:SourceArn": self.arn}


class Reach:
    """Of the lab's SES."""

    def __init__(self, settings: LabSettings, store: Store) -> None:
        self._settings = settings
        self._store = store

    def check(self, of: Owner, destination: Mapping[str, Any]) -> None:
        """Before a destination is taken. SES takes the role then, and does not look at what it may do (the wording of the second is not known).

        Raises:
            AwsError: BadRequestException.
        """
        match destination:
            case {"KinesisFirehoseDestination": {"IamRoleArn": role}} if of.owns(role) and self._role(of, role) is None:
                raise AwsError(400, "BadRequestException", f"Could not assume IAM role <{role}>.")
            case {"SnsDestination": {"TopicArn": topic}} if of.owns(topic) and not self._lets(of, topic):
                raise AwsError(400, "BadRequestException", f"Could not publish to SNS topic <{topic}>.")

    def put_record(self, of: Owner, stream: str, role: str, record: str) -> None:
        """Into a stream; one that the role may not write to gets nothing, and nobody is told."""
        if not of.owns(stream):
            file = self._settings.buckets / stream.rpartition("/")[2] / "events.json"
            file.parent.mkdir(parents=True, exist_ok=True)
            with file.open("a") as out:
                out.write(record)
            return
        taken = self._role(of, role)
        if taken is not None and roles.may(taken, "firehose:PutRecordBatch", stream):
            put_record(self._settings, self._store, stream, record.encode())

    def publish(self, of: Owner, topic: str, message: str) -> None:
        if not of.owns(topic) or self._lets(of, topic):
            topics.publish(self._store, topic, _SUBJECT, message)

    def _role(self, of: Owner, arn: str) -> dict[str, Any] | None:
        return roles.taken(self._store, arn, SERVICE, of.context)

    def _lets(self, of: Owner, topic: str) -> bool:
        return topics.lets(self._store, topic, SERVICE, of.context)
