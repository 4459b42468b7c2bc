"""A subuser, made; one that exists is looked up by `getSubuser`."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar
from urllib.parse import quote

from linkproof.providers.protocol.base import InitFailedError, Patience, ProviderError, State
from linkproof.providers.protocol.schema import FLAG, TEXT, TEXT_SET, choice, obj, required
from linkproof.providers.protocol.values import Properties
from linkproof.providers.sendgrid.kind import Kind, exists
from linkproof.providers.sendgrid.session import Session
from linkproof.senders.sendgrid.api import SendGridApi, SendGridError, UnknownOutcomeError, Waiting

TOKEN = "sendgrid:index:Subuser"
_POSTS = 3


class Subuser(Kind):
    """Its id is its name. The password is written once, and nothing reads it back."""

    token = TOKEN
    schema = obj(
        {
            "username": required(TEXT),
            "email": required(TEXT),
            "password": required(TEXT),
            "ips": TEXT_SET,
            "region": choice("us", "eu", default="us"),
            "disabled": FLAG.but(default=False),
        }
    )
    computed = ("userId",)
    local = ("password", "ips", "region")
    fixed: ClassVar[dict[str, str]] = {
        "username": "a subuser's name stays; another name is another subuser",
        "email": "the API cannot change it",
        "password": "the API for the account cannot change it; the subuser can, in the console",
        "ips": "this provider gives them at the creation alone",
        "region": "a subuser stays in the region that it was made in",
    }

    def create(self, inputs: Properties, patience: Patience) -> State:
        username = str(inputs["username"])
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
        }
        inputs |= {name: outputs[name] for name in self.local if name in outputs}
        return State(resource_id, inputs, {"userId": str(held.get("id"))})

    def update(self, resource_id: str, old_outputs: Properties, inputs: Properties, patience: Patience) -> State:
        state = State(
            resource_id, _whole(inputs), {name: old_outputs[name] for name in self.computed if name in old_outputs}
        )
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
            raise self._failed(state, error) from None
        return state

    def _failed(self, state: State, error: SendGridError | ProviderError) -> InitFailedError:
        return self.after_post(state, error)

    def _without_password(self, error: SendGridError, inputs: Properties) -> ProviderError:
        return ProviderError(error.problem.replace(str(inputs["password"]), "[password]"), error.fix)


def _whole(inputs: Properties) -> Properties:
    """With what the absence of it means: a refresh finds the same."""
    return {"disabled": False, **inputs}


def get_subuser(session: Session) -> Callable[[Properties], Properties]:
    """`sendgrid:index:getSubuser`: from a name to user id and e-mail address."""

    def look_up(arguments: Properties) -> Properties:
        username = str(arguments.get("username", ""))
        held = _found(session.api, username, session.reading())
        if held is None:
            raise ProviderError(
                f"this account has no subuser {username}", "see its name on the console's page of subusers"
            )
        return {"username": username, "userId": str(held.get("id")), "email": str(held.get("email") or "")}

    return look_up


def _found(api: SendGridApi, username: str, waiting: Waiting) -> dict[str, Any] | None:
    found = api.call("GET", "subusers", waiting, query={"username": username})
    listed = found if isinstance(found, list) else []
    return next((one for one in listed if isinstance(one, dict) and one.get("username") == username), None)


def _path(username: str) -> str:
    return f"subusers/{quote(username, safe='')}"
