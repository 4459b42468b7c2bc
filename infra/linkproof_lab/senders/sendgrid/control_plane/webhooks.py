"""Event webhooks, `/v3/user/webhooks/event`, with their signatures. A call without an id means the oldest one."""

from __future__ import annotations

import base64
import time
import uuid
from collections.abc import Sequence
from typing import Any

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec

from linkproof_lab.apis.idents import iso_milli
from linkproof_lab.senders.sendgrid.control_plane.contract import (
    Answer,
    Call,
    SendGridError,
    User,
    flag,
    no_route,
    not_found,
    text,
)
from linkproof_lab.store import Store

KIND = "sendgrid-webhook"
EVENTS = (
    "processed",
    "delivered",
    "deferred",
    "bounce",
    "dropped",
    "open",
    "click",
    "spam_report",
    "unsubscribe",
    "group_unsubscribe",
    "group_resubscribe",
)
_TEXTS = ("friendly_name", "oauth_client_id", "oauth_client_secret", "oauth_token_url")
_MOST_WEBHOOKS = 5
_SCOPES = {"GET": "read", "POST": "create", "PATCH": "update", "DELETE": "delete"}


class Webhooks:
    """Each webhook is a document by its id; its private key stays in the lab."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def claims(self, path: Sequence[str]) -> bool:
        return list(path[:3]) == ["user", "webhooks", "event"]

    async def answer(self, call: Call) -> Answer:
        rest = list(call.path[3:])
        if rest == ["test"]:
            call.require("user.webhooks.event.test.create")
            return Answer(204)
        call.require(f"user.webhooks.event.settings.{_SCOPES.get(call.method, 'update')}")
        match call.method, rest:
            case "GET", ["settings", "all"]:
                shown = [_view(one) for one in self._of(call)]
                return Answer(200, {"max_allowed": _MOST_WEBHOOKS, "webhooks": shown})
            case "POST", ["settings"]:
                return Answer(201, _view(self._create(call)))
            case "GET", ["settings", "signed", *which]:
                return Answer(200, _signature(self._found(call, which)))
            case "PATCH", ["settings", "signed", *which]:
                return Answer(200, _signature(self._signed(call, self._found(call, which))))
            case "GET", ["settings", *which]:
                return Answer(200, _view(self._found(call, which)))
            case "PATCH", ["settings", *which]:
                return Answer(200, _view(self._changed(call.body, self._found(call, which))))
            case "DELETE", ["settings", id_]:
                self._store.delete(KIND, self._found(call, [id_])["id"])
                return Answer(204)
        raise no_route()

    def forget(self, user: User) -> None:
        """All webhooks of a user that is no more."""
        for key, one in self._store.all(KIND):
            if one["user"] == user.username:
                self._store.delete(KIND, key)

    def _of(self, call: Call) -> list[dict[str, Any]]:
        return [one for _, one in self._store.all(KIND) if one["user"] == call.user.username]

    def _found(self, call: Call, which: list[str]) -> dict[str, Any]:
        found = [one for one in self._of(call) if which in ([], [one["id"]])]
        if not found:
            raise not_found("webhook")
        return found[0]

    def _create(self, call: Call) -> dict[str, Any]:
        if len(self._of(call)) >= _MOST_WEBHOOKS:
            raise SendGridError(400, (None, f"no more than {_MOST_WEBHOOKS} webhooks are allowed"))
        text(call.body, "url", required=True)
        now = iso_milli(time.time())
        events = dict.fromkeys(EVENTS, False)
        texts = dict.fromkeys(_TEXTS, "")
        document = {"id": str(uuid.uuid4()), "user": call.user.username, "created_date": now, **texts, **events}
        return self._changed(call.body, {"enabled": True, "key_pem": None, "url": "", **document})

    def _changed(self, body: Any, one: dict[str, Any]) -> dict[str, Any]:
        changed = {**one, "updated_date": iso_milli(time.time())}
        for name in ("url", *_TEXTS):
            if name in body:
                changed[name] = text(body, name)
        if not str(changed["url"]).startswith(("http://", "https://")):
            raise SendGridError(400, ("url", "url is invalid"))
        for name in ("enabled", *EVENTS):
            changed[name] = flag(body, name, default=changed[name])
        self._store.put(KIND, one["id"], changed)
        return changed

    def _signed(self, call: Call, one: dict[str, Any]) -> dict[str, Any]:
        """Switching it on makes a new key pair, unless there is one."""
        if not flag(call.body, "enabled", default=False):
            changed = {**one, "key_pem": None}
        else:
            changed = {**one, "key_pem": one["key_pem"] or _new_key()}
        self._store.put(KIND, one["id"], changed)
        return changed


def _view(one: dict[str, Any]) -> dict[str, Any]:
    hidden = ("user", "key_pem", "oauth_client_secret")
    shown = {name: value for name, value in one.items() if name not in hidden}
    return {**shown, **({"public_key": public_key(one["key_pem"])} if one["key_pem"] else {})}


def _signature(one: dict[str, Any]) -> dict[str, Any]:
    return {"id": one["id"], "public_key": public_key(one["key_pem"]) if one["key_pem"] else ""}


def _new_key() -> str:
    key = ec.generate_private_key(ec.SECP256R1())
    form = (serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    return key.private_bytes(*form).decode()


def public_key(pem: str) -> str:
    """One line of base64: SubjectPublicKeyInfo without PEM's armour."""
    key = serialization.load_pem_private_key(pem.encode(), None).public_key()
    der = key.public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)
    return base64.b64encode(der).decode()
