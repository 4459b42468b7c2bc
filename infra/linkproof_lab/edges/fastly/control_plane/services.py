"""`/service`: services and their versions. A version is edited until it is activated; then it is locked for ever, and a clone is edited."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from typing import Any

from linkproof_lab.apis.idents import iso_milli
from linkproof_lab.edges.fastly.control_plane.contract import Answer, Call, FastlyError, not_found
from linkproof_lab.edges.fastly.control_plane.idents import new_id
from linkproof_lab.edges.fastly.control_plane.objects import KINDS, SETTINGS, read
from linkproof_lab.edges.fastly.control_plane.vcl import problems
from linkproof_lab.store import Store

KIND = "fastly-service"
_PLURALS = {"domain": "domains", "backend": "backends", "snippet": "snippets"}


class Services:
    """Of all accounts."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def answer(self, call: Call) -> Answer:
        match call.method, list(call.path[1:]):
            case "POST", []:
                return self._create(call)
            case "GET", []:
                return Answer(200, _page([_summary(doc) for doc in self._of(call.customer)], call.query))
            case "GET", [service_id]:
                return Answer(200, _summary(self._find(call, service_id)))
            case "GET", [service_id, "details"]:
                return Answer(200, _details(self._find(call, service_id)))
            case "PUT", [service_id]:
                doc = self._find(call, service_id)
                changed: dict[str, Any] = {
                    name: str(call.body[name]) for name in ("name", "comment") if name in call.body
                }
                return Answer(200, _summary(self._put({**doc, **changed})))
            case "DELETE", [service_id]:
                return self._delete(self._find(call, service_id))
            case _, [service_id, "version", number, *rest]:
                return self._in_version(call, self._find(call, service_id), number, rest)
        raise not_found(" ".join(call.path))

    # services ----------------------------------------------------------------------------------
    def _create(self, call: Call) -> Answer:
        name = str(call.body.get("name") or "")
        if not name:
            raise FastlyError(400, "Bad request", "Name can't be blank")
        if any(doc["name"] == name for doc in self._of(call.customer)):
            raise FastlyError(409, "Duplicate record", "Name has already been taken")
        doc = {
            "id": new_id(),
            "customer": call.customer,
            "name": name,
            "comment": str(call.body.get("comment") or ""),
            "type": str(call.body.get("type") or "vcl"),
            "created_at": time.time(),
            "versions": [_version(1)],
        }
        return Answer(200, _summary(self._put(doc)))

    def _delete(self, doc: dict[str, Any]) -> Answer:
        """terraform-provider-fastly, `force_destroy`: services that are active cannot be destroyed."""
        if active_version(doc) is not None:
            raise FastlyError(400, "Bad request", f"Cannot delete service {doc['id']}: it has an active version")
        self._store.delete(KIND, doc["id"])
        return Answer(200, {"status": "ok"})

    # versions ----------------------------------------------------------------------------------
    def _in_version(self, call: Call, doc: dict[str, Any], number: str, rest: list[str]) -> Answer:
        version = next((one for one in doc["versions"] if str(one["number"]) == number), None)
        if version is None:
            raise not_found(f"Version '{number}' of service {doc['id']}")
        match call.method, rest:
            case "GET", []:
                return Answer(200, _shown(doc, version))
            case "PUT", ["clone"]:
                made = {**version, "number": len(doc["versions"]) + 1, "locked": False, "active": False}
                doc["versions"].append(made)
                self._put(doc)
                return Answer(200, _shown(doc, made))
            case "GET", ["validate"]:
                said = list(self._invalid(doc, version))
                return Answer(200, {"status": "error" if said else "ok", "msg": "; ".join(said)})
            case "PUT", ["activate"]:
                return self._activate(doc, version)
            case "PUT", ["deactivate"]:
                version["active"] = False
                self._put(doc)
                return Answer(200, _shown(doc, version))
            case "GET", ["settings"]:
                return Answer(200, version["settings"])
            case "PUT", ["settings"]:
                _require_open(version)
                version["settings"] = read(SETTINGS, call.body, version["settings"])
                self._put(doc)
                return Answer(200, version["settings"])
            case _, [kind, *name] if kind in KINDS:
                return self._object(call, doc, version, kind, "/".join(name))
        raise not_found(" ".join(rest))

    def _activate(self, doc: dict[str, Any], version: dict[str, Any]) -> Answer:
        for said in self._invalid(doc, version):
            raise FastlyError(400, "Bad request", said)
        for one in doc["versions"]:
            one["active"] = False
        version.update(active=True, locked=True)
        self._put(doc)
        return Answer(200, _shown(doc, version))

    def _invalid(self, doc: dict[str, Any], version: dict[str, Any]) -> Iterator[str]:
        if not version["domain"]:
            yield "Version has no associated domains"
        for domain in version["domain"]:
            owner = self._owner(domain["name"], but=doc["id"])
            if owner is not None:
                yield _taken(domain["name"], owner, doc["customer"])
        for snippet in version["snippet"]:
            yield from problems(snippet)

    # what is in a version ----------------------------------------------------------------------
    def _object(self, call: Call, doc: dict[str, Any], version: dict[str, Any], kind: str, name: str) -> Answer:
        held: list[dict[str, Any]] = version[kind]
        if call.method == "GET" and not name:
            return Answer(200, [_with_version(doc, version, one) for one in held])
        _require_open(version, reads=call.method == "GET")
        if call.method == "POST" and not name:
            made = read(KINDS[kind], call.body)
            self._check_new(doc, kind, held, made)
            version[kind] = [*held, made]
            self._put(doc)
            return Answer(200, _with_version(doc, version, made))
        found = next((one for one in held if one["name"] == name), None)
        if found is None:
            raise not_found(f"{kind} '{name}'")
        if call.method == "PUT":
            changed = read(KINDS[kind], call.body, found)
            version[kind] = [changed if one is found else one for one in held]
            self._put(doc)
            return Answer(200, _with_version(doc, version, changed))
        if call.method == "DELETE":
            version[kind] = [one for one in held if one is not found]
            self._put(doc)
            return Answer(200, {"status": "ok"})
        return Answer(200, _with_version(doc, version, found))

    def _check_new(self, doc: dict[str, Any], kind: str, held: list[dict[str, Any]], made: dict[str, Any]) -> None:
        if not made["name"]:
            raise FastlyError(400, "Bad request", "Name can't be blank")
        if any(one["name"] == made["name"] for one in held):
            raise FastlyError(409, "Duplicate record", f"Duplicate {kind}: '{made['name']}'")
        owner = self._owner(made["name"], but=doc["id"]) if kind == "domain" else None
        if owner is not None:
            raise FastlyError(409, "Conflict", _taken(made["name"], owner, doc["customer"]))

    # the store ---------------------------------------------------------------------------------
    def _owner(self, host: str, but: str) -> dict[str, Any] | None:
        """The other service, of any account, whose active version has the host: a domain is on one at a time."""
        return next(
            (doc for _, doc in self._store.all(KIND) if doc["id"] != but and host in active_domains(doc)),
            None,
        )

    def _of(self, customer: str) -> list[dict[str, Any]]:
        return [doc for _, doc in self._store.all(KIND) if doc["customer"] == customer]

    def _find(self, call: Call, service_id: str) -> dict[str, Any]:
        doc = self._store.get(KIND, service_id)
        if doc is None or doc["customer"] != call.customer:
            raise not_found(f"Service '{service_id}'")
        return doc

    def _put(self, doc: dict[str, Any]) -> dict[str, Any]:
        self._store.put(KIND, doc["id"], doc)
        return doc


def active_version(doc: Mapping[str, Any]) -> dict[str, Any] | None:
    """What the edges serve of a service."""
    found: dict[str, Any] | None = next((one for one in doc["versions"] if one["active"]), None)
    return found


def active_domains(doc: Mapping[str, Any]) -> frozenset[str]:
    active = active_version(doc)
    return frozenset(domain["name"] for domain in active["domain"]) if active else frozenset()


def _taken(host: str, owner: Mapping[str, Any], customer: str) -> str:
    """docs.fastly.com/en/guides/common-service-and-domain-errors, "Domain already taken"."""
    if owner["customer"] != customer:
        return f"Domain '{host}' is owned by another customer"
    return f"Domain '{host}' is already taken by service '{owner['name']}'"


def _version(number: int) -> dict[str, Any]:
    empty: dict[str, Any] = {kind: [] for kind in KINDS}
    return {"number": number, "locked": False, "active": False, "settings": read(SETTINGS, {}), **empty}


def _require_open(version: Mapping[str, Any], *, reads: bool = False) -> None:
    """www.fastly.com/documentation/guides/getting-started/services/about-services: only a draft is edited."""
    if version["locked"] and not reads:
        raise FastlyError(422, "Bad request", f"Version {version['number']} is locked, and cannot be changed")


def _head(doc: Mapping[str, Any], version: Mapping[str, Any]) -> dict[str, Any]:
    return {"service_id": doc["id"], **{name: version[name] for name in ("number", "locked", "active")}, "comment": ""}


def _shown(doc: Mapping[str, Any], version: Mapping[str, Any]) -> dict[str, Any]:
    """A version with what is in it, in the plurals of the details."""
    inside = {_PLURALS.get(kind, kind): [_with_version(doc, version, one) for one in version[kind]] for kind in KINDS}
    return {**_head(doc, version), **inside, "settings": version["settings"]}


def _with_version(doc: Mapping[str, Any], version: Mapping[str, Any], one: Mapping[str, Any]) -> dict[str, Any]:
    return {**one, "service_id": doc["id"], "version": version["number"]}


def _summary(doc: Mapping[str, Any]) -> dict[str, Any]:
    made = iso_milli(doc["created_at"])
    return {
        **{name: doc[name] for name in ("id", "name", "comment", "type")},
        "customer_id": doc["customer"],
        "created_at": made,
        "updated_at": made,
        "deleted_at": None,
        "versions": [_head(doc, one) for one in doc["versions"]],
    }


def _details(doc: Mapping[str, Any]) -> dict[str, Any]:
    active = active_version(doc)
    shown = _shown(doc, active) if active else None
    return {**_summary(doc), "active_version": shown, "version": shown or _shown(doc, doc["versions"][-1])}


def _page(found: list[dict[str, Any]], query: Mapping[str, str]) -> list[dict[str, Any]]:
    page, size = int(query.get("page", "1")), int(query.get("per_page", "100"))
    return found[(page - 1) * size : page * size]
