"""By what the real provider reads an object: by the import id alone, or by the state alone."""

from __future__ import annotations

from linkproof.providers.protocol.base import ProviderError
from linkproof.providers.protocol.values import Properties


def read_by(resource_id: str, outputs: Properties, form: str, parameter: str) -> tuple[str, str]:
    """Zone and id of what is asked for.

    Args:
        outputs: of the state; empty when the engine imports.
        form: of the import id, its last two parts the zone's id and the object's.
        parameter: what the API calls the object's id.

    Raises:
        ProviderError: the id is not of the form, or the state does not know the object's id: it is then not looked for under
            the resource's.
    """
    if outputs:
        if not outputs.get("id"):
            raise ProviderError(f"missing required {parameter} parameter")
        return str(outputs.get("zoneId", "")), str(outputs["id"])
    parts, wanted = resource_id.split("/"), form.split("/")
    fixed = [(part, word) for part, word in zip(parts, wanted, strict=False) if not word.startswith("<")]
    if len(parts) != len(wanted) or not all(parts) or any(part != word for part, word in fixed):
        raise ProviderError(f"invalid ID: expected {form}, got {resource_id!r}")
    return parts[-2], parts[-1]
