"""The operations of CloudFront."""

from __future__ import annotations

import time
from typing import Any

from linkproof_lab.apis.contract import ApiRequest
from linkproof_lab.apis.idents import iso_milli
from linkproof_lab.edges.cloudfront.control_plane import invalidations
from linkproof_lab.edges.cloudfront.control_plane.distributions import Distributions
from linkproof_lab.edges.cloudfront.control_plane.groups import Groups
from linkproof_lab.edges.cloudfront.control_plane.policies import KINDS
from linkproof_lab.edges.cloudfront.control_plane.served import status
from linkproof_lab.edges.cloudfront.control_plane.tenant_calls import (
    group_call,
    list_groups,
    list_tenants,
    tags_of,
    tenant_call,
)
from linkproof_lab.edges.cloudfront.control_plane.tenants import Tenants
from linkproof_lab.edges.cloudfront.control_plane.wire import NAMESPACE, if_match, page_of, read, written
from linkproof_lab.settings import LabSettings
from linkproof_lab.store import Store
from linkproof_lab.vendors.aws.control_plane.calls import AwsAnswer, AwsCall, AwsError, xml_error
from linkproof_lab.vendors.aws.control_plane.contract import AwsService


def api(settings: LabSettings, store: Store, parts: tuple[()]) -> AwsService:
    return CloudFront(settings, store)


class CloudFront:
    """Everything behind `/2020-05-31/`."""

    def __init__(self, settings: LabSettings, store: Store) -> None:
        self._store = store
        self._distributions = Distributions(settings, store)
        self._groups = Groups(settings, store)
        self._tenants = Tenants(store, self._distributions, self._groups)

    def claims(self, request: ApiRequest) -> bool:
        return request.path.startswith("/2020-05-31/")

    def refusal(self, error: AwsError) -> AwsAnswer:
        return xml_error(error, NAMESPACE)

    def users_of_certificate(self, arn: str) -> list[str]:
        return self._distributions.index.users_of_certificate(arn)

    def answer(self, call: AwsCall) -> AwsAnswer:
        """Do what the request says.

        Raises:
            AwsError: as the vendor would.
        """
        match call.path.removeprefix("/2020-05-31/").rstrip("/").split("/"):
            case ["distribution", *path]:
                return self._distribution(call, path)
            case ["connection-group", *path]:
                return group_call(self._groups, call, path)
            case ["connection-groups"] if call.method == "POST":
                return list_groups(self._groups, call)
            case ["distribution-tenant", *path]:
                return tenant_call(self._tenants, call, path)
            case ["distribution-tenants"] if call.method == "POST":
                return list_tenants(self._tenants, call)
            case ["conflicting-alias"] if call.method == "GET":
                return self._conflicting(call)
            case ["tagging"]:
                return self._tagging(call)
            case [kind, *path] if kind in KINDS:
                return self._distributions.policies.answer(KINDS[kind], call, path)
        raise AwsError(404, "UnknownOperationException", f"the lab has no {call.method} {call.path}")

    def _distribution(self, call: AwsCall, path: list[str]) -> AwsAnswer:
        match call.method, path:
            case "POST", []:
                return self._create(call)
            case "GET", []:
                return self._list(call)
            case "GET", [distribution_id]:
                return _shown(self._distributions.find(call.account, distribution_id))
            case "GET", [distribution_id, "config"]:
                doc = self._distributions.find(call.account, distribution_id)
                return written(200, "DistributionConfig", doc["config"], {"ETag": doc["etag"]})
            case "PUT", [distribution_id, "config"]:
                doc = self._distributions.find(call.account, distribution_id)
                if_match(call, doc["etag"], "distribution")
                return _shown(self._distributions.update(doc, read(call.body, "DistributionConfig")))
            case _, [distribution_id, "invalidation", *rest]:
                return invalidations.answer(
                    self._store, self._distributions.find(call.account, distribution_id), call, rest
                )
            case "DELETE", [distribution_id]:
                doc = self._distributions.find(call.account, distribution_id)
                if_match(call, doc["etag"], "distribution")
                self._distributions.delete(doc)
                return AwsAnswer(204)
        raise AwsError(404, "UnknownOperationException", f"the lab has no {call.method} {call.path}")

    def _conflicting(self, call: AwsCall) -> AwsAnswer:
        """Aliases that are the given one or overlap with it by a wildcard, of whichever account, half hidden."""
        self._distributions.find(call.account, call.query.get("DistributionId", ""))
        alias = call.query.get("Alias", "").lower()
        parent = alias.removeprefix("*.") if alias.startswith("*.") else alias.partition(".")[2]
        items = []
        for held, doc in self._distributions.aliases():
            covered = alias.startswith("*.") and held.partition(".")[2] == parent
            if held in (alias, f"*.{parent}") or covered:
                items.append(
                    {"Alias": held, "DistributionId": _hidden(doc["id"]), "AccountId": _hidden(doc["account"])}
                )
        most = int(call.query.get("MaxItems", "100"))
        result = {"MaxItems": most, "Quantity": len(items[:most]), "Items": items[:most] or None}
        return written(200, "ConflictingAliasesList", result)

    def _create(self, call: AwsCall) -> AwsAnswer:
        if "WithTags" in call.query:
            body = read(call.body, "DistributionConfigWithTags")
            config, tags = body["DistributionConfig"], tags_of(body["Tags"])
        else:
            config, tags = read(call.body, "DistributionConfig"), {}
        return _shown(self._distributions.create(call.account, config, tags), 201)

    def _list(self, call: AwsCall) -> AwsAnswer:
        docs = self._distributions.of_account(call.account)
        count, chosen, next_marker = page_of(call, docs, lambda doc: str(doc["id"]))
        result = {
            "Marker": call.query.get("Marker", ""),
            "NextMarker": next_marker,
            "MaxItems": count,
            "IsTruncated": next_marker is not None,
            "Quantity": len(chosen),
            "Items": [_summary(doc) for doc in chosen] or None,
        }
        return written(200, "DistributionList", result)

    def _tagging(self, call: AwsCall) -> AwsAnswer:
        """Of a distribution, a connection group or a tenant."""
        resource = call.query.get("Resource", "")
        kind, _, ident = resource.rpartition(":")[2].partition("/")
        kinds: dict[str, Distributions | Groups | Tenants] = {
            "connection-group": self._groups,
            "distribution-tenant": self._tenants,
        }
        holder = kinds.get(kind, self._distributions)
        try:
            doc = holder.find(call.account, ident)
        except AwsError as error:
            raise AwsError(404, "NoSuchResource", f"The resource {resource} does not exist.") from error
        match call.method, call.query.get("Operation"):
            case "GET", _:
                return written(
                    200, "Tags", {"Items": [{"Key": key, "Value": value} for key, value in doc["tags"].items()]}
                )
            case "POST", "Tag":
                holder.tag(doc, {**doc["tags"], **tags_of(read(call.body, "Tags"))})
            case "POST", "Untag":
                gone = read(call.body, "TagKeys").get("Items", [])
                holder.tag(doc, {key: value for key, value in doc["tags"].items() if key not in gone})
            case _:
                raise AwsError(400, "InvalidArgument", "The parameter Operation is Tag or Untag.")
        return AwsAnswer(204)


def _hidden(ident: str) -> str:
    return "*" * (len(ident) - 5) + ident[-5:]


def _shown(doc: dict[str, Any], http_status: int = 200) -> AwsAnswer:
    headers = {"ETag": doc["etag"]}
    if http_status == 201:
        headers["Location"] = f"https://cloudfront.amazonaws.com/2020-05-31/distribution/{doc['id']}"
    view = {
        **_head(doc),
        "InProgressInvalidationBatches": 0,
        "ActiveTrustedSigners": {"Enabled": False, "Quantity": 0},
        "ActiveTrustedKeyGroups": {"Enabled": False, "Quantity": 0},
        "DistributionConfig": doc["config"],
    }
    return written(http_status, "Distribution", view, headers)


def _summary(doc: dict[str, Any]) -> dict[str, Any]:
    return {**doc["config"], **_head(doc), "ETag": doc["etag"]}


def _head(doc: dict[str, Any]) -> dict[str, Any]:
    return {
        "Id": doc["id"],
        "ARN": doc["arn"],
        "Status": status(doc, time.time()),
        "LastModifiedTime": iso_milli(doc["modified_at"]),
        "DomainName": doc["domain"],
    }
