"""Domain authentication, `/v3/whitelabel/domains`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from linkproof_lab.senders.sendgrid.control_plane import records, validation
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
from linkproof_lab.senders.sendgrid.control_plane.users import user_of
from linkproof_lab.settings import LabSettings
from linkproof_lab.store import Store

KIND = "sendgrid-domain"
_FIRST_ID = 3001001
_SELECTOR_CHARACTERS = 3


class Domains:
    """Every authenticated domain, each a document by its id."""

    def __init__(self, settings: LabSettings, store: Store) -> None:
        self._settings = settings
        self._store = store

    def claims(self, path: Sequence[str]) -> bool:
        return list(path[:2]) == ["whitelabel", "domains"]

    async def answer(self, call: Call) -> Answer:
        verb = {"GET": "read", "DELETE": "delete"}.get(call.method, "update")
        call.require(
            "whitelabel.create" if list(call.path[2:]) == [] and call.method == "POST" else f"whitelabel.{verb}"
        )
        match call.method, list(call.path[2:]):
            case "GET", []:
                wanted = call.query.get("domain")
                found = [one for one in self._of(call.user) if wanted in (None, one["domain"])]
                return Answer(200, [self._view(one) for one in page(found, call.query, 50)])
            case "POST", []:
                return Answer(201, self._view(self._create(call)))
            case "GET", ["default"]:
                for one in self._of(call.user):
                    if one["default"]:
                        return Answer(200, self._view(one))
                raise not_found("domain")
            case "GET" | "DELETE", ["subuser"]:
                return self._by_subuser(call)
            case "GET", [number]:
                return Answer(200, self._view(self._found(call.user, number)))
            case "PATCH", [number]:
                return Answer(200, self._view(self._changed(call, self._found(call.user, number))))
            case "DELETE", [number]:
                self._store.delete(KIND, str(self._found(call.user, number)["id"]))
                return Answer(204)
            case "POST", [number, "validate"]:
                return await self._validated(self._found(call.user, number))
            case "POST", [number, "subuser"]:
                return Answer(201, self._view(self._associated(call, self._found(call.user, number))))
            case "POST", [number, "ips"]:
                one = self._found(call.user, number)
                ips = list(dict.fromkeys([*one["ips"], text(call.body, "ip", required=True)]))
                return Answer(200, self._view(self._put({**one, "ips": ips})))
            case "DELETE", [number, "ips", ip]:
                one = self._found(call.user, number)
                return Answer(200, self._view(self._put({**one, "ips": [held for held in one["ips"] if held != ip]})))
        raise no_route()

    def _of(self, user: User) -> list[dict[str, Any]]:
        return [one for _, one in self._store.all(KIND) if one["username"] == user.username]

    def _found(self, user: User, number: str) -> dict[str, Any]:
        found = self._store.get(KIND, number)
        if found is None or found["username"] != user.username:
            raise not_found("domain")
        return found

    def _put(self, one: dict[str, Any]) -> dict[str, Any]:
        self._store.put(KIND, str(one["id"]), one)
        return one

    def _view(self, one: dict[str, Any]) -> dict[str, Any]:
        hidden = ("records_valid", "region", "custom_dkim_selector", "subusers")
        shown = {name: value for name, value in one.items() if name not in hidden}
        subusers = [{"username": name} for name in one["subusers"]]
        valid = records.with_validity(records.domain_records(one), one["records_valid"])
        return {**shown, "subusers": subusers, "dns": valid}

    def _create(self, call: Call) -> dict[str, Any]:
        body = call.body
        domain = text(body, "domain", required=True).lower()
        if "." not in domain:
            raise SendGridError(400, ("domain", "domain is invalid"))
        selector = text(body, "custom_dkim_selector")
        if len(selector) > _SELECTOR_CHARACTERS or (selector and not selector.isalnum()):
            raise SendGridError(400, ("custom_dkim_selector", "must be up to three letters or numbers"))
        region = {"": "us", "us": "us", "global": "us", "eu": "eu"}.get(text(body, "region"))
        if region is None:
            raise SendGridError(400, ("region", "region must be global or eu"))
        number = next_id(self._store, KIND, _FIRST_ID)
        subdomain = text(body, "subdomain").lower() or f"em{number % 10000}"
        if any((one["subdomain"], one["domain"]) == (subdomain, domain) for _, one in self._store.all(KIND)):
            raise SendGridError(400, ("subdomain", f"{subdomain}.{domain} is already authenticated"))
        one = {
            "id": number,
            "user_id": call.user.id,
            "username": call.user.username,
            "domain": domain,
            "subdomain": subdomain,
            "ips": [str(ip) for ip in body.get("ips") or ()],
            "custom_spf": flag(body, "custom_spf", default=False),
            "default": flag(body, "default", default=False),
            "automatic_security": flag(body, "automatic_security", default=True),
            "custom_dkim_selector": selector,
            "region": region,
            "legacy": False,
            "valid": False,
            "records_valid": {},
            "subusers": [],
        }
        return self._as_default(one) if one["default"] else self._put(one)

    def _changed(self, call: Call, one: dict[str, Any]) -> dict[str, Any]:
        """`default` and `custom_spf`: nothing else can be."""
        changed = {**one, "custom_spf": flag(call.body, "custom_spf", default=one["custom_spf"])}
        changed["default"] = flag(call.body, "default", default=one["default"])
        return self._as_default(changed) if changed["default"] else self._put(changed)

    def _as_default(self, one: dict[str, Any]) -> dict[str, Any]:
        for _, other in self._store.all(KIND):
            if other["username"] == one["username"] and other["default"] and other["id"] != one["id"]:
                self._put({**other, "default": False})
        return self._put({**one, "default": True})

    async def _validated(self, one: dict[str, Any]) -> Answer:
        results = await validation.results(self._settings, records.domain_records(one))
        valid = all(result["valid"] for result in results.values())
        held = {name: result["valid"] for name, result in results.items()}
        self._put({**one, "valid": valid, "records_valid": held})
        return Answer(200, {"id": one["id"], "valid": valid, "validation_results": results})

    def _associated(self, call: Call, one: dict[str, Any]) -> dict[str, Any]:
        call.require_parent()
        subuser = user_of(self._store, text(call.body, "username", required=True))
        if subuser is None or subuser.parent != call.user.username:
            raise not_found("subuser")
        for _, other in self._store.all(KIND):
            if subuser.username in other["subusers"] and other["id"] != one["id"]:
                self._put({**other, "subusers": [name for name in other["subusers"] if name != subuser.username]})
        return self._put({**one, "subusers": list(dict.fromkeys([*one["subusers"], subuser.username]))})

    def _by_subuser(self, call: Call) -> Answer:
        call.require_parent()
        username = call.query.get("username", "")
        found = [one for one in self._of(call.user) if username in one["subusers"]]
        if not found:
            raise not_found("domain")
        if call.method == "GET":
            return Answer(200, self._view(found[0]))
        for one in found:
            self._put({**one, "subusers": [name for name in one["subusers"] if name != username]})
        return Answer(204)
