"""aws:cloudwatch/eventRule:EventRule and aws:cloudwatch/eventTarget:EventTarget, of the default bus."""

from __future__ import annotations

from typing import Any

from linkproof.providers.protocol.base import ApiError, Patience, ProviderError, State
from linkproof.providers.protocol.schema import TEXT, TEXT_MAP, choice, obj, replacing, required, words
from linkproof.providers.protocol.values import Properties

from linkproof_lab.vendors.aws.stand_in.json_text import JSON_TEXT
from linkproof_lab.vendors.aws.stand_in.region import Regional, wire_tags

_BUS = replacing(choice("default", default="default"))


class EventRule(Regional):
    """Its id is its name."""

    token = "aws:cloudwatch/eventRule:EventRule"  # noqa: S105
    schema = obj(
        {
            "name": required(replacing(TEXT)),
            "eventPattern": required(JSON_TEXT),
            "eventBusName": _BUS,
            "description": TEXT,
            "state": choice("ENABLED", "DISABLED", default="ENABLED"),
            "region": replacing(TEXT),
            "tags": TEXT_MAP,
        },
        elsewhere=words("forceDestroy isEnabled namePrefix roleArn scheduleExpression"),
    )
    computed = words("arn tagsAll")
    volatile = ("tagsAll",)

    def create(self, inputs: Properties, patience: Patience) -> State:
        region = self.region(inputs)
        self._put(inputs, region, wire_tags(self.tags(inputs)))
        return self._held(str(inputs["name"]), region)

    def read(self, resource_id: str, outputs: Properties) -> State | None:
        name, region = self.id_and_region(resource_id, outputs)
        try:
            return self._held(name, region)
        except ApiError as error:
            if error.code == "ResourceNotFoundException":
                return None
            raise

    def update(self, resource_id: str, old_outputs: Properties, inputs: Properties, patience: Patience) -> State:
        region = self.region(inputs)
        before = self._held(resource_id, region)
        self._put(inputs, region, [])
        fresh = self.new_tags(inputs, before.computed["tagsAll"])
        if fresh:
            self.aws.events("TagResource", {"ResourceARN": before.computed["arn"], "Tags": fresh}, region)
        return self._held(resource_id, region)

    def delete(self, resource_id: str, outputs: Properties, patience: Patience) -> None:
        self.aws.events("DeleteRule", {"Name": resource_id}, self.region(outputs))

    def _put(self, inputs: Properties, region: str, tags: list[dict[str, str]]) -> None:
        body: dict[str, Any] = {
            "Name": inputs["name"],
            "EventPattern": inputs["eventPattern"],
            "Description": inputs.get("description"),
            "State": inputs.get("state", "ENABLED"),
            "Tags": tags,
        }
        self.aws.events("PutRule", {key: value for key, value in body.items() if value}, region)

    def _held(self, name: str, region: str) -> State:
        found = self.aws.events("DescribeRule", {"Name": name}, region)
        tags, own = self.read_tags(
            self.aws.events("ListTagsForResource", {"ResourceARN": found["Arn"]}, region)["Tags"]
        )
        inputs: Properties = {"name": name, "eventPattern": found["EventPattern"], "state": found["State"]}
        inputs |= {"eventBusName": found["EventBusName"], "region": region}
        inputs |= {key: value for key, value in (("description", found.get("Description")), ("tags", own)) if value}
        return State(name, inputs, {"arn": found["Arn"], "tagsAll": tags})


class EventTarget(Regional):
    """Its id is RULE-TARGET, and it is imported as RULE/TARGET."""

    token = "aws:cloudwatch/eventTarget:EventTarget"  # noqa: S105
    schema = obj(
        {
            "rule": required(replacing(TEXT)),
            "targetId": required(replacing(TEXT)),
            "arn": required(TEXT),
            "roleArn": TEXT,
            "eventBusName": _BUS,
            "region": replacing(TEXT),
        },
        elsewhere=words(
            "appsyncTarget batchTarget deadLetterConfig ecsTarget forceDestroy httpTarget input inputPath inputTransformer"
            " kinesisTarget redshiftTarget retryPolicy runCommandTargets sagemakerPipelineTarget sqsTarget"
        ),
    )

    def create(self, inputs: Properties, patience: Patience) -> State:
        rule, name, region = str(inputs["rule"]), str(inputs["targetId"]), self.region(inputs)
        target = {"Id": name, "Arn": inputs["arn"], "RoleArn": inputs.get("roleArn")}
        body = {"Rule": rule, "Targets": [{key: value for key, value in target.items() if value}]}
        self.aws.events("PutTargets", body, region)
        state = self._found(rule, name, region)
        if state is None:
            raise ProviderError(f"target {name} of rule {rule} is gone", "run `pulumi refresh`")
        return state

    def read(self, resource_id: str, outputs: Properties) -> State | None:
        if outputs.get("rule") and outputs.get("targetId"):
            return self._found(str(outputs["rule"]), str(outputs["targetId"]), self.region(outputs))
        own, region = self.id_and_region(resource_id, outputs)
        rule, _, name = own.partition("/")
        if not name:
            raise ProviderError(f"{resource_id} is not the id of a target", "write RULE/TARGET or RULE/TARGET@REGION")
        return self._found(rule, name, region)

    def update(self, resource_id: str, old_outputs: Properties, inputs: Properties, patience: Patience) -> State:
        """A put replaces the target of that id."""
        return self.create(inputs, patience)

    def delete(self, resource_id: str, outputs: Properties, patience: Patience) -> None:
        try:
            body = {"Rule": outputs["rule"], "Ids": [outputs["targetId"]]}
            self.aws.events("RemoveTargets", body, self.region(outputs))
        except ApiError as error:
            if error.code != "ResourceNotFoundException":
                raise

    def _found(self, rule: str, name: str, region: str) -> State | None:
        try:
            found = self.aws.events("ListTargetsByRule", {"Rule": rule}, region)["Targets"]
        except ApiError as error:
            if error.code == "ResourceNotFoundException":
                return None
            raise
        for one in found:
            if one["Id"] == name:
                inputs: Properties = {"rule": rule, "targetId": name, "arn": one["Arn"], "eventBusName": "default"}
                inputs |= {"region": region, **({"roleArn": one["RoleArn"]} if one.get("RoleArn") else {})}
                return State(f"{rule}-{name}", inputs)
        return None
