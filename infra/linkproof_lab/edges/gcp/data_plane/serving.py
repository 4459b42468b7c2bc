"""What the objects of the API mean together: from an address and a port to a URL map, from a name to a certificate."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from linkproof_lab.edges.gcp.control_plane.objects import CERTIFICATES, COMPUTE, path_of
from linkproof_lab.store import Store
from linkproof_lab.web.contexts import Identity

Document = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Way:
    """Where a request goes.

    Args:
        action: of the route: rewrites and faults.
        headers: what is added and removed on the way to the backend.
        service: the backend service; None where the request ends before.
        url_map: its path.
        backend: the name of the backend service; empty where a fault ends the request before.
    """

    action: Document
    headers: Document
    service: Document | None
    url_map: str
    backend: str


class Serving:
    """The load balancers of one moment."""

    def __init__(self, compute: Mapping[str, Document], certificates: Mapping[str, Document]) -> None:
        self._compute = compute
        self._certificates = certificates
        self._url_maps: dict[tuple[str, str], str] = {}
        self._identities: dict[str, Identity] = {}
        for rule in self._of("forwardingRules"):
            port = str(rule["portRange"]).partition("-")[0]
            proxy = self._compute.get(path_of(rule["target"]) or "", {})
            url_map = path_of(proxy.get("urlMap")) or ""
            if url_map in self._compute:
                self._url_maps[str(rule["IPAddress"]), port] = url_map
            self._add_certificates(path_of(proxy.get("certificateMap")))

    @classmethod
    def read(cls, store: Store) -> Serving:
        return cls(dict(store.all(COMPUTE)), dict(store.all(CERTIFICATES)))

    def identity(self, name: str) -> Identity | None:
        """Of the certificate that a map has for the name, once it is issued."""
        return self._identities.get(name)

    def way(self, address: str, port: str, host: str) -> Way | None:
        """None where nothing listens there."""
        path = self._url_maps.get((address, port))
        if path is None:
            return None
        url_map = self._compute[path]
        for rule in url_map.get("hostRules") or ():
            if host in rule["hosts"]:
                matcher = next(one for one in url_map["pathMatchers"] if one["name"] == rule["pathMatcher"])
                return self._way(matcher, path)
        return self._way(url_map, path)

    def endpoint(self, service: Document) -> Document | None:
        """Where a backend service has its endpoint outside Google."""
        for backend in service.get("backends") or ():
            group = self._compute.get(path_of(backend.get("group")) or "", {})
            for endpoint in group.get("endpoints") or ():
                return dict(endpoint)
        return None

    def _way(self, part: Document, url_map: str) -> Way:
        path = path_of(part.get("defaultService")) or ""
        action = part.get("defaultRouteAction") or {}
        backend = "" if (action.get("faultInjectionPolicy") or {}).get("abort") else path.rpartition("/")[2]
        return Way(action, part.get("headerAction") or {}, self._compute.get(path), url_map, backend)

    def _of(self, collection: str) -> list[Document]:
        return [doc for path, doc in self._compute.items() if path.split("/")[3] == collection]

    def _add_certificates(self, certificate_map: str | None) -> None:
        for path, entry in self._certificates.items():
            if certificate_map is None or not path.startswith(f"{certificate_map}/"):
                continue
            for named in entry.get("certificates") or ():
                pem = self._certificates.get(path_of(named) or "", {}).get("pem")
                if pem is not None:
                    self._identities[str(entry.get("hostname"))] = Identity.from_document(pem)
