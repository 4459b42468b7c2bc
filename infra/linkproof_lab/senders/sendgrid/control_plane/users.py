"""Accounts, subusers and their keys: who calls, and for whom."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from linkproof_lab.senders.sendgrid.control_plane.contract import (
    Answer,
    Call,
    SendGridError,
    User,
    flag,
    next_id,
    no_route,
    not_found,
    page,
    text,
)
from linkproof_lab.senders.sendgrid.control_plane.scopes import LEAST_SCOPES
from linkproof_lab.senders.sendgrid.facts import PARENT, PARENT_ID, SENDGRID_KEY
from linkproof_lab.store import Store

USER, KEY = "sendgrid-user", "sendgrid-key"
_FIRST_ID = 7654321


def key_of(token: str) -> str:
    """The key of a token's document: no file of the lab holds a token."""
    return hashlib.sha256(token.encode()).hexdigest()


def user_of(store: Store, username: str) -> User | None:
    if username == PARENT:
        return User(PARENT_ID, PARENT)
    found = store.get(USER, username)
    return User(found["id"], username, found["parent"], found["region"]) if found else None


def caller(store: Store, headers: Mapping[str, str]) -> tuple[User, frozenset[str], bool]:
    """The user that a call is for, what its key may do, and whether it speaks for a subuser.

    Raises:
        SendGridError: there is no key, nobody has made it, or the subuser is none of the key's account.
    """
    scheme, _, token = headers.get("authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not token.strip():
        raise SendGridError(401, (None, "authorization required"))
    found = store.get(KEY, key_of(token.strip()))
    if token.strip() == SENDGRID_KEY:
        found = {"user": PARENT, "scopes": list(LEAST_SCOPES)}
    user = user_of(store, found["user"]) if found else None
    if found is None or user is None:
        raise SendGridError(401, (None, "The provided authorization grant is invalid, expired, or revoked"))
    wanted = headers.get("on-behalf-of")
    if not wanted:
        return user, frozenset(found["scopes"]), False
    subuser = user_of(store, wanted)
    if user.parent is not None or subuser is None or subuser.parent != user.username:
        # Which status the vendor gives was not found; that it refuses is documented.
        raise SendGridError(403, (None, "access forbidden"))
    return subuser, frozenset(found["scopes"]), True


class Subusers:
    """`/v3/subusers`, of the account alone.

    Args:
        forget: takes away what a user has, before it goes.
    """

    def __init__(self, store: Store, forget: Callable[[User], None]) -> None:
        self._store = store
        self._forget = forget

    def claims(self, path: Sequence[str]) -> bool:
        return path[0] == "subusers"

    async def answer(self, call: Call) -> Answer:
        call.require_parent()
        match call.method, list(call.path):
            case "GET", ["subusers"]:
                call.require("subusers.read")
                with_region = call.query.get("include_region") == "true"
                found = [self._view(user, with_region=with_region) for user in self._of(call.user)]
                wanted = call.query.get("username")
                return Answer(200, page([one for one in found if wanted in (None, one["username"])], call.query, 500))
            case "POST", ["subusers"]:
                call.require("subusers.create")
                return Answer(201, self._create(call))
            case "PATCH", ["subusers", username]:
                call.require("subusers.update")
                document = self._owned(call.user, username)
                self._store.put(USER, username, {**document, "disabled": flag(call.body, "disabled", default=False)})
                return Answer(204)
            case "DELETE", ["subusers", username]:
                call.require("subusers.delete")
                self._owned(call.user, username)
                self._delete(username)
                return Answer(204)
            case "PUT", ["subusers", username, "ips"]:
                call.require("subusers.update")
                document = {**self._owned(call.user, username), "ips": _addresses(call.listed)}
                self._store.put(USER, username, document)
                return Answer(200, {"ips": document["ips"]})
        raise no_route()

    def _of(self, account: User) -> list[tuple[str, dict[str, Any]]]:
        return [(name, doc) for name, doc in self._store.all(USER) if doc["parent"] == account.username]

    def _owned(self, account: User, username: str) -> dict[str, Any]:
        found = dict(self._of(account)).get(username)
        if found is None:
            raise not_found("subuser")
        return found

    def _delete(self, username: str) -> None:
        """With all that is its own."""
        user = user_of(self._store, username)
        assert user is not None
        self._forget(user)
        for key, document in self._store.all(KEY):
            if document["user"] == username:
                self._store.delete(KEY, key)
        self._store.delete(USER, username)

    def _view(self, user: tuple[str, dict[str, Any]], *, with_region: bool) -> dict[str, Any]:
        username, doc = user
        region = {"region": "global" if doc["region"] == "us" else doc["region"]} if with_region else {}
        return {"id": doc["id"], "username": username, "email": doc["email"], "disabled": doc["disabled"], **region}

    def _create(self, call: Call) -> dict[str, Any]:
        body = call.body
        username, email = text(body, "username", required=True), text(body, "email", required=True)
        password = text(body, "password", required=True)
        if len(password) < 8 or password.isalpha() or password.isdecimal():
            raise SendGridError(400, ("password", "password must be at least 8 characters, with letters and numbers"))
        if user_of(self._store, username) is not None:
            raise SendGridError(400, ("username", "username exists"))
        ips = _addresses(body.get("ips"))
        number = next_id(self._store, USER, _FIRST_ID)
        region = "eu" if body.get("region") == "eu" else "us"
        self._store.put(
            USER,
            username,
            {
                "id": number,
                "email": email,
                "parent": call.user.username,
                "disabled": False,
                "region": region,
                "ips": ips,
            },
        )
        return {"user_id": number, "username": username, "email": email, "credit_allocation": {"type": "unlimited"}}


def _addresses(value: Any) -> list[str]:
    """Raises:
    SendGridError: it is no list of addresses.
    """
    if not isinstance(value, list):
        raise SendGridError(400, ("ips", "ips are required"))
    return [str(ip) for ip in value]
