"""The operations of IAM on roles. docs.aws.amazon.com/IAM/latest/APIReference/."""

from __future__ import annotations

import re
import secrets
import time
from typing import Any
from urllib.parse import quote

from linkproof_lab.apis.idents import iso_milli
from linkproof_lab.store import Store
from linkproof_lab.vendors.aws.control_plane.calls import AwsCall, AwsError
from linkproof_lab.vendors.aws.control_plane.policies import is_policy
from linkproof_lab.vendors.aws.control_plane.query import QueryService, listed_tags, tags_of
from linkproof_lab.vendors.aws.iam.roles import KIND

NAMESPACE = "https://iam.amazonaws.com/doc/2010-05-08/"
_NAME = re.compile(r"[\w+=,.@-]{1,64}")


class Iam(QueryService):
    """Roles of every account; they have no region."""

    service = "iam"
    namespace = NAMESPACE

    def __init__(self, store: Store) -> None:
        self._store = store
        self.operations = {
            "CreateRole": self._create,
            "GetRole": self._get,
            "UpdateRole": self._update,
            "UpdateAssumeRolePolicy": self._trust,
            "DeleteRole": self._delete,
            "TagRole": self._tag,
            "PutRolePolicy": self._put_policy,
            "GetRolePolicy": self._get_policy,
            "ListRolePolicies": self._policies,
            "DeleteRolePolicy": self._delete_policy,
        }

    def _found(self, call: AwsCall, fields: dict[str, str]) -> dict[str, Any]:
        name = fields.get("RoleName", "")
        role = self._store.get(KIND, f"{call.account}/{name}")
        if role is None:
            raise AwsError(404, "NoSuchEntity", f"The role with name {name} cannot be found.")
        return role

    def _put(self, call: AwsCall, role: dict[str, Any]) -> dict[str, Any]:
        self._store.put(KIND, f"{call.account}/{role['name']}", role)
        return {}

    def _create(self, call: AwsCall, fields: dict[str, str]) -> dict[str, Any]:
        name = fields.get("RoleName", "")
        if not _NAME.fullmatch(name):
            raise AwsError(400, "ValidationError", "The specified value for roleName is invalid.")
        if self._store.get(KIND, f"{call.account}/{name}") is not None:
            raise AwsError(409, "EntityAlreadyExists", f"Role with name {name} already exists.")
        role = {
            "name": name,
            "id": f"AROALAB{secrets.token_hex(7).upper()}",
            "path": fields.get("Path") or "/",
            "trust": _policy(fields.get("AssumeRolePolicyDocument", "")),
            "description": fields.get("Description", ""),
            "seconds": int(fields.get("MaxSessionDuration") or 3600),
            "created": iso_milli(time.time()),
            "tags": tags_of(fields),
            "policies": {},
        }
        self._put(call, role)
        return {"Role": _view(call, role)}

    def _get(self, call: AwsCall, fields: dict[str, str]) -> dict[str, Any]:
        return {"Role": _view(call, self._found(call, fields))}

    def _update(self, call: AwsCall, fields: dict[str, str]) -> dict[str, Any]:
        role = self._found(call, fields)
        seconds = int(fields.get("MaxSessionDuration") or role["seconds"])
        return self._put(
            call, {**role, "description": fields.get("Description", role["description"]), "seconds": seconds}
        )

    def _trust(self, call: AwsCall, fields: dict[str, str]) -> dict[str, Any]:
        role = self._found(call, fields)
        return self._put(call, {**role, "trust": _policy(fields.get("PolicyDocument", ""))})

    def _delete(self, call: AwsCall, fields: dict[str, str]) -> dict[str, Any]:
        role = self._found(call, fields)
        if role["policies"]:
            raise AwsError(409, "DeleteConflict", "Cannot delete entity, must delete policies first.")
        self._store.delete(KIND, f"{call.account}/{role['name']}")
        return {}

    def _tag(self, call: AwsCall, fields: dict[str, str]) -> dict[str, Any]:
        role = self._found(call, fields)
        return self._put(call, {**role, "tags": {**role["tags"], **tags_of(fields)}})

    def _put_policy(self, call: AwsCall, fields: dict[str, str]) -> dict[str, Any]:
        role = self._found(call, fields)
        document = _policy(fields.get("PolicyDocument", ""))
        return self._put(call, {**role, "policies": {**role["policies"], fields["PolicyName"]: document}})

    def _named(self, call: AwsCall, fields: dict[str, str]) -> dict[str, Any]:
        role, name = self._found(call, fields), fields.get("PolicyName", "")
        if name not in role["policies"]:
            raise AwsError(404, "NoSuchEntity", f"The role policy with name {name} cannot be found.")
        return role

    def _get_policy(self, call: AwsCall, fields: dict[str, str]) -> dict[str, Any]:
        role, name = self._named(call, fields), fields["PolicyName"]
        return {"RoleName": role["name"], "PolicyName": name, "PolicyDocument": quote(role["policies"][name], safe="")}

    def _policies(self, call: AwsCall, fields: dict[str, str]) -> dict[str, Any]:
        return {"PolicyNames": sorted(self._found(call, fields)["policies"]), "IsTruncated": False}

    def _delete_policy(self, call: AwsCall, fields: dict[str, str]) -> dict[str, Any]:
        role = self._named(call, fields)
        kept = {name: text for name, text in role["policies"].items() if name != fields["PolicyName"]}
        return self._put(call, {**role, "policies": kept})


def _policy(text: str) -> str:
    if not is_policy(text):
        raise AwsError(400, "MalformedPolicyDocument", "This policy contains invalid Json")
    return text


def _view(call: AwsCall, role: dict[str, Any]) -> dict[str, Any]:
    return {
        "Path": role["path"],
        "RoleName": role["name"],
        "RoleId": role["id"],
        "Arn": f"arn:aws:iam::{call.account}:role{role['path']}{role['name']}",
        "CreateDate": role["created"],
        "AssumeRolePolicyDocument": quote(role["trust"], safe=""),
        **({"Description": role["description"]} if role["description"] else {}),
        "MaxSessionDuration": role["seconds"],
        "Tags": listed_tags(role["tags"]),
    }
