"""Domain authentication, `/v3/whitelabel/domains`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from linkproof_lab.senders.sendgrid.control_plane import records
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
from linkproof_lab.senders.sendgrid.control_plane.owned import Owned
from linkproof_lab.settings import LabSettings
from linkproof_lab.store import Store

KIND = "sendgrid-domain"
_FIRST_ID = 3001001
_SELECTOR_CHARACTERS = 3


class Domains(Owned):
    """Every authenticated domain, each a document by its id."""

    def __init__(self, settings: LabSettings, store: Store) -> None:
        super().__init__(settings, store, KIND, "domain")

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
                found = [one for one in self.of(call.user) if wanted in (None, one["domain"])]
                return Answer(200, [self.view(one) for one in page(found, call.query, 50)])
            case "POST", []:
                return Answer(201, self.view(self._create(call)))
            case "GET", ["default"]:
                for one in self.of(call.user):
                    if one["default"]:
                        return Answer(200, self.view(one))
                raise not_found("domain")
            case "GET" | "DELETE", ["subuser"]:
                return self.by_subuser(call)
            case "GET", [number]:
                return Answer(200, self.view(self.found(call.user, number)))
            case "PATCH", [number]:
                return Answer(200, self.view(self._changed(call, self.found(call.user, number))))
            case "DELETE", [number]:
                self._store.delete(KIND, str(self.found(call.user, number)["id"]))
                return Answer(204)
            case "POST", [number, "validate"]:
                one = self.found(call.user, number)
                return (await self.validated(one, records.domain_records(one)))[1]
            case "POST", [number, "subuser"]:
                one, subuser = self.found(call.user, number), self.subuser_of(call)
                return Answer(201, self.view(self.assigned(one, subuser.username)))
            case "POST", [number, "ips"]:
                one = self.found(call.user, number)
                ips = list(dict.fromkeys([*one["ips"], text(call.body, "ip", required=True)]))
                return Answer(200, self.view(self.put({**one, "ips": ips})))
            case "DELETE", [number, "ips", ip]:
                one = self.found(call.user, number)
                return Answer(200, self.view(self.put({**one, "ips": [held for held in one["ips"] if held != ip]})))
        raise no_route()

    def forget(self, user: User) -> None:
        """All domains of a user that is no more."""
        for one in self.of(user):
            self._store.delete(KIND, str(one["id"]))

    def view(self, one: dict[str, Any]) -> dict[str, Any]:
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
        return self.as_default(one) if one["default"] else self.put(one)

    def _changed(self, call: Call, one: dict[str, Any]) -> dict[str, Any]:
        """`default` and `custom_spf`: nothing else can be."""
        changed = {**one, "custom_spf": flag(call.body, "custom_spf", default=one["custom_spf"])}
        changed["default"] = flag(call.body, "default", default=one["default"])
        return self.as_default(changed) if changed["default"] else self.put(changed)
