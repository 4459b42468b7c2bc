"""Compute's objects of a global external Application Load Balancer (docs.cloud.google.com/compute/docs/reference/rest/v1).

Operations are done when they are answered; real ones take seconds.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from linkproof_lab.edges.gcp.control_plane.checks import CHECKS, CheckedWith
from linkproof_lab.edges.gcp.control_plane.objects import Objects
from linkproof_lab.settings import LabSettings
from linkproof_lab.store import Store
from linkproof_lab.vendors.gcp.control_plane.contract import Document, GcpCall, GcpError, not_found

_NAME = re.compile(r"[a-z]([-a-z0-9]{0,61}[a-z0-9])?")
_LINK = "https://www.googleapis.com/compute/v1"


class Compute:
    """`projects/<project>/global/<collection>/<name>`."""

    def __init__(self, settings: LabSettings, store: Store) -> None:
        self._objects = Objects(store)
        self._with = CheckedWith(settings, self._objects)

    def answer(self, call: GcpCall) -> Document:
        match call.method, list(call.path):
            case method, ["global", collection] if collection in CHECKS:
                parent = f"projects/{call.project}/global/{collection}"
                if method == "GET":
                    return {"items": [doc for _, doc in self._objects.below(parent)]}
                if method == "POST":
                    return self._insert(parent, collection, call.body)
            case method, ["global", collection, name] if collection in CHECKS:
                return self._of(method, f"projects/{call.project}/global/{collection}/{name}", collection, call.body)
            case "POST", ["global", "networkEndpointGroups", name, verb]:
                path = f"projects/{call.project}/global/networkEndpointGroups/{name}"
                return self._endpoints(verb, path, self._objects.get(path), call.body)
        raise not_found("/".join((call.project, *call.path)))

    def _insert(self, parent: str, collection: str, body: Document) -> Document:
        name = str(body.get("name", ""))
        if not _NAME.fullmatch(name):
            raise GcpError(400, f"Invalid value for field 'resource.name': '{name}'.", "invalid")
        path = f"{parent}/{name}"
        if self._objects.find(path) is not None:
            raise GcpError(409, f"The resource '{path}' already exists", "alreadyExists")
        self._put(path, collection, body)
        return _done(path)

    def _of(self, method: str, path: str, collection: str, body: Document) -> Document:
        held = self._objects.get(path)
        match method:
            case "GET":
                return held
            case "PATCH":
                # a patch leaves what it does not name
                self._put(path, collection, {**held, **body})
                return _done(path)
            case "DELETE":
                self._objects.delete(path)
                return _done(path)
        raise not_found(path)

    def _put(self, path: str, collection: str, body: Document) -> None:
        check: Callable[[Document, str, CheckedWith], Document] = CHECKS[collection]
        self._objects.put(path, {**check(dict(body), path, self._with), "selfLink": f"{_LINK}/{path}"})

    def _endpoints(self, verb: str, path: str, group: Document, body: Document) -> Document:
        """Currently a global network endpoint group can only support a single endpoint (the provider's own documentation)."""
        held = list(group.get("endpoints") or ())
        given = list(body.get("networkEndpoints") or ())
        match verb:
            case "listNetworkEndpoints":
                return {"items": [{"networkEndpoint": one} for one in held]}
            case "attachNetworkEndpoints":
                if len(held) + len(given) > 1:
                    raise GcpError(400, "A global network endpoint group can have one endpoint only.", "invalid")
                if any(not one.get("fqdn") or not isinstance(one.get("port"), int) for one in given):
                    raise GcpError(400, "Invalid value for field 'resource.networkEndpoints'.", "invalid")
                self._objects.put(path, {**group, "endpoints": [*held, *given]})
                return _done(path)
            case "detachNetworkEndpoints":
                self._objects.put(path, {**group, "endpoints": [one for one in held if one not in given]})
                return _done(path)
        raise not_found(f"{path}/{verb}")


def _done(path: str) -> Document:
    return {"kind": "compute#operation", "status": "DONE", "progress": 100, "targetLink": f"{_LINK}/{path}"}
