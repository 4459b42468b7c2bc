"""`/tls/private_keys`, `/tls/certificates` and `/tls/activations`: certificates that the user brings.

www.fastly.com/documentation/reference/api/tls/custom-certs: a key is uploaded before its certificate, and TLS is switched on for a domain of
the certificate that a service has.
"""

from __future__ import annotations

import hashlib
import time
from typing import Any, Final

from linkproof_lab.apis.idents import iso_milli
from linkproof_lab.edges.fastly.control_plane import services
from linkproof_lab.edges.fastly.control_plane.contract import Answer, Call, FastlyError, not_found
from linkproof_lab.edges.fastly.control_plane.idents import new_id
from linkproof_lab.edges.fastly.control_plane.related import related
from linkproof_lab.edges.fastly.facts import CONFIGURATION
from linkproof_lab.store import Store

KEYS: Final = "fastly-private-key"
CERTIFICATES: Final = "fastly-certificate"
ACTIVATIONS: Final = "fastly-activation"
# What a subscription holds TLS for.
_SUBSCRIPTIONS: Final = "fastly-subscription"


class CustomTls:
    """Of all accounts."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def answer(self, call: Call) -> Answer:
        match call.method, list(call.path[1:]):
            case "POST", ["private_keys"]:
                return self._upload_key(call)
            case "POST", ["certificates"]:
                return self._upload(call)
            case "GET", ["certificates", id_]:
                return Answer(200, {"data": _certificate(self._find(CERTIFICATES, call, id_))})
            case "POST", ["activations"]:
                return self._activate(call)
            case "GET", ["activations"]:
                return self._list(call)
            case "GET", ["activations", id_]:
                return Answer(200, {"data": _activation(self._find(ACTIVATIONS, call, id_))})
            case "PATCH", ["activations", id_]:
                return self._change(call, self._find(ACTIVATIONS, call, id_))
            case "DELETE", ["activations", id_]:
                self._store.delete(ACTIVATIONS, self._find(ACTIVATIONS, call, id_)["id"])
                return Answer(204)
        raise not_found(" ".join(call.path))

    def _upload_key(self, call: Call) -> Answer:
        from cryptography.hazmat.primitives.serialization import load_pem_private_key

        given = (call.body.get("data") or {}).get("attributes") or {}
        try:
            key = load_pem_private_key(str(given.get("key")).encode(), password=None)
        except (ValueError, TypeError) as error:
            raise FastlyError(422, "Invalid value for key", "the private key could not be read") from error
        doc = {
            "id": new_id(),
            "customer": call.customer,
            "pem": str(given["key"]),
            "digest": _digest(key.public_key()),
        }
        self._store.put(KEYS, doc["id"], doc)
        attributes = {"name": given.get("name") or "", "public_key_sha1": doc["digest"]}
        return Answer(201, {"data": {"id": doc["id"], "type": "tls_private_key", "attributes": attributes}})

    def _upload(self, call: Call) -> Answer:
        from cryptography import x509
        from cryptography.hazmat.primitives.serialization import Encoding

        given = (call.body.get("data") or {}).get("attributes") or {}
        try:
            leaf, *chain = x509.load_pem_x509_certificates(str(given.get("cert_blob")).encode())
        except ValueError as error:
            raise FastlyError(422, "Invalid value for cert_blob", "the certificate could not be read") from error
        digest = _digest(leaf.public_key())
        mine = [one for _, one in self._store.all(KEYS) if one["customer"] == call.customer]
        key = next((one for one in mine if one["digest"] == digest), None)
        if key is None:
            raise FastlyError(422, "Invalid value for cert_blob", "there is no private key for this certificate")
        names = leaf.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
        doc = {
            "id": new_id(),
            "customer": call.customer,
            "name": given.get("name") or "",
            "names": names.get_values_for_type(x509.DNSName),
            "not_after": leaf.not_valid_after_utc.timestamp(),
            "cert_pem": leaf.public_bytes(Encoding.PEM).decode(),
            "chain_pem": "".join(one.public_bytes(Encoding.PEM).decode() for one in chain),
            "key_pem": key["pem"],
        }
        self._store.put(CERTIFICATES, doc["id"], doc)
        return Answer(201, {"data": _certificate(doc)})

    def _activate(self, call: Call) -> Answer:
        data = call.body.get("data") or {}
        (host,) = related(data, "tls_domain") or [""]
        configuration = next(iter(related(data, "tls_configuration")), CONFIGURATION)
        if configuration != CONFIGURATION:
            raise not_found(f"TLS configuration {configuration}")
        certificate = self._covering(call, host, next(iter(related(data, "tls_certificate")), ""))
        active = {name for _, doc in self._store.all(services.KIND) for name in services.active_domains(doc)}
        if host not in active:
            raise FastlyError(422, "Invalid value for tls_domain", f"{host} is not on an active service")
        held = {one["host"] for _, one in self._store.all(ACTIVATIONS)}
        issued = {name for _, one in self._store.all(_SUBSCRIPTIONS) if one.get("certificate") for name in one["hosts"]}
        if host in held | issued:
            # pulumi-fastly 12.8, TlsActivation: what Fastly answers where a subscription has switched TLS on
            raise FastlyError(400, "Bad request", "domain_id has already been taken")
        doc = {
            "id": new_id(),
            "customer": call.customer,
            "host": host,
            "certificate": certificate["id"],
            "created_at": time.time(),
        }
        self._store.put(ACTIVATIONS, doc["id"], doc)
        return Answer(201, {"data": _activation(doc)})

    def _change(self, call: Call, doc: dict[str, Any]) -> Answer:
        """The certificate that a domain is shown: nothing else of an activation changes."""
        wanted = next(iter(related(call.body.get("data") or {}, "tls_certificate")), doc["certificate"])
        doc = {**doc, "certificate": self._covering(call, doc["host"], wanted)["id"]}
        self._store.put(ACTIVATIONS, doc["id"], doc)
        return Answer(200, {"data": _activation(doc)})

    def _covering(self, call: Call, host: str, certificate_id: str) -> dict[str, Any]:
        found = self._find(CERTIFICATES, call, certificate_id)
        if not {host, f"*.{host.partition('.')[2]}"} & set(found["names"]):
            raise FastlyError(422, "Invalid value for tls_certificate", f"the certificate does not cover {host}")
        return found

    def _list(self, call: Call) -> Answer:
        host = call.query.get("filter[tls_domain.id]")
        found = [
            _activation(one)
            for _, one in self._store.all(ACTIVATIONS)
            if one["customer"] == call.customer and host in (None, one["host"])
        ]
        return Answer(200, {"data": found, "meta": {"current_page": 1, "record_count": len(found), "total_pages": 1}})

    def _find(self, kind: str, call: Call, id_: str) -> dict[str, Any]:
        doc = self._store.get(kind, id_)
        if doc is None or doc["customer"] != call.customer:
            raise not_found(f"{kind.removeprefix('fastly-')} {id_}")
        return doc


def _digest(public_key: Any) -> str:
    from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

    der = public_key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    return hashlib.sha256(der).hexdigest()


def _certificate(doc: dict[str, Any]) -> dict[str, Any]:
    """Without its key."""
    attributes = {"name": doc["name"], "not_after": iso_milli(doc["not_after"]), "replace": False}
    domains = {"data": [{"id": name, "type": "tls_domain"} for name in doc["names"]]}
    return {
        "id": doc["id"],
        "type": "tls_certificate",
        "attributes": attributes,
        "relationships": {"tls_domains": domains},
    }


def _activation(doc: dict[str, Any]) -> dict[str, Any]:
    return {
        "id": doc["id"],
        "type": "tls_activation",
        "attributes": {"created_at": iso_milli(doc["created_at"])},
        "relationships": {
            "tls_certificate": {"data": {"id": doc["certificate"], "type": "tls_certificate"}},
            "tls_configuration": {"data": {"id": CONFIGURATION, "type": "tls_configuration"}},
            "tls_domain": {"data": {"id": doc["host"], "type": "tls_domain"}},
        },
    }
