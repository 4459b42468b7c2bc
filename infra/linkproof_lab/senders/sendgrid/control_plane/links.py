"""Link branding, `/v3/whitelabel/links`."""

from __future__ import annotations

import re
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
from linkproof_lab.senders.sendgrid.links import CERTIFICATE_KIND, HOST_KIND, LINK_KIND, host_of
from linkproof_lab.settings import LabSettings
from linkproof_lab.store import Store

_NAME = re.compile(r"[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?", re.IGNORECASE)
_FIRST_ID = 4002101
_REGIONS = {"us": "us", "global": "us", "eu": "eu"}


class Links(Owned):
    """Every link of every user, each a document by its id."""

    def __init__(self, settings: LabSettings, store: Store) -> None:
        super().__init__(settings, store, LINK_KIND, "link")

    def claims(self, path: Sequence[str]) -> bool:
        return list(path[:2]) == ["whitelabel", "links"]

    async def answer(self, call: Call) -> Answer:
        verb = {"GET": "read", "DELETE": "delete", "PATCH": "update"}.get(call.method, "update")
        call.require(
            "whitelabel.create" if list(call.path[2:]) == [] and call.method == "POST" else f"whitelabel.{verb}"
        )
        match call.method, list(call.path[2:]):
            case "GET", []:
                # The published description knows `limit` alone; an `offset` is of no effect.
                limit = {name: value for name, value in call.query.items() if name == "limit"}
                return Answer(200, [self.view(link) for link in page(self.of(call.user), limit, 50)])
            case "POST", []:
                return Answer(201, self.view(self._create(call)))
            case "GET", ["default"]:
                return Answer(200, self.view(self._default(call)))
            case "GET" | "DELETE", ["subuser"]:
                return self.by_subuser(call)
            case "GET", [number]:
                return Answer(200, self.view(self.found(call.user, number)))
            case "PATCH", [number]:
                return Answer(200, self.view(self._made_default(call, self.found(call.user, number))))
            case "DELETE", [number]:
                return self._deleted(self.found(call.user, number))
            case "POST", [number, "validate"]:
                return await self._validated(self.found(call.user, number))
            case "POST", [number, "subuser"]:
                return Answer(200, self.view(self._associated(call, self.found(call.user, number))))
        raise no_route()

    # reading -----------------------------------------------------------------------------------

    def _default(self, call: Call) -> dict[str, Any]:
        """The default link, or the oldest of the domain that is asked about."""
        domain = call.query.get("domain")
        found = [link for link in self.of(call.user) if domain in (None, link["domain"])]
        for link in sorted(found, key=lambda one: not one["default"]):
            return link
        raise not_found("link")

    def view(self, link: dict[str, Any]) -> dict[str, Any]:
        shown = ("id", "user_id", "domain", "subdomain", "username", "default", "valid", "legacy")
        return {
            **{name: link[name] for name in shown},
            "dns": records.with_validity(records.link_records(link), link["records_valid"]),
        }

    # changing ----------------------------------------------------------------------------------

    def _create(self, call: Call) -> dict[str, Any]:
        domain = text(call.body, "domain", required=True).lower()
        subdomain = text(call.body, "subdomain").lower()
        region = _REGIONS.get(text(call.body, "region") or "us")
        for field, name in (("domain", domain), ("subdomain", subdomain)):
            if name and not _NAME.fullmatch(name):
                raise SendGridError(400, (field, f"{field} is invalid"))
        if "." not in domain:
            raise SendGridError(400, ("domain", "domain is invalid"))
        if region is None:
            raise SendGridError(400, ("region", "region must be us or eu"))
        wants_default = flag(call.body, "default", default=False)
        if call.user.parent is not None and region != call.user.region:
            raise SendGridError(400, ("region", f"this subuser's region is {call.user.region}"))
        number = next_id(self._store, LINK_KIND, _FIRST_ID)
        subdomain = subdomain or f"url{number % 10000}"
        if any((one["subdomain"], one["domain"]) == (subdomain, domain) for _, one in self._store.all(LINK_KIND)):
            # That the vendor refuses it is what people report; its words are the lab's own.
            raise SendGridError(400, ("subdomain", f"a branded link for {subdomain}.{domain} already exists"))
        link = {
            "id": number,
            "user_id": call.user.id,
            "username": call.user.username,
            "domain": domain,
            "subdomain": subdomain,
            "region": region,
            "auto_ssl": flag(call.body, "auto_ssl", default=False),
            "default": False,
            "valid": False,
            "legacy": False,
            "records_valid": {},
            "subusers": [],
        }
        is_first = not self.of(call.user)
        return self.as_default(link) if is_first or wants_default else self.put(link)

    def _made_default(self, call: Call, link: dict[str, Any]) -> dict[str, Any]:
        if "default" not in call.body:
            return link
        if flag(call.body, "default", default=False):
            return self.as_default(link)
        return self.put({**link, "default": False})

    def forget(self, user: User) -> None:
        """All links of a user that is no more."""
        for link in self.of(user):
            self._deleted(link)

    def _deleted(self, link: dict[str, Any]) -> Answer:
        self._store.delete(LINK_KIND, str(link["id"]))
        self._store.delete(HOST_KIND, f"{link['subdomain']}.{link['domain']}")
        self._store.delete(CERTIFICATE_KIND, host_of(link))
        return Answer(204)

    async def _validated(self, link: dict[str, Any]) -> Answer:
        """The trap: whatever was valid before, what DNS says now counts, and mails of an invalid brand go without it."""
        valid, answer = await self.validated(link, records.link_records(link))
        if valid:
            # Mail that was sent while it was valid goes on to be answered: nobody says otherwise.
            self._store.put(HOST_KIND, f"{link['subdomain']}.{link['domain']}", {"valid": True})
        return answer

    # subusers ----------------------------------------------------------------------------------
    def _associated(self, call: Call, link: dict[str, Any]) -> dict[str, Any]:
        subuser = self.subuser_of(call)
        if not link["valid"]:
            raise SendGridError(400, (None, "the branded link must be validated first"))
        if subuser.region != link["region"]:
            raise SendGridError(
                400, ("username", f"the subuser's region is {subuser.region}, the link's is {link['region']}")
            )
        return self.assigned(link, subuser.username)
