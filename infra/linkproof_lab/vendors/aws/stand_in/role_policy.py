"""aws:iam/rolePolicy:RolePolicy."""

from __future__ import annotations

from urllib.parse import unquote

from linkproof.providers.protocol.base import ApiError, Patience, ProviderError, ResourceType, State
from linkproof.providers.protocol.schema import TEXT, obj, replacing, required, words
from linkproof.providers.protocol.values import Properties

from linkproof_lab.vendors.aws.stand_in import xml
from linkproof_lab.vendors.aws.stand_in.client import AwsClient
from linkproof_lab.vendors.aws.stand_in.json_text import JSON_TEXT


class RolePolicy(ResourceType):
    """Its id is ROLE:NAME. A put writes the whole document, whether it is there or not."""

    token = "aws:iam/rolePolicy:RolePolicy"  # noqa: S105
    schema = obj(
        {"name": required(replacing(TEXT)), "role": required(replacing(TEXT)), "policy": required(JSON_TEXT)},
        elsewhere=words("namePrefix"),
    )

    def __init__(self, aws: AwsClient) -> None:
        self._aws = aws

    def create(self, inputs: Properties, patience: Patience) -> State:
        role, name = str(inputs["role"]), str(inputs["name"])
        fields = {"RoleName": role, "PolicyName": name, "PolicyDocument": str(inputs["policy"])}
        self._aws.query("iam", "PutRolePolicy", fields)
        return self._held(role, name)

    def read(self, resource_id: str, outputs: Properties) -> State | None:
        role, _, name = resource_id.partition(":")
        if not name:
            raise ProviderError(f"{resource_id} is not the id of a role's policy", "write ROLE:NAME")
        try:
            return self._held(role, name)
        except ApiError as error:
            if error.code == "NoSuchEntity":
                return None
            raise

    def update(self, resource_id: str, old_outputs: Properties, inputs: Properties, patience: Patience) -> State:
        return self.create(inputs, patience)

    def delete(self, resource_id: str, outputs: Properties, patience: Patience) -> None:
        role, _, name = resource_id.partition(":")
        try:
            self._aws.query("iam", "DeleteRolePolicy", {"RoleName": role, "PolicyName": name})
        except ApiError as error:
            if error.code != "NoSuchEntity":
                raise

    def _held(self, role: str, name: str) -> State:
        found = self._aws.query("iam", "GetRolePolicy", {"RoleName": role, "PolicyName": name})
        policy = unquote(xml.text(found, "PolicyDocument"))
        return State(f"{role}:{name}", {"name": name, "role": role, "policy": policy})
