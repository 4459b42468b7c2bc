"""fastly:index/tlsSubscriptionValidation:TlsSubscriptionValidation: no object of its own, but the wait until a subscription is issued."""

from __future__ import annotations

from typing import Any

from linkproof.providers.protocol.base import ApiError, Patience, ProviderError, ResourceType, State
from linkproof.providers.protocol.schema import TEXT, obj, replacing, required
from linkproof.providers.protocol.values import Properties

from linkproof_lab.edges.fastly.stand_in.client import FastlyClient, part


class TlsSubscriptionValidation(ResourceType):
    """Created once the subscription is issued; its id is the subscription's."""

    token = "fastly:index/tlsSubscriptionValidation:TlsSubscriptionValidation"  # noqa: S105
    schema = obj({"subscriptionId": required(replacing(TEXT))})
    computed = ("certificateId",)
    default_seconds = 2700

    def __init__(self, fastly: FastlyClient) -> None:
        self._fastly = fastly

    def create(self, inputs: Properties, patience: Patience) -> State:
        subscription_id = inputs["subscriptionId"]

        def issued() -> State | None:
            state, found = self._look(subscription_id)
            if state == "failed":
                raise ProviderError(
                    f"TLS subscription {subscription_id} has failed: Fastly tries no longer",
                    "check the challenge's record and CAA, then replace the subscription",
                )
            return found

        return patience.until(f"issuing the certificate of TLS subscription {subscription_id}", issued)

    def read(self, resource_id: str, outputs: Properties) -> State | None:
        try:
            return self._look(outputs.get("subscriptionId", resource_id))[1]
        except ApiError as error:
            if error.status == 404:
                return None
            raise

    def update(self, resource_id: str, old_outputs: Properties, inputs: Properties, patience: Patience) -> State:
        return self.create(inputs, patience)

    def delete(self, resource_id: str, outputs: Properties, patience: Patience) -> None:
        """There is nothing to delete: the subscription is another resource."""

    def _look(self, subscription_id: str) -> tuple[str, State | None]:
        """Its state, and where it is issued what is held of it."""
        data: dict[str, Any] = self._fastly.json_api("GET", f"/tls/subscriptions/{part(subscription_id)}")["data"]
        state = data["attributes"]["state"]
        if state != "issued":
            return state, None  # as the real one: what is not issued needs a new wait
        certificates = data["relationships"]["tls_certificates"]["data"]
        computed = {"certificateId": certificates[0]["id"] if certificates else ""}
        return state, State(subscription_id, {"subscriptionId": subscription_id}, computed)
