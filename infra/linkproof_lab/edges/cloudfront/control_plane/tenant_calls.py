"""The operations on connection groups and distribution tenants."""

from __future__ import annotations

import time
from typing import Any

from linkproof_lab.apis.idents import iso_milli
from linkproof_lab.edges.cloudfront.control_plane.groups import Groups
from linkproof_lab.edges.cloudfront.control_plane.served import status
from linkproof_lab.edges.cloudfront.control_plane.tenants import Tenants
from linkproof_lab.edges.cloudfront.control_plane.wire import if_match, page_of, read, written
from linkproof_lab.vendors.aws.control_plane.calls import AwsAnswer, AwsCall, AwsError


def tags_of(body: dict[str, Any]) -> dict[str, str]:
    return {tag["Key"]: tag.get("Value", "") for tag in body.get("Items", [])}


def group_call(groups: Groups, call: AwsCall, path: list[str]) -> AwsAnswer:
    """Behind `connection-group`.

    Raises:
        AwsError: as the vendor would.
    """
    match call.method, path:
        case "POST", []:
            given = read(call.body, "CreateConnectionGroupRequest")
            return _group(groups.create(call.account, given, tags_of(given.get("Tags") or {})), 201)
        case "GET", []:
            return _group(groups.at(call.account, call.query.get("RoutingEndpoint", "")))
        case "GET", [ident]:
            return _group(groups.find(call.account, ident))
        case "PUT", [ident]:
            doc = groups.find(call.account, ident)
            if_match(call, doc["etag"], "connection group")
            return _group(groups.update(doc, read(call.body, "UpdateConnectionGroupRequest")))
        case "DELETE", [ident]:
            doc = groups.find(call.account, ident)
            if_match(call, doc["etag"], "connection group")
            groups.delete(doc)
            return AwsAnswer(204)
    raise AwsError(404, "UnknownOperationException", f"the lab has no {call.method} {call.path}")


def tenant_call(tenants: Tenants, call: AwsCall, path: list[str]) -> AwsAnswer:
    """Behind `distribution-tenant`.

    Raises:
        AwsError: as the vendor would.
    """
    match call.method, path:
        case "POST", []:
            given = read(call.body, "CreateDistributionTenantRequest")
            return _tenant(tenants.create(call.account, given, tags_of(given.get("Tags") or {})), 201)
        case "GET", []:
            return _tenant(tenants.with_domain(call.account, call.query.get("domain", "")))
        case "GET", [*parts]:  # an ARN has a slash
            return _tenant(tenants.find(call.account, "/".join(parts)))
        case "PUT", [ident]:
            doc = tenants.find(call.account, ident)
            if_match(call, doc["etag"], "distribution tenant")
            return _tenant(tenants.update(doc, read(call.body, "UpdateDistributionTenantRequest")))
        case "DELETE", [ident]:
            doc = tenants.find(call.account, ident)
            if_match(call, doc["etag"], "distribution tenant")
            tenants.delete(doc)
            return AwsAnswer(204)
    raise AwsError(404, "UnknownOperationException", f"the lab has no {call.method} {call.path}")


def list_groups(groups: Groups, call: AwsCall) -> AwsAnswer:
    """`POST connection-groups`: the filter is of Anycast lists, which the lab has not."""
    asked = read(call.body, "ListConnectionGroupsRequest") if call.body else {}
    chosen, marker = _page(call, asked, groups.of_account(call.account))
    result = {"NextMarker": marker, "ConnectionGroups": [_group_head(doc) | {"ETag": doc["etag"]} for doc in chosen]}
    return written(200, "ListConnectionGroupsResult", result)


def list_tenants(tenants: Tenants, call: AwsCall) -> AwsAnswer:
    """`POST distribution-tenants`: all, or those of one distribution or group."""
    asked = read(call.body, "ListDistributionTenantsRequest") if call.body else {}
    by = asked.get("AssociationFilter") or {}
    docs = [
        doc
        for doc in tenants.of_account(call.account)
        if by.get("DistributionId", doc["distribution_id"]) == doc["distribution_id"]
        and by.get("ConnectionGroupId", doc["group_id"]) == doc["group_id"]
    ]
    chosen, marker = _page(call, asked, docs)
    heads = [_tenant_head(doc) | {"ETag": doc["etag"]} for doc in chosen]
    return written(200, "ListDistributionTenantsResult", {"NextMarker": marker, "DistributionTenantList": heads})


def _page(call: AwsCall, asked: dict[str, Any], docs: list[dict[str, Any]]) -> tuple[list[dict[str, Any]], str | None]:
    query: dict[str, str] = {key: str(asked[key]) for key in ("Marker", "MaxItems") if key in asked}
    paged = AwsCall(call.method, call.path, query, call.headers, b"", call.account, call.region)
    _, chosen, marker = page_of(paged, docs, lambda doc: str(doc["id"]))
    return chosen, marker


def _group(doc: dict[str, Any], http_status: int = 200) -> AwsAnswer:
    return written(http_status, "ConnectionGroup", _group_head(doc) | {"Tags": _tags(doc)}, {"ETag": doc["etag"]})


def _tenant(doc: dict[str, Any], http_status: int = 200) -> AwsAnswer:
    return written(http_status, "DistributionTenant", _tenant_head(doc) | {"Tags": _tags(doc)}, {"ETag": doc["etag"]})


def _group_head(doc: dict[str, Any]) -> dict[str, Any]:
    return {
        **_head(doc),
        "Ipv6Enabled": doc["ipv6"],
        "RoutingEndpoint": doc["endpoint"],
        "IsDefault": False,
    }


def _tenant_head(doc: dict[str, Any]) -> dict[str, Any]:
    return {
        **_head(doc),
        "DistributionId": doc["distribution_id"],
        "Domains": [{"Domain": domain, "Status": "active"} for domain in doc["domains"]],
        "Customizations": {"Certificate": {"Arn": doc["certificate_arn"]}},
        "ConnectionGroupId": doc["group_id"],
    }


def _head(doc: dict[str, Any]) -> dict[str, Any]:
    return {
        "Id": doc["id"],
        "Name": doc["name"],
        "Arn": doc["arn"],
        "CreatedTime": iso_milli(doc["created_at"]),
        "LastModifiedTime": iso_milli(doc["modified_at"]),
        "Enabled": doc["enabled"],
        "Status": status(doc, time.time()),
    }


def _tags(doc: dict[str, Any]) -> dict[str, Any]:
    return {"Items": [{"Key": key, "Value": value} for key, value in doc["tags"].items()]}
