"""What the objects of the API mean together: from a host to its route, from a name to a certificate."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from linkproof_lab.edges.azure.control_plane.profiles import KIND
from linkproof_lab.store import Store
from linkproof_lab.web.contexts import Identity

Document = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Way:
    """Where a request goes.

    Args:
        id: of the route.
        route: its properties.
        origin: likewise, of the first enabled origin; None where there is none.
        actions: of its rules, in their order.
        front_door: the id that the profile sends to its origins.
    """

    id: str
    route: Document
    origin: Document | None
    actions: tuple[Document, ...]
    front_door: str

    @property
    def profile(self) -> str:
        """Its id."""
        return self.id.partition("/afdEndpoints/")[0]


class Serving:
    """The profiles of one moment."""

    def __init__(self, objects: Mapping[str, Document]) -> None:
        self._objects = objects
        self._ways: dict[str, Way] = {}
        self._identities: dict[str, Identity] = {}
        for id_, doc in objects.items():
            endpoint = objects.get(id_.partition("/routes/")[0], {})
            if "/routes/" not in id_ or "Disabled" in (_state(doc), _state(endpoint)):
                continue
            self._add(id_, doc["properties"], endpoint)

    @classmethod
    def read(cls, store: Store) -> Serving:
        return cls(dict(store.all(KIND)))

    def identity(self, name: str) -> Identity | None:
        """Of a domain that is validated and in a route."""
        return self._identities.get(name)

    def way(self, host: str) -> Way | None:
        """None where no route has the host."""
        return self._ways.get(host)

    def _add(self, id_: str, route: Document, endpoint: Document) -> None:
        profile = id_.partition("/afdEndpoints/")[0]
        way = Way(id_, route, self._origin(route), tuple(self._actions(route)), profile.rpartition("/")[2])
        if route["linkToDefaultDomain"] == "Enabled":
            self._ways[endpoint["properties"]["hostName"]] = way
        for named in route.get("customDomains") or ():
            domain = self._objects.get(named["id"])
            if domain is None or domain["properties"]["domainValidationState"] != "Approved":
                continue  # it serves no domain that nobody has proved
            host = domain["properties"]["hostName"]
            self._ways[host] = way
            if "pem" in domain:
                self._identities[host] = Identity.from_document(domain["pem"])

    def _origin(self, route: Document) -> Document | None:
        group = str((route.get("originGroup") or {}).get("id"))
        for id_, doc in self._objects.items():
            if id_.startswith(f"{group}/origins/") and _state(doc) != "Disabled":
                properties: Document = doc["properties"]
                return properties
        return None

    def _actions(self, route: Document) -> list[Document]:
        sets = [str(one["id"]) for one in route.get("ruleSets") or ()]
        rules = [doc for id_, doc in self._objects.items() if id_.partition("/rules/")[0] in sets and "/rules/" in id_]
        ordered = sorted(rules, key=lambda doc: int(doc["properties"].get("order") or 0))
        return [action["parameters"] for doc in ordered for action in doc["properties"].get("actions") or ()]


def _state(doc: Document) -> Any:
    return (doc.get("properties") or {}).get("enabledState")
