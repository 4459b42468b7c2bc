"""aws:sesv2/configurationSet:ConfigurationSet."""

from __future__ import annotations

from typing import Any

from linkproof.providers.protocol.base import ApiError, Patience, State
from linkproof.providers.protocol.schema import TEXT, TEXT_MAP, choice, obj, replacing, required, words
from linkproof.providers.protocol.values import Properties

from linkproof_lab.senders.ses.stand_in.client import SesV2, set_path
from linkproof_lab.vendors.aws.stand_in.region import Regional, wire_tags


class ConfigurationSet(Regional):
    """Its id is its name. Removing `trackingOptions` from a program sends an empty put, which takes the domain away."""

    token = "aws:sesv2/configurationSet:ConfigurationSet"  # noqa: S105
    schema = obj(
        {
            "configurationSetName": required(replacing(TEXT)),
            "trackingOptions": obj(
                {
                    "customRedirectDomain": required(TEXT),
                    "httpsPolicy": choice("REQUIRE", "REQUIRE_OPEN_ONLY", "OPTIONAL"),
                }
            ),
            "region": replacing(TEXT),
            "tags": TEXT_MAP,
        },
        elsewhere=words("deliveryOptions reputationOptions sendingOptions suppressionOptions vdmOptions"),
    )
    computed = ("arn", "tagsAll")
    volatile = ("tagsAll",)

    def __init__(self, ses: SesV2) -> None:
        super().__init__(ses.aws)
        self._ses = ses

    def create(self, inputs: Properties, patience: Patience) -> State:
        region, name = self.region(inputs), str(inputs["configurationSetName"])
        body: dict[str, Any] = {
            "ConfigurationSetName": name,
            "TrackingOptions": _wire(inputs.get("trackingOptions")),
            "Tags": wire_tags(self.tags(inputs)),
        }
        self._ses.call("POST", "/v2/email/configuration-sets", region, {k: v for k, v in body.items() if v})
        return self._held(name, region)

    def read(self, resource_id: str, outputs: Properties) -> State | None:
        name, region = self.id_and_region(resource_id, outputs)
        found = self._ses.found(set_path(name), region)
        return None if found is None else self._state(found, region)

    def update(self, resource_id: str, old_outputs: Properties, inputs: Properties, patience: Patience) -> State:
        region = self.region(inputs)
        before = self._held(resource_id, region)
        wanted = _wire(inputs.get("trackingOptions"))
        if _wire(before.inputs.get("trackingOptions")) != wanted:
            self._ses.call("PUT", set_path(resource_id, "tracking-options"), region, wanted)
        fresh = self.new_tags(inputs, before.computed["tagsAll"])
        if fresh:
            self._ses.call("POST", "/v2/email/tags", region, {"ResourceArn": before.computed["arn"], "Tags": fresh})
        return self._held(resource_id, region)

    def delete(self, resource_id: str, outputs: Properties, patience: Patience) -> None:
        try:
            self._ses.call("DELETE", set_path(resource_id), self.region(outputs))
        except ApiError as error:
            if error.code != "NotFoundException":
                raise

    def _held(self, name: str, region: str) -> State:
        return self._state(self._ses.call("GET", set_path(name), region), region)

    def _state(self, found: dict[str, Any], region: str) -> State:
        name = str(found["ConfigurationSetName"])
        tags, own = self.read_tags(found.get("Tags") or ())
        inputs: Properties = {"configurationSetName": name, "region": region}
        tracking = found.get("TrackingOptions")
        if tracking:
            inputs["trackingOptions"] = {
                "customRedirectDomain": tracking["CustomRedirectDomain"],
                "httpsPolicy": tracking.get("HttpsPolicy", "OPTIONAL"),
            }
        if own:
            inputs["tags"] = own
        return State(
            name,
            inputs,
            {"arn": f"arn:aws:ses:{region}:{self.aws.account()}:configuration-set/{name}", "tagsAll": tags},
        )


def _wire(tracking: Any) -> dict[str, Any]:
    """Both members together, for the put replaces both."""
    if not tracking:
        return {}
    return {
        "CustomRedirectDomain": tracking["customRedirectDomain"],
        "HttpsPolicy": tracking.get("httpsPolicy") or "OPTIONAL",
    }
