"""One secret output of the state, decrypted by the CLI, which alone can."""

from __future__ import annotations

import json
from typing import Any, Final

from linkproof.engine.cli import Engine
from linkproof.errors import LinkproofError

# The member that says "this is a secret", of values in an exported state.
_MARK: Final = "4dabf18193072939515e22adb298388d"


def reveal(engine: Engine, rtype: str, name: str, output: str) -> str:
    """The output of one resource. The caller shows it to nobody but the person who asked.

    Raises:
        LinkproofError: the resource is not deployed, or has no such output.
    """
    document = json.loads(engine.must("stack", "export", "--show-secrets", "--stack", engine.stack))
    for resource in (document.get("deployment") or {}).get("resources") or ():
        if (
            resource.get("type") == rtype
            and str(resource.get("urn")).endswith(f"::{name}")
            and not resource.get("delete")
        ):
            value = _plain((resource.get("outputs") or {}).get(output))
            if isinstance(value, str) and value:
                return value
    raise LinkproofError(
        f"{name} is not in the state of {engine.stack}, or without its {output}",
        f"deploy first: `linkproof deploy {engine.stack}`",
    )


def _plain(value: Any) -> Any:
    return json.loads(value["plaintext"]) if isinstance(value, dict) and _MARK in value else value
