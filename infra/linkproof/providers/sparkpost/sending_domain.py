"""That a sending domain's mail has its links written with a tracking domain. The sending domain itself is not made here."""

from __future__ import annotations

from linkproof.providers.protocol.base import Patience, ProviderError, State
from linkproof.providers.protocol.schema import NAME, TEXT, obj, required
from linkproof.providers.protocol.values import Properties
from linkproof.providers.sparkpost.kind import Kind, id_of
from linkproof.senders.sparkpost.api import SENDING, domain_at, found_or_none, parted_id

TOKEN = "sparkpost:index:SendingDomainTracking"


class SendingDomainTracking(Kind):
    """Its id is the sending domain's: it has one tracking domain, or the default's."""

    token = TOKEN
    schema = obj({"domain": required(NAME), "trackingDomain": required(NAME), "subaccount": TEXT})

    def create(self, inputs: Properties, patience: Patience) -> State:
        """Raises:
        ProviderError: there is no such sending domain, or it has another tracking domain.
        """
        id_, wanted = id_of(inputs), str(inputs["trackingDomain"]).lower()
        held = self._tracking_of(id_, patience)
        if held is None:
            raise ProviderError(
                f"SparkPost has no sending domain {id_}",
                "make it and verify it in SparkPost's console, in this account or subaccount, then run the same command again",
            )
        if held not in ("", wanted):
            raise ProviderError(
                f"sending domain {id_} has tracking domain {held}, which would be taken from it",
                f"if this stack is to own that: `pulumi import {TOKEN} NAME {id_}`, and the next `pulumi up` changes it",
            )
        return self._put(id_, wanted, held, patience)

    def read(self, resource_id: str, outputs: Properties) -> State | None:
        held = self._tracking_of(resource_id, self.session.reading())
        return _state(resource_id, held) if held else None

    def update(self, resource_id: str, old_outputs: Properties, inputs: Properties, patience: Patience) -> State:
        held = self._tracking_of(resource_id, patience)
        return self._put(resource_id, str(inputs["trackingDomain"]).lower(), held or "", patience)

    def delete(self, resource_id: str, outputs: Properties, patience: Patience) -> None:
        """Only what is still as it was made: another tracking domain is somebody's decision."""
        held = self._tracking_of(resource_id, patience)
        if held and held == str(outputs.get("trackingDomain")).lower():
            self._put(resource_id, "", held, patience)

    def _put(self, id_: str, wanted: str, held: str, patience: Patience) -> State:
        """An empty text takes the choice away."""
        subaccount, domain = parted_id(id_)
        if held != wanted:
            self.api.call(
                "PUT", domain_at(SENDING, domain), patience, {"tracking_domain": wanted}, subaccount=subaccount
            )
        return _state(id_, wanted)

    def _tracking_of(self, id_: str, patience: Patience) -> str | None:
        """Empty where it has none of its own; None where there is no such sending domain.

        Raises:
            SparkPostError: the API refuses.
        """
        found = found_or_none(self.api, SENDING, id_, patience)
        return None if found is None else str(found.get("tracking_domain") or "").lower()


def _state(id_: str, tracking_domain: str) -> State:
    subaccount, domain = parted_id(id_)
    inputs: Properties = {"domain": domain, "trackingDomain": tracking_domain}
    return State(id_, inputs | ({"subaccount": subaccount} if subaccount else {}))
