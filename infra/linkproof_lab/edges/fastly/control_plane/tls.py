"""`/tls`: configurations and subscriptions, in the form of JSON:API as go-fastly's `fixtures/tls_subscription` have recorded it."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from typing import Any, Final

from linkproof_lab.apis.idents import iso_milli
from linkproof_lab.edges.fastly.control_plane import custom, services
from linkproof_lab.edges.fastly.control_plane.contract import Answer, Call, FastlyError, not_found
from linkproof_lab.edges.fastly.control_plane.idents import new_answer, new_id
from linkproof_lab.edges.fastly.control_plane.related import related
from linkproof_lab.edges.fastly.facts import CONFIGURATION, FACTS, TARGET, VALIDATIONS
from linkproof_lab.settings import LabSettings
from linkproof_lab.store import Store

KIND: Final = "fastly-subscription"
# What the API calls them, and what CAA calls them.
AUTHORITIES: Final = {
    "certainly": "certainly.com",
    "lets-encrypt": "letsencrypt.org",
    "globalsign": "globalsign.com",
}
_DEFAULT_AUTHORITY = "certainly"
_INCLUDES = "tls_authorizations"


class Tls:
    """Of all accounts."""

    def __init__(self, settings: LabSettings, store: Store) -> None:
        self._addresses = list(settings.addresses(FACTS.edges))
        self._store = store

    def answer(self, call: Call) -> Answer:
        match call.method, list(call.path[1:]):
            case "GET", ["configurations"]:
                return Answer(200, {"data": [self._configuration()], **self._dns_records(call)})
            case "GET", ["configurations", configuration_id] if configuration_id == CONFIGURATION:
                return Answer(200, {"data": self._configuration(), **self._dns_records(call)})
            case "POST", ["subscriptions"]:
                doc = self._create(call)
                return Answer(201, {"data": _data(doc), "included": self._authorizations(doc)})
            case "GET", ["subscriptions"]:
                return self._list(call)
            case "GET", ["subscriptions", subscription_id]:
                return self._shown(call, self._find(call, subscription_id))
            case "PATCH", ["subscriptions", subscription_id]:
                return self._update(call, self._find(call, subscription_id))
            case "DELETE", ["subscriptions", subscription_id]:
                return self._delete(call, self._find(call, subscription_id))
        raise not_found(" ".join(call.path))

    # subscriptions -----------------------------------------------------------------------------
    def _create(self, call: Call) -> dict[str, Any]:
        data = call.body.get("data") or {}
        authority = (data.get("attributes") or {}).get("certificate_authority") or _DEFAULT_AUTHORITY
        if authority not in AUTHORITIES:
            raise FastlyError(422, "Invalid value for certificate_authority", f"{authority} is not supported")
        hosts = related(data, "tls_domain") or related(data, "tls_domains")
        self._check(call, hosts)
        configuration = next(iter(related(data, "tls_configuration")), CONFIGURATION)
        if configuration != CONFIGURATION:
            raise not_found(f"TLS configuration {configuration}")
        doc: dict[str, Any] = {
            "id": new_id(),
            "customer": call.customer,
            "authority": authority,
            "state": "pending",
            "hosts": hosts,
            "answers": {host: f"{new_answer()}.{VALIDATIONS}" for host in hosts},
            "created_at": time.time(),
        }
        self._store.put(KIND, doc["id"], doc)
        return doc

    def _check(self, call: Call, hosts: list[str]) -> None:
        """www.fastly.com/documentation/guides/…/tls-prerequisites-and-limitations: the domains are on a configured service."""
        if not hosts:
            raise FastlyError(422, "Invalid value for tls_domains", "must have at least one domain")
        served = {
            host: doc["customer"] for _, doc in self._store.all(services.KIND) for host in services.active_domains(doc)
        }
        for host in hosts:
            if host != host.lower():
                raise FastlyError(422, "Invalid value for tls_domains", f"{host} must be lower case")
            if host not in served:
                raise FastlyError(422, "Invalid value for tls_domains", f"{host} is not on an active service")
            if served[host] != call.customer:
                raise FastlyError(422, "Invalid value for tls_domains", f"{host} is owned by another customer")

    def _update(self, call: Call, doc: dict[str, Any]) -> Answer:
        """go-fastly: only what is pending or issued is changed, and what is issued by force alone."""
        data = call.body.get("data") or {}
        hosts = related(data, "tls_domain") or related(data, "tls_domains") or doc["hosts"]
        if doc["state"] not in ("pending", "issued"):
            raise FastlyError(422, "Cannot update", f"the subscription is {doc['state']}")
        if hosts != doc["hosts"]:
            if doc["state"] == "issued" and call.query.get("force") != "true":
                raise FastlyError(409, "Conflict", "the subscription has domains with TLS enabled; force it")
            self._check(call, hosts)
            answers = {host: doc["answers"].get(host) or f"{new_answer()}.{VALIDATIONS}" for host in hosts}
            doc = {**doc, "hosts": hosts, "answers": answers, "state": "pending"}
            self._store.put(KIND, doc["id"], doc)
        return Answer(200, {"data": _data(doc), "included": self._authorizations(doc)})

    def _delete(self, call: Call, doc: dict[str, Any]) -> Answer:
        """Fastly's API, "Destroy a TLS subscription": not while domains are in the TLS enabled state, unless it is forced."""
        if doc["state"] == "issued" and call.query.get("force") != "true":
            raise FastlyError(409, "Conflict", "the subscription has domains with TLS enabled; disable TLS first")
        self._store.delete(KIND, doc["id"])
        return Answer(204)

    def _list(self, call: Call) -> Answer:
        host = call.query.get("filter[tls_domains.id]")
        found = [
            doc
            for _, doc in self._store.all(KIND)
            if doc["customer"] == call.customer and (host is None or host in doc["hosts"])
        ]
        number, size = int(call.query.get("page[number]", "1")), int(call.query.get("page[size]", "100"))
        meta = {
            "per_page": size,
            "current_page": number,
            "record_count": len(found),
            "total_pages": max(1, -(-len(found) // size)),
        }
        return Answer(200, {"data": [_data(doc) for doc in found[(number - 1) * size : number * size]], "meta": meta})

    def _shown(self, call: Call, doc: dict[str, Any]) -> Answer:
        included = {"included": self._authorizations(doc)} if _INCLUDES in call.query.get("include", "") else {}
        return Answer(200, {"data": _data(doc), **included})

    def _find(self, call: Call, subscription_id: str) -> dict[str, Any]:
        doc = self._store.get(KIND, subscription_id)
        if doc is None or doc["customer"] != call.customer:
            raise not_found(f"TLS subscription {subscription_id}")
        return doc

    def _authorizations(self, doc: Mapping[str, Any]) -> list[dict[str, Any]]:
        """Three ways to prove each host: a CNAME for DNS, and where the host itself may lead."""
        return [
            {
                "id": f"auth-{host}",
                "type": "tls_authorization",
                "attributes": {
                    "challenges": [
                        _challenge("managed-dns", "CNAME", f"_acme-challenge.{host}", [doc["answers"][host]]),
                        _challenge("managed-http-cname", "CNAME", host, [TARGET]),
                        _challenge("managed-http-a", "A", host, self._addresses),
                    ],
                    "created_at": iso_milli(doc["created_at"]),
                    "state": "pending" if doc["state"] == "pending" else "passing",
                    "warnings": None,
                },
                "relationships": {"tls_domain": {"data": {"id": host, "type": "tls_domain"}}},
            }
            for host in doc["hosts"]
        ]

    # configurations ----------------------------------------------------------------------------
    def _configuration(self) -> dict[str, Any]:
        attributes = {
            "bulk": False,
            "default": True,
            "http_protocols": ["http/1.1", "http/2"],
            "name": "HTTP/2 & TLS v1.3",
            "tls_protocols": ["1.2", "1.3"],
        }
        related = {"dns_records": {"data": [{"id": TARGET, "type": "dns_record"}]}}
        return {
            "id": CONFIGURATION,
            "type": "tls_configuration",
            "attributes": attributes,
            "relationships": related,
        }

    def _dns_records(self, call: Call) -> dict[str, Any]:
        if "dns_records" not in call.query.get("include", ""):
            return {}
        attributes = {"region": "global", "record_type": "CNAME"}
        return {"included": [{"id": TARGET, "type": "dns_record", "attributes": attributes}]}


def certificates(store: Store) -> Iterator[tuple[str, dict[str, Any]]]:
    """Each host that TLS is on for, with its certificate."""
    for _, doc in store.all(KIND):
        if doc.get("certificate"):
            for host in doc["certificate"]["names"]:
                yield host, doc["certificate"]
    for _, doc in store.all(custom.ACTIVATIONS):
        found = store.get(custom.CERTIFICATES, doc["certificate"])
        if found is not None:
            yield doc["host"], found


def _challenge(kind: str, record_type: str, name: str, values: list[str]) -> dict[str, Any]:
    return {"type": kind, "record_type": record_type, "record_name": name, "values": values}


def _data(doc: Mapping[str, Any]) -> dict[str, Any]:
    domains = [{"id": host, "type": "tls_domain"} for host in doc["hosts"]]
    certificate = doc.get("certificate")
    return {
        "id": doc["id"],
        "type": "tls_subscription",
        "attributes": {
            "certificate_authority": doc["authority"],
            "created_at": iso_milli(doc["created_at"]),
            "state": doc["state"],
            "has_active_order": doc["state"] != "issued",
            "updated_at": iso_milli(doc.get("updated_at", doc["created_at"])),
        },
        "relationships": {
            "tls_authorizations": {
                "data": [{"id": f"auth-{host}", "type": "tls_authorization"} for host in doc["hosts"]]
            },
            "tls_certificates": {"data": [{"id": certificate["id"], "type": "tls_certificate"}] if certificate else []},
            "tls_domains": {"data": domains},
            "common_name": {"data": domains[0]},
            "tls_configuration": {"data": {"id": CONFIGURATION, "type": "tls_configuration"}},
        },
    }
