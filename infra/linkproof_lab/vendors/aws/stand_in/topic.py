"""aws:sns/topic:Topic and aws:sns/topicPolicy:TopicPolicy."""

from __future__ import annotations

import json
from typing import Any

from linkproof.providers.protocol.base import ApiError, Patience, State
from linkproof.providers.protocol.schema import TEXT, TEXT_MAP, obj, replacing, required, words
from linkproof.providers.protocol.values import Properties

from linkproof_lab.vendors.aws.sns.topics import default_policy
from linkproof_lab.vendors.aws.stand_in import xml
from linkproof_lab.vendors.aws.stand_in.client import AwsClient
from linkproof_lab.vendors.aws.stand_in.json_text import JSON_TEXT
from linkproof_lab.vendors.aws.stand_in.region import Regional
from linkproof_lab.vendors.aws.stand_in.tagged import tag_fields, tags_in

_ATTRIBUTES = {"kmsMasterKeyId": "KmsMasterKeyId", "displayName": "DisplayName"}


class Topic(Regional):
    """Its id is its ARN. Its policy is another resource's."""

    token = "aws:sns/topic:Topic"  # noqa: S105
    schema = obj(
        {
            "name": required(replacing(TEXT)),
            **dict.fromkeys(_ATTRIBUTES, TEXT),
            "region": replacing(TEXT),
            "tags": TEXT_MAP,
        },
        elsewhere=words(
            "applicationFailureFeedbackRoleArn applicationSuccessFeedbackRoleArn applicationSuccessFeedbackSampleRate"
            " archivePolicy contentBasedDeduplication deliveryPolicy fifoThroughputScope fifoTopic"
            " firehoseFailureFeedbackRoleArn firehoseSuccessFeedbackRoleArn firehoseSuccessFeedbackSampleRate"
            " httpFailureFeedbackRoleArn httpSuccessFeedbackRoleArn httpSuccessFeedbackSampleRate"
            " lambdaFailureFeedbackRoleArn lambdaSuccessFeedbackRoleArn lambdaSuccessFeedbackSampleRate"
            " maximumMessageSize namePrefix policy signatureVersion sqsFailureFeedbackRoleArn sqsSuccessFeedbackRoleArn"
            " sqsSuccessFeedbackSampleRate tracingConfig"
        ),
    )
    computed = words("arn owner tagsAll")
    volatile = ("tagsAll",)

    def create(self, inputs: Properties, patience: Patience) -> State:
        region = self.region(inputs)
        fields = {"Name": str(inputs["name"]), **tag_fields(self.new_tags(inputs, {}))}
        wanted = [(wire, str(inputs[ours])) for ours, wire in _ATTRIBUTES.items() if inputs.get(ours)]
        for number, (key, value) in enumerate(wanted, 1):
            fields |= {f"Attributes.entry.{number}.key": key, f"Attributes.entry.{number}.value": value}
        arn = xml.text(self.aws.query("sns", "CreateTopic", fields, region), "TopicArn")
        return self._held(arn)

    def read(self, resource_id: str, outputs: Properties) -> State | None:
        try:
            return self._held(resource_id)
        except ApiError as error:
            if error.code == "NotFound":
                return None
            raise

    def update(self, resource_id: str, old_outputs: Properties, inputs: Properties, patience: Patience) -> State:
        before = self._held(resource_id)
        for ours, wire in _ATTRIBUTES.items():
            if inputs.get(ours) != before.inputs.get(ours):
                _set(self.aws, resource_id, wire, str(inputs.get(ours) or ""))
        fresh = self.new_tags(inputs, before.computed["tagsAll"])
        if fresh:
            fields = {"ResourceArn": resource_id, **tag_fields(fresh)}
            self.aws.query("sns", "TagResource", fields, _region(resource_id))
        return self._held(resource_id)

    def delete(self, resource_id: str, outputs: Properties, patience: Patience) -> None:
        self.aws.query("sns", "DeleteTopic", {"TopicArn": resource_id}, _region(resource_id))

    def _held(self, arn: str) -> State:
        held = _attributes(self.aws, arn)
        listed = self.aws.query("sns", "ListTagsForResource", {"ResourceArn": arn}, _region(arn))
        tags, own = self.read_tags(tags_in(listed, "Tags/member"))
        inputs: Properties = {"name": arn.rpartition(":")[2], "region": _region(arn)}
        inputs |= {ours: held[wire] for ours, wire in _ATTRIBUTES.items() if held.get(wire)}
        if own:
            inputs["tags"] = own
        return State(arn, inputs, {"arn": arn, "owner": held["Owner"], "tagsAll": tags})


class TopicPolicy(Regional):
    """Its id is the topic's ARN. Every topic has a policy: taking this one away gives the topic back its own."""

    token = "aws:sns/topicPolicy:TopicPolicy"  # noqa: S105
    schema = obj({"arn": required(replacing(TEXT)), "policy": required(JSON_TEXT), "region": replacing(TEXT)})
    computed = ("owner",)

    def create(self, inputs: Properties, patience: Patience) -> State:
        _set(self.aws, str(inputs["arn"]), "Policy", str(inputs["policy"]))
        return self._held(str(inputs["arn"]))

    def read(self, resource_id: str, outputs: Properties) -> State | None:
        try:
            return self._held(resource_id)
        except ApiError as error:
            if error.code == "NotFound":
                return None
            raise

    def update(self, resource_id: str, old_outputs: Properties, inputs: Properties, patience: Patience) -> State:
        return self.create(inputs, patience)

    def delete(self, resource_id: str, outputs: Properties, patience: Patience) -> None:
        try:
            _set(self.aws, resource_id, "Policy", default_policy(resource_id))
        except ApiError as error:
            if error.code != "NotFound":
                raise

    def _held(self, arn: str) -> State:
        held = _attributes(self.aws, arn)
        inputs: Properties = {"arn": arn, "policy": json.dumps(json.loads(held["Policy"])), "region": _region(arn)}
        return State(arn, inputs, {"owner": held["Owner"]})


def _attributes(aws: AwsClient, arn: str) -> dict[str, Any]:
    found = aws.query("sns", "GetTopicAttributes", {"TopicArn": arn}, _region(arn))
    return {xml.text(entry, "key"): xml.text(entry, "value") for entry in found.findall("Attributes/entry")}


def _set(aws: AwsClient, arn: str, name: str, value: str) -> None:
    fields = {"TopicArn": arn, "AttributeName": name, "AttributeValue": value}
    aws.query("sns", "SetTopicAttributes", fields, _region(arn))


def _region(arn: str) -> str:
    return arn.split(":")[3]
