"""API keys, `/v3/api_keys`, and `/v3/scopes`."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from typing import Any

from linkproof_lab.senders.sendgrid.control_plane.contract import Answer, Call, SendGridError, no_route, page, text
from linkproof_lab.senders.sendgrid.control_plane.scopes import KNOWN
from linkproof_lab.senders.sendgrid.control_plane.users import KEY, key_of
from linkproof_lab.store import Store

_MOST_KEYS = 100


class ApiKeys:
    """Keys are documents by the digest of their text, which is shown once."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def claims(self, path: Sequence[str]) -> bool:
        return path[0] in ("api_keys", "scopes")

    async def answer(self, call: Call) -> Answer:
        match call.method, list(call.path):
            case "GET", ["scopes"]:
                return Answer(200, {"scopes": sorted(call.scopes)})
            case "GET", ["api_keys"]:
                call.require("api_keys.read")
                shown = [_view(doc, "api_key_id", "name") for _, doc in self._of(call)]
                return Answer(200, {"result": page(shown, call.query, _MOST_KEYS)})
            case "POST", ["api_keys"]:
                call.require("api_keys.create")
                return Answer(201, self._create(call))
            case "GET", ["api_keys", id_]:
                call.require("api_keys.read")
                return Answer(200, {"result": [_view(self._found(call, id_)[1], "api_key_id", "name", "scopes")]})
            case "PUT" | "PATCH", ["api_keys", id_]:
                call.require("api_keys.update")
                return Answer(200, self._changed(call, id_))
            case "DELETE", ["api_keys", id_]:
                call.require("api_keys.delete")
                self._store.delete(KEY, self._found(call, id_)[0])
                return Answer(204)
        raise no_route()

    def _of(self, call: Call) -> list[tuple[str, dict[str, Any]]]:
        return [(key, doc) for key, doc in self._store.all(KEY) if doc["user"] == call.user.username]

    def _found(self, call: Call, id_: str) -> tuple[str, dict[str, Any]]:
        for key, doc in self._of(call):
            if doc["api_key_id"] == id_:
                return key, doc
        raise SendGridError(404, (None, "unable to find API Key"))

    def _create(self, call: Call) -> dict[str, Any]:
        name = text(call.body, "name", required=True)
        if len(self._of(call)) >= _MOST_KEYS:
            raise SendGridError(403, (None, f"Cannot create more than {_MOST_KEYS} API Keys"))
        id_, secret = secrets.token_urlsafe(16), secrets.token_urlsafe(32)
        token = f"SG.{id_}.{secret}"
        document = {"api_key_id": id_, "name": name, "scopes": _scopes(call), "user": call.user.username}
        self._store.put(KEY, key_of(token), document)
        return {"api_key": token, **_view(document, "api_key_id", "name", "scopes")}

    def _changed(self, call: Call, id_: str) -> dict[str, Any]:
        """PATCH renames; PUT sets name and scopes."""
        key, document = self._found(call, id_)
        changed = {**document, "name": text(call.body, "name", required=True)}
        if call.method == "PUT":
            changed["scopes"] = _scopes(call)
        self._store.put(KEY, key, changed)
        return _view(changed, "api_key_id", "name", *(["scopes"] if call.method == "PUT" else []))


def _view(document: dict[str, Any], *names: str) -> dict[str, Any]:
    return {name: document[name] for name in names}


def _scopes(call: Call) -> list[str]:
    """Of the body; without them a key may do what its maker may."""
    wanted = call.body.get("scopes")
    if wanted is None:
        return sorted(call.scopes)
    if not isinstance(wanted, list) or not all(isinstance(scope, str) for scope in wanted):
        raise SendGridError(400, ("scopes", "scopes must be a list of strings"))
    unknown = sorted(set(wanted) - KNOWN)
    beyond = sorted(set(wanted) - call.scopes - {"sender_verification_eligible", "2fa_required"})
    if unknown or beyond:
        raise SendGridError(400, ("scopes", f"invalid scopes: {', '.join(unknown or beyond)}"))
    return list(dict.fromkeys(wanted))
