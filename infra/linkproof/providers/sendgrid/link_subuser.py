"""That a subuser's mails are written with a link of the account. A link must be valid first."""

from __future__ import annotations

from urllib.parse import quote, urlencode

from linkproof.providers.protocol.base import Patience, ProviderError, State
from linkproof.providers.protocol.schema import TEXT, obj, replacing, required
from linkproof.providers.protocol.values import Properties
from linkproof.providers.sendgrid.kind import Kind
from linkproof.senders.sendgrid.api import SendGridError, UnknownOutcomeError, Waiting
from linkproof.senders.sendgrid.brands import LINKS

TOKEN = "sendgrid:index:LinkSubuser"


class LinkSubuser(Kind):
    """Its id is the subuser's name: a subuser has one link of its account's."""

    token = TOKEN
    schema = obj({"linkId": required(TEXT), "username": required(replacing(TEXT))})

    def create(self, inputs: Properties, patience: Patience) -> State:
        """Raises:
        ProviderError: the subuser has another link.
        """
        username, wanted = str(inputs["username"]), str(inputs["linkId"])
        held = self._link_of(username, patience)
        if held is not None and held != wanted:
            raise ProviderError(
                f"subuser {username} has branded link {held}, which would be taken from it",
                f"if this stack is to own that: `pulumi import {TOKEN} NAME {username}`, and the next `pulumi up` changes it",
            )
        return self._associated(username, wanted, held, patience)

    def read(self, resource_id: str, outputs: Properties) -> State | None:
        held = self._link_of(resource_id, self.session.reading())
        return None if held is None else State(resource_id, {"linkId": held, "username": resource_id})

    def update(self, resource_id: str, old_outputs: Properties, inputs: Properties, patience: Patience) -> State:
        held = self._link_of(resource_id, patience)
        return self._associated(resource_id, str(inputs["linkId"]), held, patience)

    def delete(self, resource_id: str, outputs: Properties, patience: Patience) -> None:
        """Only what is still as it was made: another link is somebody's decision."""
        if self._link_of(resource_id, patience) != str(outputs.get("linkId")):
            return
        try:
            self.api.call("DELETE", f"{LINKS}/subuser?{urlencode({'username': resource_id})}", patience)
        except SendGridError as error:
            if error.status != 404:
                raise

    def _associated(self, username: str, wanted: str, held: str | None, patience: Patience) -> State:
        state = State(username, {"linkId": wanted, "username": username})
        if held == wanted:
            return state
        try:
            self.api.call("POST", f"{LINKS}/{quote(wanted, safe='')}/subuser", patience, {"username": username})
        except UnknownOutcomeError as error:
            try:
                if self._link_of(username, self.session.last_look()) == wanted:
                    return state
            except SendGridError as unseen:
                raise self.after_post(state, unseen) from None
            raise ProviderError(error.problem, error.fix) from None
        return state

    def _link_of(self, username: str, waiting: Waiting) -> str | None:
        try:
            found = self.api.call("GET", f"{LINKS}/subuser", waiting, query={"username": username})
        except SendGridError as error:
            if error.status == 404:
                return None
            raise
        return str(found["id"]) if isinstance(found, dict) and found.get("id") else None
