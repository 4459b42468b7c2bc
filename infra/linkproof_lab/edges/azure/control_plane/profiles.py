"""Profiles and all that is in them, by their ids (learn.microsoft.com/rest/api/frontdoor). Operations are done when they are answered.

An object goes with its parent; what a route names does not go before the route.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from linkproof_lab.edges.azure.control_plane.checks import CHECKS, bad_request
from linkproof_lab.edges.azure.control_plane.domains import fresh_token
from linkproof_lab.store import Store
from linkproof_lab.vendors.azure.control_plane.contract import AzureCall, AzureError, Document, not_found

KIND: Final = "azure-cdn"
# What is in what, and what each is called in its type.
_INSIDE: Final = {
    "profiles": {"afdEndpoints", "originGroups", "customDomains", "ruleSets", "secrets"},
    "afdEndpoints": {"routes"},
    "originGroups": {"origins"},
    "ruleSets": {"rules"},
}
_NAMES: Final = {
    name.lower(): name
    for name in (
        "profiles",
        "afdEndpoints",
        "originGroups",
        "customDomains",
        "ruleSets",
        "routes",
        "origins",
        "rules",
        "secrets",
    )
}


class Profiles:
    """`…/providers/Microsoft.Cdn/profiles/<profile>/…`."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def answer(self, call: AzureCall) -> Document:
        path = [_NAMES.get(part.lower(), part) if index % 2 == 0 else part for index, part in enumerate(call.path)]
        id_ = f"{call.root}/providers/Microsoft.Cdn/{'/'.join(path)}"
        if len(path) % 2 and path[-1] == "refreshValidationToken" and call.method == "POST":
            return self._refresh(id_.rpartition("/")[0])
        if len(path) % 2:
            return self._list(id_) if call.method == "GET" else self._refuse(call, id_)
        match call.method:
            case "GET":
                return shown(self._held(id_))
            case "PUT":
                return self._put(id_, path, call.body)
            case "PATCH":
                return self._put(id_, path, _merged(self._held(id_), call.body))
            case "DELETE":
                self._delete(id_)
                return {}
        return self._refuse(call, id_)

    def _refuse(self, call: AzureCall, id_: str) -> Document:
        raise AzureError(405, "MethodNotAllowed", f"{call.method} is not allowed for {id_}.")

    def _held(self, id_: str) -> Document:
        found = self._store.get(KIND, id_)
        if found is None:
            raise not_found(id_)
        return found

    def _list(self, id_: str) -> Document:
        return {"value": [shown(doc) for path, doc in self._store.all(KIND) if path.rpartition("/")[0] == id_]}

    def _put(self, id_: str, path: list[str], body: Document) -> Document:
        collection, parents = path[-2], path[:-2]
        if (not parents and collection != "profiles") or (parents and collection not in _INSIDE.get(parents[-2], ())):
            raise not_found(id_)
        if parents and self._store.get(KIND, id_.rsplit("/", 2)[0]) is None:
            raise AzureError(
                404, "ParentResourceNotFound", f"Failed to perform 'write' on {id_}: its parent was not found."
            )
        held = self._store.get(KIND, id_)
        given = {
            **body,
            "properties": {key: value for key, value in (body.get("properties") or {}).items() if value is not None},
        }
        doc = CHECKS[collection](id_, given, held, dict(self._store.all(KIND)))
        for named in ids_in(doc.get("properties")):
            if self._store.get(KIND, named) is None:
                raise bad_request(f"The reference '{named}' does not exist.")
        whole = {**doc, "id": id_, "name": path[-1], "type": "/".join(("Microsoft.Cdn", *path[::2]))}
        whole["properties"]["provisioningState"] = "Succeeded"
        self._store.put(KIND, id_, whole)
        return shown(whole)

    def _delete(self, id_: str) -> None:
        """A deletion of what is not there is done."""
        gone = [path for path, _ in self._store.all(KIND) if path == id_ or path.startswith(f"{id_}/")]
        for path, doc in self._store.all(KIND):
            used = set(ids_in(doc.get("properties"))) & set(gone)
            if used and path not in gone:
                message = f"The resource '{min(used)}' is associated with '{path}' and cannot be deleted."
                raise AzureError(409, "Conflict", message)
        for path in gone:
            self._store.delete(KIND, path)

    def _refresh(self, id_: str) -> Document:
        """A new token, and its seven days begin again."""
        doc = self._held(id_)
        if "validationProperties" not in doc["properties"]:
            raise not_found(id_)
        properties = {**doc["properties"], "domainValidationState": "Pending", "validationProperties": fresh_token()}
        self._store.put(KIND, id_, {**doc, "properties": properties})
        return {}


def shown(doc: Document) -> Document:
    """Without its key, which nobody is shown."""
    return {key: value for key, value in doc.items() if key != "pem"}


def ids_in(value: Any) -> Iterator[str]:
    """Ids of the objects of profiles that an object names."""
    if isinstance(value, dict):
        for key, inner in value.items():
            if key == "id" and isinstance(inner, str) and "/providers/Microsoft.Cdn/profiles/" in inner:
                yield inner
            else:
                yield from ids_in(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from ids_in(inner)


def _merged(held: Document, change: Document) -> Document:
    """A patch leaves what it does not name."""
    properties = {**held["properties"], **(change.get("properties") or {})}
    return {
        **{key: held[key] for key in ("location", "sku", "tags") if key in held},
        **change,
        "properties": properties,
    }
