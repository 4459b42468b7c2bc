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
    """

    action: Document
    headers: Document
    service: Document | None


class Serving:
    """The load balancers of one moment."""

    def __init__(self, compute: Mapping[str, Document], certificates: Mapping[str, Document]) -> None:
        self._compute = compute
        self._certificates = certificates
        self._url_maps: dict[tuple[str, str], Document] = {}
        self._identities: dict[str, Identity] = {}
        for rule in self._of("forwardingRules"):
            port = str(rule["portRange"]).partition("-")[0]
            proxy = self._compute.get(path_of(rule["target"]) or "", {})
            url_map = self._compute.get(path_of(proxy.get("urlMap")) or "")
            if url_map is not None:
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
        url_map = self._url_maps.get((address, port))
        if url_map is None:
            return None
        for rule in url_map.get("hostRules") or ():
            if host in rule["hosts"]:
                matcher = next(one for one in url_map["pathMatchers"] if one["name"] == rule["pathMatcher"])
                return self._way(matcher)
        return self._way(url_map)

    def endpoint(self, service: Document) -> Document | None:
        """Where a backend service has its endpoint outside Google."""
        for backend in service.get("backends") or ():
            group = self._compute.get(path_of(backend.get("group")) or "", {})
            for endpoint in group.get("endpoints") or ():
                return dict(endpoint)
        return None

    def _way(self, part: Document) -> Way:
        service = self._compute.get(path_of(part.get("defaultService")) or "")
        return Way(part.get("defaultRouteAction") or {}, part.get("headerAction") or {}, service)

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
