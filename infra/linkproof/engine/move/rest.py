"""Whether two stacks rest, and mean the same accounts: what a move starts from. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from linkproof.engine.move.declared import MoveError
from linkproof.engine.move.resources import Moving
from linkproof.engine.move.states import Document
from linkproof.engine.state import read_state
from linkproof.history.read import read_history

_SECRET = "4dabf18193072939515e22adb298388d"  # noqa: S105  the engine's mark of a secret


def refuse_unsettled(stacks: Sequence[str], documents: tuple[Document, Document]) -> None:
    """Raises:
    MoveError: a stack is mid-way, or was never deployed.
    """
    for stack, document in zip(stacks, documents, strict=True):
        state, again = read_state(document), f"run `linkproof deploy {stack}` first; nothing was changed"
        history = read_history(state)
        if state.pending or state.leaving:
            raise MoveError(f"the last deployment of {stack} was interrupted", again)
        if history.problem is not None:
            raise MoveError(f"{stack}: {history.problem}", again)
        if history.unsettled or not history.moments:
            raise MoveError(
                f"{stack}: {', '.join(sorted(history.unsettled)[:3]) or 'its first deployment'} was not seen through to its end",
                again,
            )


def refuse_other_providers(documents: tuple[Document, Document], moving: Moving) -> None:
    """The engine takes a provider that an earlier move brought for the same, whatever account it leads to since.

    Raises:
        MoveError: it leads elsewhere in the other stack.
    """
    here, there = (
        {one["urn"].partition("::")[2]: one for one in (d.get("deployment") or {}).get("resources") or ()}
        for d in documents
    )
    going = set(moving.all_urns)
    used = {
        str(one["provider"]).rpartition("::")[0].partition("::")[2]
        for one in here.values()
        if one["urn"] in going and one.get("provider")
    }
    for tail in sorted(used):
        one, other = here.get(tail), there.get(tail)
        if one is None or other is None:
            continue
        mine, its = (
            {k: v for k, v in (side.get("inputs") or {}).items() if k != "version" and not _is_secret(v)}
            for side in (one, other)
        )
        if mine != its:
            keys = ", ".join(sorted(key for key in {*mine, *its} if mine.get(key) != its.get(key)))
            raise MoveError(
                f"{tail.rpartition('::')[2]} is not the same account in both stacks ({keys})",
                "an object cannot change its account; give the account another name in one of the stacks, and deploy that. Nothing was changed",
            )


def _is_secret(value: Any) -> bool:
    return isinstance(value, Mapping) and _SECRET in value
