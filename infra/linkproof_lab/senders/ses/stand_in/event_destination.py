"""aws:sesv2/configurationSetEventDestination:ConfigurationSetEventDestination."""

from __future__ import annotations

from typing import Any

from linkproof.providers.protocol.base import ApiError, Patience, ProviderError, State
from linkproof.providers.protocol.schema import FLAG, TEXT, TEXT_SET, choice, obj, replacing, required, set_of
from linkproof.providers.protocol.values import Properties

from linkproof_lab.senders.ses.stand_in.client import SesV2, set_path
from linkproof_lab.vendors.aws.stand_in.region import Regional

_KINDS = {
    "kinesisFirehoseDestination": ("KinesisFirehoseDestination", {"deliveryStreamArn": "DeliveryStreamArn", "iamRoleArn": "IamRoleArn"}),
    "snsDestination": ("SnsDestination", {"topicArn": "TopicArn"}),
    "eventBridgeDestination": ("EventBridgeDestination", {"eventBusArn": "EventBusArn"}),
    "pinpointDestination": ("PinpointDestination", {"applicationArn": "ApplicationArn"}),
}  # fmt: skip
_DIMENSION = {
    "dimensionName": "DimensionName",
    "dimensionValueSource": "DimensionValueSource",
    "defaultDimensionValue": "DefaultDimensionValue",
}


class EventDestination(Regional):
    """Its id is SET|NAME. There is no call for one: the list of the set is read."""

    token = "aws:sesv2/configurationSetEventDestination:ConfigurationSetEventDestination"  # noqa: S105
    schema = obj(
        {
            "configurationSetName": required(replacing(TEXT)),
            "eventDestinationName": required(replacing(TEXT)),
            "eventDestination": required(
                obj(
                    {
                        "matchingEventTypes": required(TEXT_SET),
                        "enabled": FLAG.but(default=False),
                        "cloudWatchDestination": obj(
                            {
                                "dimensionConfigurations": required(
                                    set_of(
                                        obj(
                                            {
                                                "dimensionName": required(TEXT),
                                                "dimensionValueSource": required(
                                                    choice("MESSAGE_TAG", "EMAIL_HEADER", "LINK_TAG")
                                                ),
                                                "defaultDimensionValue": required(TEXT),
                                            }
                                        )
                                    )
                                )
                            }
                        ),
                        **{kind: obj({name: required(TEXT) for name in names}) for kind, (_, names) in _KINDS.items()},
                    }
                )
            ),
            "region": replacing(TEXT),
        }
    )

    def __init__(self, ses: SesV2) -> None:
        super().__init__(ses.aws)
        self._ses = ses

    def create(self, inputs: Properties, patience: Patience) -> State:
        owner, name, region = (
            str(inputs["configurationSetName"]),
            str(inputs["eventDestinationName"]),
            self.region(inputs),
        )
        body = {"EventDestinationName": name, "EventDestination": _wire(inputs["eventDestination"])}
        self._ses.call("POST", set_path(owner, "event-destinations"), region, body)
        return self._held(owner, name, region)

    def read(self, resource_id: str, outputs: Properties) -> State | None:
        own, region = self.id_and_region(resource_id, outputs)
        owner, _, name = own.partition("|")
        if not name:
            raise ProviderError(
                f"{resource_id} is not the id of an event destination", "write SET|NAME or SET|NAME@REGION"
            )
        found = self._ses.found(set_path(owner, "event-destinations"), region)
        for one in (found or {}).get("EventDestinations") or ():
            if one["Name"] == name:
                return _state(owner, one, region)
        return None

    def update(self, resource_id: str, old_outputs: Properties, inputs: Properties, patience: Patience) -> State:
        owner, name, region = (
            str(inputs["configurationSetName"]),
            str(inputs["eventDestinationName"]),
            self.region(inputs),
        )
        body = {"EventDestination": _wire(inputs["eventDestination"])}
        self._ses.call("PUT", set_path(owner, "event-destinations", name), region, body)
        return self._held(owner, name, region)

    def delete(self, resource_id: str, outputs: Properties, patience: Patience) -> None:
        owner, _, name = resource_id.partition("|")
        try:
            self._ses.call("DELETE", set_path(owner, "event-destinations", name), self.region(outputs))
        except ApiError as error:
            if error.code != "NotFoundException":
                raise

    def _held(self, owner: str, name: str, region: str) -> State:
        state = self.read(f"{owner}|{name}", {"region": region})
        if state is None:
            raise ProviderError(f"event destination {name} of {owner} is gone", "run `pulumi refresh`")
        return state


def _wire(wanted: Any) -> dict[str, Any]:
    body: dict[str, Any] = {"MatchingEventTypes": wanted["matchingEventTypes"], "Enabled": bool(wanted.get("enabled"))}
    for kind, (wire, names) in _KINDS.items():
        if wanted.get(kind):
            body[wire] = {theirs: wanted[kind][ours] for ours, theirs in names.items()}
    if wanted.get("cloudWatchDestination"):
        configured = wanted["cloudWatchDestination"]["dimensionConfigurations"]
        dimensions = [{theirs: one[ours] for ours, theirs in _DIMENSION.items()} for one in configured]
        body["CloudWatchDestination"] = {"DimensionConfigurations": dimensions}
    return body


def _state(owner: str, held: dict[str, Any], region: str) -> State:
    read: Properties = {"matchingEventTypes": held["MatchingEventTypes"], "enabled": held["Enabled"]}
    for kind, (wire, names) in _KINDS.items():
        if held.get(wire):
            read[kind] = {ours: held[wire][theirs] for ours, theirs in names.items()}
    if held.get("CloudWatchDestination"):
        configured = held["CloudWatchDestination"]["DimensionConfigurations"]
        dimensions = [{ours: one[theirs] for ours, theirs in _DIMENSION.items()} for one in configured]
        read["cloudWatchDestination"] = {"dimensionConfigurations": dimensions}
    name = str(held["Name"])
    inputs = {"configurationSetName": owner, "eventDestinationName": name, "eventDestination": read, "region": region}
    return State(f"{owner}|{name}", inputs)
