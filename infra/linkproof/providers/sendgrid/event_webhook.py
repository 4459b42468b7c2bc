"""An event webhook, always named by its id: a call without one means the account's oldest."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, ClassVar
from urllib.parse import quote, urlsplit

from linkproof.errors import LinkproofError
from linkproof.providers.protocol.base import InitFailedError, Patience, ProviderError, State
from linkproof.providers.protocol.schema import FLAG, TEXT, Field, choice, obj, required
from linkproof.providers.protocol.values import Properties, Unknown
from linkproof.providers.sendgrid.kind import Kind, was_refused
from linkproof.senders.sendgrid.api import SendGridError, UnknownOutcomeError, Waiting
from linkproof.senders.sendgrid.brands import found_or_none, joined_id, parted_id
from linkproof.senders.sendgrid.facts import EVENTS

TOKEN = "sendgrid:index:EventWebhook"
_ROOT = "user/webhooks/event/settings"
_POSTS = 3
# A webhook whose events were all switched off: an empty list would say what its absence says.
_NO_EVENT = "none"
_SHORTEST_KEY = 8


class EventWebhook(Kind):
    """All delivery and engagement events unless some are named; signed unless that is switched off.

    Its URL may be a secret (KARTE's holds a key), so no message has it.
    """

    token = TOKEN
    schema = obj(
        {
            "url": required(TEXT),
            "events": Field("set", item=choice(*EVENTS), default=sorted(EVENTS)),
            "enabled": FLAG.but(default=True),
            "signed": FLAG.but(default=True),
            "friendlyName": TEXT,
            "subuser": TEXT,
        }
    )
    computed = ("webhookId", "publicKey")
    volatile = ("publicKey",)
    secrets = ("url",)
    fixed: ClassVar[dict[str, str]] = {"subuser": "a webhook stays with the user that it was made for"}

    def problems(self, inputs: Properties) -> Iterator[tuple[str, str]]:
        yield from super().problems(inputs)
        url = inputs.get("url")
        if isinstance(url, str) and not isinstance(url, Unknown) and urlsplit(url).scheme not in ("http", "https"):
            yield "url", "must be a URL that begins with https://"
        if inputs.get("events") == []:
            yield "events", f"name at least one, or leave it out for all: {', '.join(EVENTS)}"

    def create(self, inputs: Properties, patience: Patience) -> State:
        subuser = str(inputs.get("subuser", ""))
        before = self._hooks(patience, subuser)
        for one in before:
            if one.get("url") == inputs["url"]:
                id_ = joined_id(subuser, one["id"])
                raise ProviderError(
                    f"an event webhook with this URL exists already, as {id_}",
                    f"if this stack is to own it: `pulumi import {TOKEN} NAME {id_}`; else remove it in SendGrid's console, for both"
                    " would post every event",
                )
        made = self._post(inputs, {str(one["id"]) for one in before}, subuser, patience)
        state = State(joined_id(subuser, made["id"]), _whole(inputs), {"webhookId": str(made["id"]), "publicKey": ""})
        return self._signed(state, inputs, patience)

    def read(self, resource_id: str, outputs: Properties) -> State | None:
        subuser, id_ = parted_id(resource_id)
        reading = self.session.reading()
        held = found_or_none(self.api, f"{_ROOT}/{quote(id_, safe='')}", reading, subuser)
        if held is None:
            return None
        signature = self.api.call("GET", f"{_ROOT}/signed/{quote(id_, safe='')}", reading, subuser=subuser)
        public_key = str((signature or {}).get("public_key") or "")
        inputs: Properties = {
            "url": held.get("url"),
            "events": sorted(event for event in EVENTS if held.get(event) is True) or [_NO_EVENT],
            "enabled": held.get("enabled") is True,
            "signed": bool(public_key),
        }
        inputs |= {"friendlyName": held["friendly_name"]} if held.get("friendly_name") else {}
        inputs |= {"subuser": subuser} if subuser else {}
        return State(resource_id, inputs, {"webhookId": id_, "publicKey": public_key})

    def update(self, resource_id: str, old_outputs: Properties, inputs: Properties, patience: Patience) -> State:
        subuser, id_ = parted_id(resource_id)
        computed = {name: old_outputs[name] for name in self.computed if name in old_outputs}
        state = State(resource_id, _whole(inputs), computed)
        try:
            self.api.call("PATCH", f"{_ROOT}/{quote(id_, safe='')}", patience, _body(inputs), subuser=subuser)
        except LinkproofError as error:
            if was_refused(error):
                raise self._without_url(error, inputs) from None
            raise self._after(state, error, inputs) from None
        return self._signed(state, inputs, patience)

    def delete(self, resource_id: str, outputs: Properties, patience: Patience) -> None:
        subuser, id_ = parted_id(resource_id)
        try:
            self.api.call("DELETE", f"{_ROOT}/{quote(id_, safe='')}", patience, subuser=subuser)
        except SendGridError as error:
            if error.status != 404:
                raise

    def _post(self, inputs: Properties, before: set[str], subuser: str, patience: Patience) -> dict[str, Any]:
        for _ in range(_POSTS):
            try:
                made = self.api.call("POST", _ROOT, patience, _body(inputs), subuser=subuser)
            except UnknownOutcomeError:
                made = None
            except SendGridError as error:
                raise self._without_url(error, inputs) from None
            if isinstance(made, dict) and made.get("id"):
                return made
            for one in self._hooks(self.session.last_look(), subuser):
                if one.get("url") == inputs["url"] and str(one["id"]) not in before:
                    return one
        raise ProviderError("SendGrid made no event webhook, and did not say why", "run the same command again")

    def _signed(self, state: State, inputs: Properties, patience: Patience) -> State:
        """The signature as it is wanted; the webhook is there, so whatever fails now must not lose it."""
        subuser, id_ = parted_id(state.id)
        wanted = inputs.get("signed", True) is not False
        try:
            said = self.api.call(
                "PATCH", f"{_ROOT}/signed/{quote(id_, safe='')}", patience, {"enabled": wanted}, subuser=subuser
            )
        except LinkproofError as error:
            raise self._after(state, error, inputs) from None
        public_key = str((said or {}).get("public_key") or "") if wanted else ""
        return State(state.id, state.inputs, {**state.computed, "webhookId": id_, "publicKey": public_key})

    def _hooks(self, waiting: Waiting, subuser: str) -> list[dict[str, Any]]:
        found = self.api.call("GET", f"{_ROOT}/all", waiting, subuser=subuser)
        listed = found.get("webhooks") if isinstance(found, dict) else None
        return [one for one in listed or () if isinstance(one, dict) and one.get("id")]

    def _after(self, state: State, error: LinkproofError, inputs: Properties) -> InitFailedError:
        return self.after_post(state, self._without_url(error, inputs))

    def _without_url(self, error: LinkproofError, inputs: Properties) -> ProviderError:
        """Neither the URL nor a part of its path that may be a key, in whatever form the vendor says it back."""
        url = str(inputs["url"])
        problem = error.problem.replace(url, "[url]")
        for part in urlsplit(url).path.split("/"):
            if len(part) >= _SHORTEST_KEY:
                problem = problem.replace(part, "[key]")
        return ProviderError(problem, error.fix)


def _whole(inputs: Properties) -> Properties:
    """With what the absence of each means: a refresh finds the same."""
    return {"events": sorted(EVENTS), "enabled": True, "signed": True, **inputs}


def _body(inputs: Mapping[str, Any]) -> dict[str, Any]:
    wanted = set(inputs.get("events") or EVENTS)
    return {
        "url": inputs["url"],
        "enabled": inputs.get("enabled", True) is not False,
        "friendly_name": inputs.get("friendlyName", ""),
        **{event: event in wanted for event in EVENTS},
    }
