"""`/api/v1/tracking-domains`: developers.sparkpost.com/api/tracking-domains, each answer as its page has it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from linkproof_lab.senders.sparkpost.control_plane import certificates, verification
from linkproof_lab.senders.sparkpost.control_plane.contract import (
    Answer,
    Call,
    SparkPostError,
    flag,
    no_route,
    not_found,
    results,
)
from linkproof_lab.senders.sparkpost.control_plane.keys import TRACKING_READ, TRACKING_WRITE
from linkproof_lab.senders.sparkpost.links import CERTIFICATE_KIND, DOMAIN_KIND
from linkproof_lab.settings import LabSettings
from linkproof_lab.store import Store

_NAME = re.compile(r"([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]{0,62}")
# Whom SparkPost lets nobody use; the page names none.
_RESTRICTED = frozenset({"gmail.com", "sparkpost.com", "spgo.io"})


class TrackingDomains:
    """A host is one tracking domain, of one account or subaccount."""

    def __init__(self, settings: LabSettings, store: Store) -> None:
        self._settings = settings
        self._store = store

    def claims(self, path: Sequence[str]) -> bool:
        return path[0] == "tracking-domains"

    async def answer(self, call: Call) -> Answer:
        call.require(TRACKING_READ if call.method == "GET" else TRACKING_WRITE)
        match call.method, list(call.path[1:]):
            case "GET", []:
                return self._list(call)
            case "POST", []:
                return self._create(call)
            case "GET", [domain]:
                return results(_view(domain, self._found(call, domain)))
            case "PUT", [domain]:
                return self._update(call, domain)
            case "DELETE", [domain]:
                self._found(call, domain)
                self._store.delete(DOMAIN_KIND, domain)
                self._store.delete(CERTIFICATE_KIND, domain)
                return Answer(204)
            case "POST", [domain, "verify"]:
                return await self._verify(call, domain)
            case "POST", [domain, "certificate", "check" | "enable" as verb]:
                return self._certificate(call, domain, verb)
        raise no_route()

    def _found(self, call: Call, domain: str) -> dict[str, Any]:
        """What another account has, or another subaccount, is not there; the account itself is subaccount 0."""
        found = self._store.get(DOMAIN_KIND, domain)
        if found is None or found["region"] != call.region or found.get("subaccount", 0) != (call.subaccount or 0):
            raise not_found(f"Resource not found: {domain}")
        return found

    def _list(self, call: Call) -> Answer:
        """Of all subaccounts where the call names none; `default` and `subaccounts` narrow it."""
        wanted = [part for part in call.query.get("subaccounts", "").split(call.query.get("delimiter", ",")) if part]
        shown = [
            _view(domain, doc)
            for domain, doc in self._store.all(DOMAIN_KIND)
            if doc["region"] == call.region
            and (call.subaccount is None or doc.get("subaccount", 0) == call.subaccount)
            and (not wanted or str(doc.get("subaccount", 0)) in wanted)
            and (call.query.get("default") != "true" or doc.get("default"))
        ]
        return results(shown)

    def _create(self, call: Call) -> Answer:
        domain = call.body.get("domain")
        if not isinstance(domain, str) or not _NAME.fullmatch(domain.lower()):
            raise SparkPostError(
                422,
                "invalid data format/type",
                f"Error domain name contains invalid characters or spaces for domain: '{domain}'",
                "1300",
            )
        secure, domain = flag(call.body, "secure", default=False), domain.lower()
        if any(domain == name or domain.endswith(f".{name}") for name in _RESTRICTED):
            raise SparkPostError(
                400,
                "restricted domain",
                "Please contact SparkPost support to get this domain authorized for your account.",
                "7000",
            )
        if self._store.get(DOMAIN_KIND, domain) is not None:
            raise SparkPostError(409, "resource conflict", "The tracking domain already exists.", "1602")
        held = {"region": call.region, "secure": secure, "default": False, "verified": False}
        self._store.put(DOMAIN_KIND, domain, {**held, "subaccount": call.subaccount or 0})
        return results({"domain": domain})

    def _update(self, call: Call, domain: str) -> Answer:
        """A new default takes the place of the account's, or the subaccount's."""
        found = self._found(call, domain)
        changed = {
            name: flag(call.body, name, default=bool(found.get(name, False)))
            for name in ("secure", "default")
            if name in call.body
        }
        if changed.get("default") and not found.get("verified"):
            raise SparkPostError(422, "invalid data format/type", f"Tracking domain '{domain}' unverified.", "1300")
        if changed.get("default"):
            for other, doc in self._store.all(DOMAIN_KIND):
                same = (doc["region"], doc.get("subaccount", 0)) == (found["region"], found.get("subaccount", 0))
                if same and doc.get("default") and other != domain:
                    self._store.put(DOMAIN_KIND, other, {**doc, "default": False})
        self._store.put(DOMAIN_KIND, domain, {**found, **changed})
        return results({"domain": domain})

    async def _verify(self, call: Call, domain: str) -> Answer:
        """200 also where it is not verified; 400 where a request to it failed."""
        found = self._found(call, domain)
        try:
            verified = await verification.verified(
                self._settings, domain, found["region"], secure=bool(found.get("secure"))
            )
        except SparkPostError:
            self._store.put(
                DOMAIN_KIND, domain, {**self._found(call, domain), "verified": False, "cname_status": "invalid"}
            )
            raise
        found = {**self._found(call, domain), "verified": verified, "cname_status": "valid" if verified else "invalid"}
        self._store.put(DOMAIN_KIND, domain, found)
        return results(_status(found))

    def _certificate(self, call: Call, domain: str, verb: str) -> Answer:
        """Whether there can be one, and that there is to be one: only for a domain that is verified."""
        found = self._found(call, domain)
        if verb == "enable" and not found.get("verified"):
            raise SparkPostError(422, "invalid data format/type", f"Tracking domain '{domain}' unverified.", "1300")
        checked = certificates.check(self._store, domain, found)
        if verb == "enable" and checked.get("tls_status") != "unavailable":
            checked = certificates.enabled(checked)
        self._store.put(DOMAIN_KIND, domain, checked)
        return results(_status(checked))


def _view(domain: str, held: dict[str, Any]) -> dict[str, Any]:
    """`subaccount_id` is missing where there is none."""
    secure = bool(held.get("secure"))
    shown = {
        "port": 443 if secure else 80,
        "domain": domain,
        "secure": secure,
        "default": bool(held.get("default")),
        "status": _status(held),
        "uses_managed_certificate": bool(held.get("managed")),
    }
    if held.get("error_code") or held.get("expires_at"):
        shown["tls_certificate"] = {name: held[name] for name in ("expires_at", "error_code") if held.get(name)}
    return {**shown, "subaccount_id": held["subaccount"]} if held.get("subaccount") else shown


def _status(held: dict[str, Any]) -> dict[str, Any]:
    verified = bool(held.get("verified"))
    return {
        "verified": verified,
        "cname_status": "valid" if verified else held.get("cname_status", "pending"),
        "compliance_status": held.get("compliance_status", "valid"),
        "tls_status": held.get("tls_status", "unknown"),
    }
