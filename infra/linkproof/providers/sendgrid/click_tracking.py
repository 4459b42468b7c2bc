"""Click tracking of an account or subuser: one setting, which exists always."""

from __future__ import annotations

from linkproof.errors import LinkproofError
from linkproof.providers.protocol.base import Patience, ProviderError, State
from linkproof.providers.protocol.schema import FLAG, TEXT, obj, replacing
from linkproof.providers.protocol.values import Properties
from linkproof.providers.sendgrid.kind import Kind, was_refused
from linkproof.senders.sendgrid.brands import joined_id, parted_id

TOKEN = "sendgrid:index:ClickTracking"
_PATH = "tracking_settings/click"
_ID = "click-tracking"


class ClickTracking(Kind):
    """Letting go of it leaves it as it is: without click tracking no link is branded."""

    token = TOKEN
    schema = obj({"enabled": FLAG.but(default=True), "enableText": FLAG.but(default=False), "subuser": replacing(TEXT)})

    def create(self, inputs: Properties, patience: Patience) -> State:
        return self._set(joined_id(str(inputs.get("subuser", "")), _ID), inputs, patience)

    def read(self, resource_id: str, outputs: Properties) -> State | None:
        subuser, id_ = parted_id(resource_id)
        if id_ != _ID:
            raise ProviderError(f"{resource_id} is no id of click tracking", f"it is {_ID}, or SUBUSER/{_ID}")
        held = self.api.call("GET", _PATH, self.session.reading(), subuser=subuser)
        inputs: Properties = {"enabled": held.get("enabled") is True, "enableText": held.get("enable_text") is True}
        return State(resource_id, {**inputs, **({"subuser": subuser} if subuser else {})})

    def update(self, resource_id: str, old_outputs: Properties, inputs: Properties, patience: Patience) -> State:
        return self._set(resource_id, inputs, patience)

    def delete(self, resource_id: str, outputs: Properties, patience: Patience) -> None:
        """Nothing: see above."""

    def _set(self, resource_id: str, inputs: Properties, patience: Patience) -> State:
        subuser, _ = parted_id(resource_id)
        body = {"enabled": inputs.get("enabled", True), "enable_text": inputs.get("enableText", False)}
        state = State(resource_id, {"enabled": True, "enableText": False, **inputs})
        try:
            self.api.call("PATCH", _PATH, patience, body, subuser=subuser)
        except LinkproofError as error:
            if was_refused(error):
                raise
            raise self.after_post(state, error) from None
        return state
