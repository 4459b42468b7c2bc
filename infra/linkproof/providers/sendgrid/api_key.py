"""An API key. Rotation makes the new one before the old one goes, since the engine creates before it deletes."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

from linkproof.errors import LinkproofError
from linkproof.providers.protocol.base import Patience, ProviderError, State
from linkproof.providers.protocol.schema import TEXT, TEXT_SET, obj, replacing, required
from linkproof.providers.protocol.values import Properties
from linkproof.providers.sendgrid.kind import Kind, was_refused
from linkproof.senders.sendgrid.api import SendGridError, UnknownOutcomeError, Waiting
from linkproof.senders.sendgrid.brands import found_or_none, joined_id, parted_id

TOKEN = "sendgrid:index:ApiKey"
_POSTS = 3
# SendGrid adds these to some keys by itself; nobody has to write them.
_OWN_SCOPES = frozenset({"sender_verification_eligible", "2fa_required"})


class ApiKey(Kind):
    """The key itself is given once, by the call that makes it, and is then in the state alone."""

    token = TOKEN
    schema = obj(
        {
            "name": required(TEXT),
            "scopes": required(TEXT_SET),
            "subuser": replacing(TEXT),
            "rotation": replacing(TEXT),
        }
    )
    computed = ("apiKey", "apiKeyId")
    local = ("rotation",)

    def create(self, inputs: Properties, patience: Patience) -> State:
        """Raises:
        ProviderError: SendGrid refuses, or whether a key was made cannot be told.
        """
        subuser = str(inputs.get("subuser", ""))
        before = {one["api_key_id"] for one in self._keys(patience, subuser)}
        body = {"name": inputs["name"], "scopes": sorted(set(inputs["scopes"]))}
        for _ in range(_POSTS):
            try:
                made = self.api.call("POST", "api_keys", patience, body, subuser=subuser)
            except UnknownOutcomeError:
                made = None
            if isinstance(made, dict) and made.get("api_key") and made.get("api_key_id"):
                computed = {"apiKey": made["api_key"], "apiKeyId": made["api_key_id"]}
                return State(joined_id(subuser, made["api_key_id"]), inputs, computed)
            self._remove_lost(str(inputs["name"]), before, subuser)
        raise ProviderError("SendGrid made no API key, and did not say why", "run the same command again")

    def read(self, resource_id: str, outputs: Properties) -> State | None:
        subuser, id_ = parted_id(resource_id)
        held = found_or_none(self.api, _path(id_), self.session.reading(), subuser)
        if held is None:
            return None
        one = _one(held)
        scopes = [scope for scope in one.get("scopes") or () if scope not in _OWN_SCOPES]
        scopes += [scope for scope in outputs.get("scopes") or () if scope in _OWN_SCOPES]
        inputs: Properties = {"name": one.get("name"), "scopes": scopes}
        inputs |= {"subuser": subuser} if subuser else {}
        inputs |= {"rotation": outputs["rotation"]} if "rotation" in outputs else {}
        secret = {"apiKey": outputs["apiKey"]} if "apiKey" in outputs else {}
        return State(resource_id, inputs, {**secret, "apiKeyId": id_})

    def update(self, resource_id: str, old_outputs: Properties, inputs: Properties, patience: Patience) -> State:
        """Name and scopes, in one call."""
        subuser, id_ = parted_id(resource_id)
        kept = {name: old_outputs[name] for name in self.computed if name in old_outputs}
        state = State(resource_id, inputs, kept)
        body = {"name": inputs["name"], "scopes": sorted(set(inputs["scopes"]))}
        try:
            self.api.call("PUT", _path(id_), patience, body, subuser=subuser)
        except LinkproofError as error:
            if was_refused(error):
                raise
            raise self.after_post(state, error) from None
        return state

    def delete(self, resource_id: str, outputs: Properties, patience: Patience) -> None:
        subuser, id_ = parted_id(resource_id)
        try:
            self.api.call("DELETE", _path(id_), patience, subuser=subuser)
        except SendGridError as error:
            if error.status != 404:
                raise

    def _keys(self, waiting: Waiting, subuser: str) -> list[dict[str, Any]]:
        found = self.api.call("GET", "api_keys", waiting, subuser=subuser)
        listed = found.get("result") if isinstance(found, dict) else None
        return [one for one in listed or () if isinstance(one, dict) and one.get("api_key_id")]

    def _remove_lost(self, name: str, before: set[str], subuser: str) -> None:
        """A key whose text nobody has seen is of no use to anyone: it goes before another is made."""
        try:
            look = self.session.last_look()
            for one in self._keys(look, subuser):
                if one["api_key_id"] not in before and one.get("name") == name:
                    self.api.call("DELETE", _path(one["api_key_id"]), look, subuser=subuser)
        except LinkproofError as error:
            raise ProviderError(
                f"whether API key {name} was made is not known: {error}",
                "remove the newest key of that name in the console",
            ) from None


def _path(id_: str) -> str:
    return f"api_keys/{quote(id_, safe='')}"


def _one(held: dict[str, Any]) -> dict[str, Any]:
    """The description wraps one key into a list; older documents do not."""
    result = held.get("result")
    found = result[0] if isinstance(result, list) and result else held
    return found if isinstance(found, dict) else held
