"""The JSON of one night: what a workflow reads, what is kept for the history, and what tells one issue from another."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from linkproof.drift.model import StackDrift, worst


def marker(stacks: Sequence[StackDrift]) -> str:
    """What the issue of these stacks begins with, whatever is found: by it the next night finds and updates the same one."""
    return f"<!-- linkproof drift: {_names(stacks)} -->"


def title(stacks: Sequence[StackDrift]) -> str:
    """The issue's title; the same every night."""
    return f"linkproof: {_names(stacks)} is not as declared"


def exit_code(stacks: Sequence[StackDrift]) -> int:
    """The worst of all stacks."""
    return worst(stack.exit_code for stack in stacks)


def document(stacks: Sequence[StackDrift], at: datetime) -> dict[str, Any]:
    """Everything.

    Args:
        at: aware.
    """
    return {
        "version": 1,
        "at": at.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z"),
        "exit": exit_code(stacks),
        "quiet": all(stack.is_quiet for stack in stacks),
        "issue": {"marker": marker(stacks), "title": title(stacks)},
        "stacks": [stack.to_json() for stack in stacks],
    }


def _names(stacks: Sequence[StackDrift]) -> str:
    return ", ".join(stack.stack for stack in stacks)
