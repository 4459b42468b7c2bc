"""aws:iam/role:Role."""

from __future__ import annotations

from urllib.parse import unquote

from linkproof.providers.protocol.base import ApiError, Patience, ResourceType, State
from linkproof.providers.protocol.schema import FLAG, NUMBER, TEXT, TEXT_MAP, obj, replacing, required, words
from linkproof.providers.protocol.values import Properties

from linkproof_lab.vendors.aws.stand_in import xml
from linkproof_lab.vendors.aws.stand_in.json_text import JSON_TEXT
from linkproof_lab.vendors.aws.stand_in.region import Regional
from linkproof_lab.vendors.aws.stand_in.tagged import tag_fields, tags_in

_LONGEST_SECONDS = 3600


class Role(Regional):
    """Its id is its name; it has no region. A name is required here, which the real provider makes up where none is given."""

    token = "aws:iam/role:Role"  # noqa: S105
    schema = obj(
        {
            "name": required(replacing(TEXT)),
            "assumeRolePolicy": required(JSON_TEXT),
            "description": TEXT,
            "forceDetachPolicies": FLAG.but(default=False),
            "maxSessionDuration": NUMBER.but(default=_LONGEST_SECONDS),
            "path": replacing(TEXT).but(default="/"),
            "tags": TEXT_MAP,
        },
        elsewhere=words("inlinePolicies managedPolicyArns namePrefix permissionsBoundary"),
    )
    computed = words("arn createDate tagsAll uniqueId")
    volatile = ("tagsAll",)
    local = ("forceDetachPolicies",)

    def normal(self, inputs: Properties) -> Properties:
        return ResourceType.normal(self, inputs)

    def create(self, inputs: Properties, patience: Patience) -> State:
        fields = {
            "RoleName": str(inputs["name"]),
            "AssumeRolePolicyDocument": str(inputs["assumeRolePolicy"]),
            "Path": str(inputs.get("path") or "/"),
            **_said(inputs),
            **tag_fields(self.new_tags(inputs, {})),
        }
        self.aws.query("iam", "CreateRole", fields)
        return self._held(fields["RoleName"])

    def read(self, resource_id: str, outputs: Properties) -> State | None:
        try:
            return self._held(resource_id)
        except ApiError as error:
            if error.code == "NoSuchEntity":
                return None
            raise

    def update(self, resource_id: str, old_outputs: Properties, inputs: Properties, patience: Patience) -> State:
        before = self._held(resource_id)
        named, document = {"RoleName": resource_id}, str(inputs["assumeRolePolicy"])
        self.aws.query("iam", "UpdateAssumeRolePolicy", {**named, "PolicyDocument": document})
        self.aws.query("iam", "UpdateRole", {**named, **_said(inputs)})
        fresh = self.new_tags(inputs, before.computed["tagsAll"])
        if fresh:
            self.aws.query("iam", "TagRole", {**named, **tag_fields(fresh)})
        return self._held(resource_id)

    def delete(self, resource_id: str, outputs: Properties, patience: Patience) -> None:
        try:
            self.aws.query("iam", "DeleteRole", {"RoleName": resource_id})
        except ApiError as error:
            if error.code != "NoSuchEntity":
                raise

    def _held(self, name: str) -> State:
        role = self.aws.query("iam", "GetRole", {"RoleName": name}).find("Role")
        assert role is not None, "an answer without its role"
        tags, own = self.read_tags(tags_in(role, "Tags/member"))
        inputs: Properties = {
            "name": name,
            "assumeRolePolicy": unquote(xml.text(role, "AssumeRolePolicyDocument")),
            "maxSessionDuration": xml.number(role, "MaxSessionDuration"),
            "path": xml.text(role, "Path"),
        }
        if description := xml.text(role, "Description"):
            inputs["description"] = description
        if own:
            inputs["tags"] = own
        said = {"arn": "Arn", "createDate": "CreateDate", "uniqueId": "RoleId"}
        return State(name, inputs, {**{key: xml.text(role, part) for key, part in said.items()}, "tagsAll": tags})


def _said(inputs: Properties) -> dict[str, str]:
    """What `UpdateRole` sets too: without a word the description is none."""
    seconds = str(int(inputs.get("maxSessionDuration") or _LONGEST_SECONDS))
    return {"Description": str(inputs.get("description") or ""), "MaxSessionDuration": seconds}
