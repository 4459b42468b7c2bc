"""A regional object: AWS's provider takes its region from `region`, from the end of an id to import, or from its own config."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from linkproof.providers.protocol.base import ResourceType
from linkproof.providers.protocol.values import Properties

from linkproof_lab.vendors.aws.stand_in.client import AwsClient

# As the real provider (7.51.1, by its Terraform provider's import interceptor) parts it: nothing else is a region there.
_ID_AT_REGION = re.compile(r"(?s)(.+)@([a-z]{2}(?:-[a-z]+)+-[0-9]{1,2})")


class Regional(ResourceType):
    """What types have in common whose objects are in a region and whose id does not say it."""

    def __init__(self, aws: AwsClient) -> None:
        self.aws = aws

    def normal(self, inputs: Properties) -> Properties:
        """The default region need not be said."""
        return without_default(super().normal(inputs), self.aws.region)

    def region(self, properties: Properties) -> str:
        """Of inputs or outputs."""
        return str(properties.get("region") or self.aws.region)

    def id_and_region(self, resource_id: str, outputs: Properties) -> tuple[str, str]:
        """The object to read.

        Args:
            resource_id: with `@REGION` behind it, where it is imported from another region than the provider's.
            outputs: as the state has them; empty where the object is imported. A refresh takes the id as it is.
        """
        if outputs.get("region"):
            return resource_id, str(outputs["region"])
        parts = _ID_AT_REGION.fullmatch(resource_id)
        return (parts[1], parts[2]) if parts else (resource_id, self.aws.region)

    def tags(self, inputs: Properties) -> dict[str, str]:
        """All that an object is to have, the provider's own with them."""
        return {**self.aws.default_tags, **(inputs.get("tags") or {})}

    def read_tags(self, held: Iterable[Mapping[str, str]]) -> tuple[dict[str, str], dict[str, str]]:
        """All that an object has, and those of them that are not the provider's own."""
        found = {tag["Key"]: tag["Value"] for tag in held}
        return found, {key: value for key, value in found.items() if self.aws.default_tags.get(key) != value}

    def new_tags(self, inputs: Properties, before: Any) -> list[dict[str, str]]:
        """What an object lacks of its tags, as the APIs take it."""
        return wire_tags({key: value for key, value in self.tags(inputs).items() if before.get(key) != value})


def wire_tags(tags: Mapping[str, str]) -> list[dict[str, str]]:
    return [{"Key": key, "Value": value} for key, value in tags.items()]


def without_default(inputs: Properties, default: str) -> Properties:
    """The provider's own region need not be said."""
    return {name: value for name, value in inputs.items() if name != "region" or value != default}
