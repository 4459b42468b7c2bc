"""Cache policies and origin-request policies: two kinds of one thing."""

from __future__ import annotations

import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from linkproof_lab.apis.idents import iso_milli, upper_id
from linkproof_lab.edges.cloudfront.control_plane.managed import CACHE_POLICIES, ORIGIN_REQUEST_POLICIES
from linkproof_lab.edges.cloudfront.control_plane.policy_checks import check_policy
from linkproof_lab.edges.cloudfront.control_plane.wire import if_match, page_of, read, written
from linkproof_lab.store import Store
from linkproof_lab.vendors.aws.control_plane.calls import AwsAnswer, AwsCall, AwsError

_DOCUMENTS = "cloudfront-policy"
_MOST_PER_ACCOUNT = 20


@dataclass(frozen=True, slots=True)
class PolicyKind:
    """What differs between the kinds.

    Args:
        name: in element names and error codes.
        words: in messages.
        path: in URLs.
    """

    name: str
    words: str
    path: str
    managed: dict[str, dict[str, Any]]


CACHE = PolicyKind("CachePolicy", "cache policy", "cache-policy", CACHE_POLICIES)
ORIGIN_REQUEST = PolicyKind(
    "OriginRequestPolicy", "origin request policy", "origin-request-policy", ORIGIN_REQUEST_POLICIES
)
KINDS = {kind.path: kind for kind in (CACHE, ORIGIN_REQUEST)}


class Policies:
    """The policies of every account.

    Args:
        users_of: ids of the distributions that use a policy.
        changed: called with the id of a policy that was updated.
    """

    def __init__(self, store: Store, users_of: Callable[[str], set[str]], changed: Callable[[str], None]) -> None:
        self._store = store
        self._users_of = users_of
        self._changed = changed

    @staticmethod
    def is_managed(policy_id: str) -> bool:
        return policy_id in CACHE.managed or policy_id in ORIGIN_REQUEST.managed

    def find(self, kind: PolicyKind, account: str, policy_id: str) -> dict[str, Any]:
        """The policy's document.

        Raises:
            AwsError: NoSuch… for one that the account does not have.
        """
        if policy_id in kind.managed:
            return {
                "id": policy_id,
                "config": kind.managed[policy_id],
                "etag": "E23ZP02F085DFQ",
                "modified_at": 1591747200.0,
            }
        doc = self._store.get(_DOCUMENTS, policy_id)
        if doc is None or doc["kind"] != kind.name or doc["account"] != account:
            raise AwsError(404, f"NoSuch{kind.name}", f"The {kind.words} does not exist.")
        return doc

    def answer(self, kind: PolicyKind, call: AwsCall, path: list[str]) -> AwsAnswer:
        match call.method, path:
            case "POST", []:
                return self._create(kind, call)
            case "GET", []:
                return self._list(kind, call)
            case "GET", [policy_id]:
                return _shown(kind, self.find(kind, call.account, policy_id))
            case "GET", [policy_id, "config"]:
                doc = self.find(kind, call.account, policy_id)
                return written(200, f"{kind.name}Config", doc["config"], {"ETag": doc["etag"]})
            case "PUT", [policy_id]:
                return self._update(kind, call, policy_id)
            case "DELETE", [policy_id]:
                return self._delete(kind, call, policy_id)
        raise AwsError(404, "UnknownOperationException", f"the lab has no {call.method} {call.path}")

    def _of(self, kind: PolicyKind, account: str) -> list[dict[str, Any]]:
        return [doc for _, doc in self._store.all(_DOCUMENTS) if (doc["kind"], doc["account"]) == (kind.name, account)]

    def _checked(self, kind: PolicyKind, call: AwsCall, own_id: str) -> dict[str, Any]:
        config = read(call.body, f"{kind.name}Config")
        check_policy(kind.name, config)
        names = {doc["config"]["Name"]: doc["id"] for doc in self._of(kind, call.account)}
        names.update({managed["Name"]: policy_id for policy_id, managed in kind.managed.items()})
        if names.get(config["Name"], own_id) != own_id:
            problem = f"A {kind.words} with this name already exists: {config['Name']}. You must provide a unique name."
            raise AwsError(409, f"{kind.name}AlreadyExists", f"{problem} To modify it, use Update{kind.name}.")
        return config

    def _create(self, kind: PolicyKind, call: AwsCall) -> AwsAnswer:
        config = self._checked(kind, call, "")
        if len(self._of(kind, call.account)) >= _MOST_PER_ACCOUNT:
            many = "CachePolicies" if kind is CACHE else "OriginRequestPolicies"
            raise AwsError(
                400, f"TooMany{many}", f"You have reached the maximum number of {kind.words[:-1]}ies for this account."
            )
        doc = {"id": str(uuid.uuid4()), "kind": kind.name, "account": call.account, **_version(config)}
        self._store.put(_DOCUMENTS, doc["id"], doc)
        return _shown(kind, doc, 201)

    def _update(self, kind: PolicyKind, call: AwsCall, policy_id: str) -> AwsAnswer:
        doc = self.find(kind, call.account, policy_id)
        if policy_id in kind.managed:
            raise AwsError(400, "IllegalUpdate", "The update contains modifications that are not allowed.")
        if_match(call, doc["etag"], kind.words)
        doc = {**doc, **_version(self._checked(kind, call, policy_id))}
        self._store.put(_DOCUMENTS, policy_id, doc)
        self._changed(policy_id)
        return _shown(kind, doc)

    def _delete(self, kind: PolicyKind, call: AwsCall, policy_id: str) -> AwsAnswer:
        doc = self.find(kind, call.account, policy_id)
        if policy_id in kind.managed:
            raise AwsError(400, "IllegalDelete", "You cannot delete a managed policy.")
        if_match(call, doc["etag"], kind.words)
        if self._users_of(policy_id):
            raise AwsError(409, f"{kind.name}InUse", f"The {kind.words} is attached to one or more distributions.")
        self._store.delete(_DOCUMENTS, policy_id)
        return AwsAnswer(204)

    def _list(self, kind: PolicyKind, call: AwsCall) -> AwsAnswer:
        wanted = call.query.get("Type")
        items = []
        if wanted != "custom":
            items += [("managed", self.find(kind, call.account, policy_id)) for policy_id in kind.managed]
        if wanted != "managed":
            items += [("custom", doc) for doc in self._of(kind, call.account)]
        count, chosen, next_marker = page_of(call, items, lambda item: item[1]["id"])
        result = {
            "NextMarker": next_marker,
            "MaxItems": count,
            "Quantity": len(chosen),
            "Items": [{"Type": policy_type, kind.name: _view(kind, doc)} for policy_type, doc in chosen],
        }
        return written(200, f"{kind.name}List", result)


def _version(config: dict[str, Any]) -> dict[str, Any]:
    return {"config": config, "etag": upper_id("E", 13), "modified_at": time.time()}


def _view(kind: PolicyKind, doc: dict[str, Any]) -> dict[str, Any]:
    return {"Id": doc["id"], "LastModifiedTime": iso_milli(doc["modified_at"]), f"{kind.name}Config": doc["config"]}


def _shown(kind: PolicyKind, doc: dict[str, Any], status: int = 200) -> AwsAnswer:
    headers = {"ETag": doc["etag"]}
    if status == 201:
        headers["Location"] = f"https://cloudfront.amazonaws.com/2020-05-31/{kind.path}/{doc['id']}"
    return written(status, kind.name, _view(kind, doc), headers)
