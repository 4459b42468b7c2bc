"""A validation record that the next deployment forgets, and leaves in DNS."""

from __future__ import annotations

from typing import TYPE_CHECKING

from linkproof import registry
from linkproof.errors import LinkproofError

if TYPE_CHECKING:
    from linkproof.engine.cli import Engine

_SUFFIX = "/validation"


def keep(engine: Engine, host: str) -> str:
    """Mark a host's validation record so that the next deployment forgets it and leaves it in DNS; its engine name.

    Raises:
        LinkproofError: the stack has no such record.
    """
    document = engine.export()
    types = {plugin.state.RECORD_TYPE for plugin in registry.dns_hosts() if plugin.state is not None}
    records = [
        resource
        for resource in (document.get("deployment") or {}).get("resources") or ()
        if resource["type"] in types and str(resource["urn"]).rpartition("::")[2] == f"{host}{_SUFFIX}"
    ]
    if not records:
        raise LinkproofError(
            f"stack {engine.stack} has no validation record of {host}",
            "name the click host of a link whose edge has a certificate that DNS proves",
        )
    for record in records:
        record["retainOnDelete"] = True
    engine.import_state(document)
    return f"{host}{_SUFFIX}"
