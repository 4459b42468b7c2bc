"""The gate of last resort: what the program itself refuses, when somebody runs `pulumi up` who knows nothing of the guard.

The engine lets a program read its own stack's last outputs, and nothing of its state: so only a skipped phase is seen here, and a link
that leaves while it is in use. What `linkproof` starts itself has been judged by the guard, which knows more.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import Any

import pulumi

from linkproof.declaration.model import Declaration
from linkproof.engine.cli import JUDGED
from linkproof.engine.guard.deployed import exported_links
from linkproof.engine.guard.steps import judge_step
from linkproof.errors import LinkproofError


class SkippedPhaseError(LinkproofError):
    """The declaration is more than one step away from what this stack last exported."""


def refuse_skipped(declaration: Declaration) -> None:
    """Compare the declared phases with the stack's own last outputs.

    Raises:
        SkippedPhaseError: a phase is skipped, or a link in use leaves.
    """
    if os.environ.keys() & JUDGED.keys():
        return
    answer = pulumi.runtime.invoke("pulumi:pulumi:readStackOutputs", {"name": pulumi.get_stack()})
    refuse(declaration, (answer.value or {}).get("outputs") or {}, pulumi.get_stack())


def refuse(declaration: Declaration, outputs: Mapping[str, Any], stack: str) -> None:
    """The same, of these outputs.

    Raises:
        SkippedPhaseError: a phase is skipped, or a link in use leaves.
    """
    found = [refusal for one in exported_links(declaration, outputs) for refusal in judge_step(one, declaration)]
    if found:
        raise SkippedPhaseError(
            "; ".join(map(str, found)),
            f"where the state says otherwise, `linkproof deploy {stack}` reads it and judges by that",
        )
