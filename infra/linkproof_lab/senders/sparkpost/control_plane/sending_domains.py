"""`/api/v1/sending-domains`: developers.sparkpost.com/api/sending-domains, what of it tracking needs.

No mail is sent and no DKIM key made: verification by DKIM or CNAME is taken as asked for.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from linkproof_lab.senders.sparkpost.control_plane.contract import (
    Answer,
    Call,
    SparkPostError,
    flag,
    no_route,
    not_found,
    results,
)
from linkproof_lab.senders.sparkpost.control_plane.keys import SENDING_READ, SENDING_WRITE
from linkproof_lab.senders.sparkpost.links import DOMAIN_KIND
from linkproof_lab.store import Store

KIND = "sparkpost-sending-domain"
_STATUSES = ("dkim_status", "cname_status", "mx_status", "spf_status", "abuse_at_status", "postmaster_at_status", "verification_mailbox_status")  # fmt: skip
_VERIFIED_BY = {"dkim_verify": "dkim_status", "cname_verify": "cname_status"}


class SendingDomains:
    """A domain is one sending domain, of one account or subaccount."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def claims(self, path: Sequence[str]) -> bool:
        return path[0] == "sending-domains"

    async def answer(self, call: Call) -> Answer:
        call.require(SENDING_READ if call.method == "GET" else SENDING_WRITE)
        match call.method, list(call.path[1:]):
            case "GET", []:
                return results([_view(name, doc) for name, doc in self._store.all(KIND) if _is_of(call, doc)])
            case "POST", []:
                return self._create(call)
            case "GET", [domain]:
                return results(_view(domain, self._found(call, domain)))
            case "PUT", [domain]:
                return self._update(call, domain)
            case "POST", [domain, "verify"]:
                return self._verify(call, domain)
            case "DELETE", [domain]:
                self._found(call, domain)
                self._store.delete(KIND, domain)
                return Answer(204)
        raise no_route()

    def _found(self, call: Call, domain: str) -> dict[str, Any]:
        found = self._store.get(KIND, domain)
        if found is None or not _is_of(call, found):
            raise not_found(f"Domain '{domain}' does not exist")
        return found

    def _create(self, call: Call) -> Answer:
        domain = call.body.get("domain")
        if not isinstance(domain, str) or "." not in domain:
            raise SparkPostError(422, "invalid data format/type", "Error validating domain: domain is required", "1300")
        if self._store.get(KIND, domain) is not None:
            raise SparkPostError(409, "resource conflict", f"Domain '{domain}' already exists", "1602")
        held = {"region": call.region, "subaccount": call.subaccount or 0, "statuses": {}}
        held["shared"] = flag(call.body, "shared_with_subaccounts", default=False)
        held["tracking_domain"] = self._tracking_domain(call, call.body)
        self._store.put(KIND, domain, held)
        return results({"message": "Successfully Created domain.", "domain": domain})

    def _update(self, call: Call, domain: str) -> Answer:
        """An empty `tracking_domain` takes it away."""
        found = self._found(call, domain)
        if "tracking_domain" in call.body:
            found = {**found, "tracking_domain": self._tracking_domain(call, call.body)}
        self._store.put(KIND, domain, found)
        return results({"message": "Successfully Updated Domain.", "domain": domain})

    def _tracking_domain(self, call: Call, body: Mapping[str, Any]) -> str:
        """One of the same account and subaccount."""
        wanted = body.get("tracking_domain") or ""
        held = self._store.get(DOMAIN_KIND, str(wanted)) if wanted else None
        if wanted and (held is None or not _is_of(call, held)):
            problem = f"Tracking domain '{wanted}' is not a registered tracking domain"
            raise SparkPostError(400, "invalid params", problem, "1200")
        return str(wanted)

    def _verify(self, call: Call, domain: str) -> Answer:
        found = self._found(call, domain)
        asked = {status: "valid" for word, status in _VERIFIED_BY.items() if flag(call.body, word, default=False)}
        found = {**found, "statuses": {**found["statuses"], **asked}}
        self._store.put(KIND, domain, found)
        return results(_status(found))


def _is_of(call: Call, held: Mapping[str, Any]) -> bool:
    """The account itself is subaccount 0."""
    return bool(held["region"] == call.region and held.get("subaccount", 0) == (call.subaccount or 0))


def _view(domain: str, held: dict[str, Any]) -> dict[str, Any]:
    """`tracking_domain` and `subaccount_id` are missing where there is none."""
    shown = {
        "domain": domain,
        "status": _status(held),
        "shared_with_subaccounts": held["shared"],
        "is_default_bounce_domain": False,
    }
    more = {"tracking_domain": held["tracking_domain"], "subaccount_id": held["subaccount"]}
    return {**shown, **{name: value for name, value in more.items() if value}}


def _status(held: dict[str, Any]) -> dict[str, Any]:
    statuses = {name: held["statuses"].get(name, "unverified") for name in _STATUSES}
    return {"ownership_verified": "valid" in statuses.values(), "compliance_status": "valid", **statuses}
