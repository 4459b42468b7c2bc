"""A subuser: made, or one that somebody else has made, which must be there."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar
from urllib.parse import quote

from linkproof.errors import LinkproofError
from linkproof.providers.protocol.base import Patience, ProviderError, State
from linkproof.providers.protocol.schema import FLAG, TEXT, TEXT_SET, choice, obj, replacing, required
from linkproof.providers.protocol.values import Properties
from linkproof.providers.sendgrid.kind import Kind, exists, was_refused
from linkproof.providers.sendgrid.session import Session
from linkproof.senders.sendgrid.api import SendGridApi, SendGridError, UnknownOutcomeError, Waiting
from linkproof.senders.sendgrid.subusers import way_to_set

TOKEN = "sendgrid:index:Subuser"
FOUND_TOKEN = "sendgrid:index:ExistingSubuser"
_POSTS = 3


class Subuser(Kind):
    """Its id is its name. The password is written once, and nothing reads it back, nor the addresses that it sends from.

    The password is needed to make it and never again: what was imported has none.
    """

    token = TOKEN
    schema = obj(
        {
            "username": required(TEXT),
            "email": required(TEXT),
            "password": TEXT,
            "ips": TEXT_SET,
            "region": choice("us", "eu", default="us"),
            "disabled": FLAG.but(default=False),
        }
    )
    computed = ("userId",)
    local = ("password", "ips")
    secrets = ("password",)
    fixed: ClassVar[dict[str, str]] = {
        "username": "a subuser's name stays; another name is another subuser",
        "email": "the API cannot change it",
        "password": "the API for the account cannot change it; the subuser can, in the console",
        "region": "a subuser stays in the region that it was made in",
    }

    def create(self, inputs: Properties, patience: Patience) -> State:
        """Raises:
        ProviderError: it exists already, there is no password, SendGrid refuses, or whether it was made cannot be told.
        """
        username = str(inputs["username"])
        if not inputs.get("password"):
            raise ProviderError(
                f"subuser {username} is to be made, and there is no password for it", way_to_set(username)
            )
        if _found(self.api, username, patience) is not None:
            raise exists(f"subuser {username}", TOKEN, username, username)
        body = {name: inputs[name] for name in ("username", "email", "password")}
        body |= {"ips": list(inputs.get("ips") or ())}
        body |= {"region": "eu"} if inputs.get("region") == "eu" else {}
        for _ in range(_POSTS):
            try:
                self.api.call("POST", "subusers", patience, body)
            except UnknownOutcomeError:
                held = _found(self.api, username, self.session.last_look())
            except SendGridError as error:
                raise self._without_password(error, inputs) from None
            else:
                held = {"id": None}
            if held is not None:
                return self._made(inputs, patience)
        raise ProviderError(
            f"SendGrid did not make subuser {username}, and did not say why", "run the same command again"
        )

    def read(self, resource_id: str, outputs: Properties) -> State | None:
        held = _found(self.api, resource_id, self.session.reading())
        if held is None:
            return None
        inputs: Properties = {
            "username": resource_id,
            "email": held.get("email"),
            "disabled": bool(held.get("disabled")),
            "region": "eu" if held.get("region") == "eu" else "us",
        }
        inputs |= {name: outputs[name] for name in self.local if name in outputs}
        return State(resource_id, inputs, {"userId": str(held.get("id"))})

    def update(self, resource_id: str, old_outputs: Properties, inputs: Properties, patience: Patience) -> State:
        state = State(
            resource_id, _whole(inputs), {name: old_outputs[name] for name in self.computed if name in old_outputs}
        )
        ips = list(inputs.get("ips") or ())
        if set(ips) != set(old_outputs.get("ips") or ()):
            try:
                self.api.call("PUT", f"{_path(resource_id)}/ips", patience, ips)
            except LinkproofError as error:
                if was_refused(error):
                    raise
                raise self.after_post(state, error) from None
        return self._disabled(state, inputs, patience)

    def delete(self, resource_id: str, outputs: Properties, patience: Patience) -> None:
        try:
            self.api.call("DELETE", _path(resource_id), patience)
        except SendGridError as error:
            if error.status != 404:
                raise

    def _made(self, inputs: Properties, patience: Patience) -> State:
        """It is there: whatever fails now must not lose it."""
        state = State(str(inputs["username"]), _whole(inputs))
        try:
            held = _found(self.api, state.id, patience) or {}
        except (SendGridError, ProviderError) as error:
            raise self.after_post(state, error) from None
        state = State(state.id, _whole(inputs), {"userId": str(held.get("id"))})
        return self._disabled(state, inputs, patience) if inputs.get("disabled") else state

    def _disabled(self, state: State, inputs: Properties, patience: Patience) -> State:
        try:
            self.api.call("PATCH", _path(state.id), patience, {"disabled": inputs.get("disabled", False)})
        except (SendGridError, ProviderError) as error:
            raise self.after_post(state, error) from None
        return state

    def _without_password(self, error: SendGridError, inputs: Properties) -> ProviderError:
        return ProviderError(error.problem.replace(str(inputs["password"]), "[password]"), error.fix)


class ExistingSubuser(Kind):
    """That the account has a subuser of this name. It is never made, changed or deleted here."""

    token = FOUND_TOKEN
    schema = obj({"username": required(replacing(TEXT))})
    computed = ("userId", "email", "isDisabled")
    volatile: ClassVar[tuple[str, ...]] = ("userId", "email", "isDisabled")

    def create(self, inputs: Properties, patience: Patience) -> State:
        """Raises:
        ProviderError: the account has none of this name.
        """
        held = _found(self.api, str(inputs["username"]), patience)
        if held is None:
            raise _none(str(inputs["username"]))
        return self._state(held)

    def read(self, resource_id: str, outputs: Properties) -> State | None:
        held = _found(self.api, resource_id, self.session.reading())
        return None if held is None else self._state(held)

    def update(self, resource_id: str, old_outputs: Properties, inputs: Properties, patience: Patience) -> State:
        return self.create(inputs, patience)

    def delete(self, resource_id: str, outputs: Properties, patience: Patience) -> None:
        """Nothing: it is somebody else's."""

    def _state(self, held: dict[str, Any]) -> State:
        username = str(held["username"])
        computed: Properties = {
            "userId": str(held.get("id")),
            "email": str(held.get("email") or ""),
            "isDisabled": bool(held.get("disabled")),
        }
        return State(username, {"username": username}, computed)


def _none(username: str) -> ProviderError:
    return ProviderError(f"this account has no subuser {username}", "see its name on the console's page of subusers")


def _whole(inputs: Properties) -> Properties:
    """With what the absence of it means: a refresh finds the same."""
    return {"disabled": False, "region": "us", **inputs}


def get_subuser(session: Session) -> Callable[[Properties], Properties]:
    """`sendgrid:index:getSubuser`: from a name to user id and e-mail address."""

    def look_up(arguments: Properties) -> Properties:
        username = str(arguments.get("username", ""))
        held = _found(session.api, username, session.reading())
        if held is None:
            raise _none(username)
        return {"username": username, "userId": str(held.get("id")), "email": str(held.get("email") or "")}

    return look_up


def _found(api: SendGridApi, username: str, waiting: Waiting) -> dict[str, Any] | None:
    found = api.call("GET", "subusers", waiting, query={"username": username, "include_region": "true"})
    listed = found if isinstance(found, list) else []
    return next((one for one in listed if isinstance(one, dict) and one.get("username") == username), None)


def _path(username: str) -> str:
    return f"subusers/{quote(username, safe='')}"
