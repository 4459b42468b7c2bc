"""Certificate Manager (docs.cloud.google.com/certificate-manager/docs/reference/certificate-manager/rest). Operations are done when they are answered."""

from __future__ import annotations

import hashlib
import re
import secrets
import uuid

from linkproof_lab.edges.gcp.control_plane.objects import CERTIFICATES, Objects
from linkproof_lab.edges.gcp.control_plane.uploads import uploaded
from linkproof_lab.store import Store
from linkproof_lab.vendors.gcp.control_plane.contract import Document, GcpCall, GcpError, not_found

# By the collection, the parameter that names a new object.
_ID = {
    "dnsAuthorizations": "dnsAuthorizationId",
    "certificates": "certificateId",
    "certificateMaps": "certificateMapId",
    "certificateMapEntries": "certificateMapEntryId",
}
_NAME = re.compile(r"[a-z0-9]([-a-z0-9]{0,62})")


class Certificates:
    """`projects/<project>/locations/global/…`."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._objects = Objects(store)

    def answer(self, call: GcpCall) -> Document:
        path = "/".join(("projects", call.project, *call.path))
        match call.method, list(call.path):
            case "POST", ["locations", "global", collection] if collection in _ID:
                return self._create(path, collection, call)
            case "POST", ["locations", "global", "certificateMaps", _, "certificateMapEntries"]:
                self._objects.get(path.rpartition("/")[0])
                return self._create(path, "certificateMapEntries", call)
            case "GET", [*_, collection] if collection in _ID:
                return {collection: [_shown(doc) for _, doc in self._objects.below(path)]}
            case "GET", _:
                return _shown(self._objects.get(path))
            case "PATCH", _:
                self._objects.put(path, {**self._objects.get(path), **_named_by(call)})
                return _done(path, self._objects.get(path))
            case "DELETE", _:
                self._objects.delete(path)
                return _done(path, {})
        raise not_found(path)

    def _create(self, parent: str, collection: str, call: GcpCall) -> Document:
        name = call.query.get(_ID[collection], "")
        if not _NAME.fullmatch(name):
            raise GcpError(400, f"{_ID[collection]} is not valid: '{name}'")
        path = f"{parent}/{name}"
        if self._objects.find(path) is not None:
            raise GcpError(409, f"Resource '{path}' already exists")
        doc = {**call.body, "name": path}
        match collection:
            case "dnsAuthorizations":
                doc = self._authorization(doc)
            case "certificates":
                doc = self._certificate(doc)
            case "certificateMapEntries":
                self._check_entry(parent, doc)
        self._objects.put(path, doc)
        return _done(path, doc)

    def _authorization(self, doc: Document) -> Document:
        """FIXED_RECORD: one record for a domain whatever the project, and one authorization; else one for each project."""
        doc = {"type": "FIXED_RECORD", **doc}
        domain = str(doc.get("domain", ""))
        if not domain or domain.startswith("*"):
            raise GcpError(400, f"domain is not valid: '{domain}'")
        fixed = doc["type"] == "FIXED_RECORD"
        for path, other in self._store.all(CERTIFICATES):
            if fixed and "/dnsAuthorizations/" in path and (other["domain"], other["type"]) == (domain, doc["type"]):
                raise GcpError(409, f"a DNS authorization for {domain} exists: {path}")
        digest = hashlib.sha256(f"{doc['name'].split('/')[1]}/{domain}".encode()).hexdigest()
        label = "_acme-challenge" if fixed else f"_acme-challenge_{digest[:16]}"
        record = {
            "name": f"{label}.{domain}.",
            "type": "CNAME",
            "data": f"{uuid.uuid4()}.{secrets.randbelow(20)}.authorize.certificatemanager.goog.",
        }
        return {**doc, "dnsResourceRecord": record}

    def _certificate(self, doc: Document) -> Document:
        """Each domain has an authorization: load balancer authorizations are not played. What is uploaded is there at once."""
        if "selfManaged" in doc:
            return uploaded(doc)
        managed = doc.get("managed") or {}
        authorized = {self._objects.get(path)["domain"] for path in managed.get("dnsAuthorizations") or ()}
        for domain in managed.get("domains") or ():
            if domain.removeprefix("*.") not in authorized:
                raise GcpError(400, f"no DNS authorization for {domain}")
        if not managed.get("domains"):
            raise GcpError(400, "managed.domains is required")
        return {**doc, "managed": {**managed, "state": "PROVISIONING"}}

    def _check_entry(self, parent: str, doc: Document) -> None:
        if not doc.get("hostname") and not doc.get("matcher"):
            raise GcpError(400, "hostname or matcher is required")
        for path, other in self._objects.below(parent):
            if (other.get("hostname"), other.get("matcher")) == (doc.get("hostname"), doc.get("matcher")):
                raise GcpError(409, f"{doc.get('hostname') or doc.get('matcher')} has an entry: {path}")


def _named_by(call: GcpCall) -> Document:
    """What the mask names."""
    return {key: call.body.get(key) for key in call.query.get("updateMask", "").split(",") if key}


def _shown(doc: Document) -> Document:
    """Without its key, which nobody is shown."""
    return {key: value for key, value in doc.items() if key != "pem"}


def _done(path: str, doc: Document) -> Document:
    return {"name": f"operations/{path.rpartition('/')[2]}", "done": True, "response": _shown(doc)}
