"""The operations of SNS on topics. docs.aws.amazon.com/sns/latest/api/. Nobody subscribes in the lab."""

from __future__ import annotations

import re
from typing import Any

from linkproof_lab.store import Store
from linkproof_lab.vendors.aws.control_plane.calls import AwsCall, AwsError
from linkproof_lab.vendors.aws.control_plane.policies import is_policy
from linkproof_lab.vendors.aws.control_plane.query import QueryService, entries, listed_tags, pairs_of, tags_of
from linkproof_lab.vendors.aws.sns.topics import KIND, default_policy

NAMESPACE = "https://sns.amazonaws.com/doc/2010-03-31/"
_NAME = re.compile(r"[A-Za-z0-9_-]{1,256}")
_ATTRIBUTES = ("Policy", "KmsMasterKeyId", "DisplayName", "DeliveryPolicy")


class Sns(QueryService):
    """Topics of every account and region, by their ARN."""

    service = "sns"
    namespace = NAMESPACE

    def __init__(self, store: Store) -> None:
        self._store = store
        self.operations = {
            "CreateTopic": self._create,
            "GetTopicAttributes": self._attributes,
            "SetTopicAttributes": self._set,
            "DeleteTopic": self._delete,
            "ListTopics": self._list,
            "ListTagsForResource": self._tags,
            "TagResource": self._tag,
        }

    def _found(self, arn: str) -> dict[str, Any]:
        topic = self._store.get(KIND, arn)
        if topic is None:
            raise AwsError(404, "NotFound", "Topic does not exist")
        return topic

    def _create(self, call: AwsCall, fields: dict[str, str]) -> dict[str, Any]:
        """One that is there already is given back, unless other tags are asked for."""
        name = fields.get("Name", "")
        if not _NAME.fullmatch(name):
            raise AwsError(400, "InvalidParameter", "Invalid parameter: Topic Name")
        arn = f"arn:aws:sns:{call.region}:{call.account}:{name}"
        held, tags = self._store.get(KIND, arn), tags_of(fields)
        if held is not None and tags and held["tags"] != tags:
            raise AwsError(
                400, "InvalidParameter", "Invalid parameter: Tags Reason: Topic already exists with different tags"
            )
        if held is None:
            attributes = {"Policy": default_policy(arn)}
            for attribute, value in pairs_of(fields, "Attributes.entry", "key", "value").items():
                attributes[attribute] = _checked(attribute, value)
            self._store.put(KIND, arn, {"attributes": attributes, "tags": tags})
        return {"TopicArn": arn}

    def _attributes(self, call: AwsCall, fields: dict[str, str]) -> dict[str, Any]:
        arn = fields.get("TopicArn", "")
        held = self._found(arn)["attributes"]
        return {"Attributes": entries({"TopicArn": arn, "Owner": call.account, "DisplayName": "", **held})}

    def _set(self, call: AwsCall, fields: dict[str, str]) -> dict[str, Any]:
        topic, name = self._found(fields.get("TopicArn", "")), fields.get("AttributeName", "")
        value = _checked(name, fields.get("AttributeValue", ""))
        self._store.put(KIND, fields["TopicArn"], {**topic, "attributes": {**topic["attributes"], name: value}})
        return {}

    def _delete(self, call: AwsCall, fields: dict[str, str]) -> dict[str, Any]:
        """One that is not there is no error."""
        self._store.delete(KIND, fields.get("TopicArn", ""))
        return {}

    def _list(self, call: AwsCall, fields: dict[str, str]) -> dict[str, Any]:
        lead = f"arn:aws:sns:{call.region}:{call.account}:"
        return {"Topics": [{"TopicArn": arn} for arn, _ in self._store.all(KIND) if arn.startswith(lead)]}

    def _tags(self, call: AwsCall, fields: dict[str, str]) -> dict[str, Any]:
        return {"Tags": listed_tags(self._found(fields.get("ResourceArn", ""))["tags"])}

    def _tag(self, call: AwsCall, fields: dict[str, str]) -> dict[str, Any]:
        topic = self._found(fields.get("ResourceArn", ""))
        self._store.put(KIND, fields["ResourceArn"], {**topic, "tags": {**topic["tags"], **tags_of(fields)}})
        return {}


def _checked(name: str, value: str) -> str:
    if name not in _ATTRIBUTES:
        raise AwsError(400, "InvalidParameter", f"the lab has no attribute {name} of a topic")
    if name == "Policy" and not is_policy(value):
        raise AwsError(400, "InvalidParameter", "Invalid parameter: Policy Error: null")
    return value
