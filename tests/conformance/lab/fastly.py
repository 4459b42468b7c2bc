"""Fastly: the service of a plan, through the lab's own API, and an issued subscription."""

from __future__ import annotations

from typing import Any

from linkproof.edges.fastly.items import Service
from linkproof.edges.fastly.service import arguments
from linkproof.plan.model import Plan
from linkproof_lab import ca
from linkproof_lab.edges.fastly.control_plane.contract import Call
from linkproof_lab.edges.fastly.control_plane.services import Services
from linkproof_lab.edges.fastly.control_plane.tls import KIND
from linkproof_lab.settings import LabSettings
from linkproof_lab.store import Store

_KINDS = {
    "domains": "domain",
    "backends": "backend",
    "request_settings": "request_settings",
    "cache_settings": "cache_settings",
    "snippets": "snippet",
}


def deploy(plan: Plan, settings: LabSettings, store: Store) -> None:
    (planned,) = (item for item in plan.items if isinstance(item, Service))
    services = Services(store)

    def call(method: str, *path: str, **body: Any) -> Any:
        return services.answer(Call(method, ("service", *path), {}, body, "one")).document

    wanted = arguments(planned)
    made = call("POST", name=planned.host)["id"]
    for name, kind in _KINDS.items():
        for one in wanted.get(name, ()):
            call("POST", made, "version", "1", kind, **one)
    call("PUT", made, "version", "1", "settings", **{"general.default_ttl": wanted["default_ttl"]})
    call("PUT", made, "version", "1", "activate")
    issued = ca.issue(settings, [planned.host], key="ec256")
    pems = {"cert_pem": issued.cert_pem, "chain_pem": issued.chain_pem, "key_pem": issued.key_pem}
    certificate = {"id": "one", "names": [planned.host], **pems}
    store.put(KIND, "one", {"id": "one", "customer": "one", "state": "issued", "certificate": certificate})
