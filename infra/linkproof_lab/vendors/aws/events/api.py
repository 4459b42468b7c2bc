"""The operations of EventBridge on rules of the default bus. docs.aws.amazon.com/eventbridge/latest/APIReference/."""

from __future__ import annotations

import json
import re
from typing import Any

from linkproof_lab.store import Store
from linkproof_lab.vendors.aws.control_plane.calls import AwsCall, AwsError
from linkproof_lab.vendors.aws.control_plane.json_service import JsonService
from linkproof_lab.vendors.aws.events.bus import RULE_KIND

_NAME = re.compile(r"[.\-_A-Za-z0-9]{1,64}")
_MOST_TARGETS = 5


class Events(JsonService):
    """Rules of every account and region, with their targets."""

    target = "AWSEvents."

    def __init__(self, store: Store) -> None:
        self._store = store
        self.operations = {
            "PutRule": self._put_rule,
            "DescribeRule": self._describe,
            "DeleteRule": self._delete,
            "PutTargets": self._put_targets,
            "ListTargetsByRule": self._list_targets,
            "RemoveTargets": self._remove_targets,
            "ListTagsForResource": self._tags,
            "TagResource": self._tag,
        }

    def _found(self, call: AwsCall, name: str) -> dict[str, Any]:
        rule = self._store.get(RULE_KIND, _key(call, name))
        if rule is None:
            message = f"Rule {name} does not exist on EventBus default."
            raise AwsError(400, "ResourceNotFoundException", message)
        return rule

    def _put(self, call: AwsCall, rule: dict[str, Any]) -> dict[str, Any]:
        self._store.put(RULE_KIND, _key(call, rule["name"]), rule)
        return {}

    def _put_rule(self, call: AwsCall, body: dict[str, Any]) -> dict[str, Any]:
        """A put replaces what a rule says, and neither its targets nor its tags."""
        name, pattern = str(body.get("Name")), str(body.get("EventPattern") or "")
        if not _NAME.fullmatch(name) or body.get("EventBusName", "default") != "default":
            raise AwsError(400, "ValidationException", "the lab has rules of the default bus, by a name of their own")
        try:
            is_pattern = isinstance(json.loads(pattern), dict)
        except ValueError:
            is_pattern = False
        if not is_pattern:
            raise AwsError(400, "InvalidEventPatternException", "Event pattern is not valid.")
        held = self._store.get(RULE_KIND, _key(call, name))
        tags = {tag["Key"]: tag["Value"] for tag in body.get("Tags") or ()}
        kept = {"targets": held["targets"], "tags": held["tags"]} if held else {"targets": {}, "tags": tags}
        said = {"description": body.get("Description", ""), "state": body.get("State", "ENABLED")}
        self._put(call, {"name": name, "pattern": pattern, **said, **kept})
        return {"RuleArn": _arn(call, name)}

    def _describe(self, call: AwsCall, body: dict[str, Any]) -> dict[str, Any]:
        rule = self._found(call, str(body.get("Name")))
        shown = {"Name": rule["name"], "Arn": _arn(call, rule["name"]), "EventBusName": "default"}
        said = {"Description": rule["description"]} if rule["description"] else {}
        return {**shown, **said, "EventPattern": rule["pattern"], "State": rule["state"]}

    def _delete(self, call: AwsCall, body: dict[str, Any]) -> dict[str, Any]:
        """One that is not there is no error."""
        rule = self._store.get(RULE_KIND, _key(call, str(body.get("Name"))))
        if rule is not None and rule["targets"]:
            raise AwsError(400, "ValidationException", "Rule can't be deleted since it has targets.")
        if rule is not None:
            self._store.delete(RULE_KIND, _key(call, rule["name"]))
        return {}

    def _put_targets(self, call: AwsCall, body: dict[str, Any]) -> dict[str, Any]:
        rule = self._found(call, str(body.get("Rule")))
        targets = {**rule["targets"], **{one["Id"]: one for one in body.get("Targets") or ()}}
        if len(targets) > _MOST_TARGETS:
            raise AwsError(400, "LimitExceededException", "The requested resource exceeds the maximum number allowed.")
        self._put(call, {**rule, "targets": targets})
        return {"FailedEntryCount": 0, "FailedEntries": []}

    def _list_targets(self, call: AwsCall, body: dict[str, Any]) -> dict[str, Any]:
        return {"Targets": list(self._found(call, str(body.get("Rule")))["targets"].values())}

    def _remove_targets(self, call: AwsCall, body: dict[str, Any]) -> dict[str, Any]:
        rule = self._found(call, str(body.get("Rule")))
        kept = {id_: one for id_, one in rule["targets"].items() if id_ not in body.get("Ids", ())}
        self._put(call, {**rule, "targets": kept})
        return {"FailedEntryCount": 0, "FailedEntries": []}

    def _tags(self, call: AwsCall, body: dict[str, Any]) -> dict[str, Any]:
        tags = self._found(call, str(body.get("ResourceARN")).rpartition("/")[2])["tags"]
        return {"Tags": [{"Key": key, "Value": value} for key, value in tags.items()]}

    def _tag(self, call: AwsCall, body: dict[str, Any]) -> dict[str, Any]:
        rule = self._found(call, str(body.get("ResourceARN")).rpartition("/")[2])
        tags = {**rule["tags"], **{tag["Key"]: tag["Value"] for tag in body.get("Tags") or ()}}
        return self._put(call, {**rule, "tags": tags})


def _key(call: AwsCall, name: str) -> str:
    return f"{call.account}/{call.region}/{name}"


def _arn(call: AwsCall, name: str) -> str:
    return f"arn:aws:events:{call.region}:{call.account}:rule/{name}"
