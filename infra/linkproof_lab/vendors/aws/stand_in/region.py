"""A regional object: AWS's provider takes its region from `region`, from the end of an id to import, or from its own config."""

from __future__ import annotations

import re

from linkproof.providers.protocol.values import Properties

# As the real provider (7.51.1, by its Terraform provider's import interceptor) parts it: nothing else is a region there.
_ID_AT_REGION = re.compile(r"(?s)(.+)@([a-z]{2}(?:-[a-z]+)+-[0-9]{1,2})")


def id_and_region(resource_id: str, outputs: Properties, default: str) -> tuple[str, str]:
    """The object to read.

    Args:
        resource_id: with `@REGION` behind it, where it is imported from another region than the provider's.
        outputs: as the state has them; empty where the object is imported. A refresh takes the id as it is.
    """
    if outputs.get("region"):
        return resource_id, str(outputs["region"])
    parts = _ID_AT_REGION.fullmatch(resource_id)
    return (parts[1], parts[2]) if parts else (resource_id, default)


def without_default(inputs: Properties, default: str) -> Properties:
    """The provider's own region need not be said."""
    return {name: value for name, value in inputs.items() if name != "region" or value != default}
