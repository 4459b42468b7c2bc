"""How much a change of one link can do to clicks, and why: a level, and a clause."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal

from linkproof.contract.declared import PHASES_AT_EDGE
from linkproof.plan.diff import Change
from linkproof.plan.model import PlannedLink

Level = Literal["high", "medium", "low", "none"]
LEVELS: Final[tuple[Level, ...]] = ("high", "medium", "low", "none")
# Kinds of what is proved and not made.
PROVED: Final = frozenset({"endpoint", "CAA need", "pending"})


@dataclass(frozen=True, slots=True)
class Risk:
    """A level and the reason for it."""

    level: Level
    because: str

    def __str__(self) -> str:
        return f"{self.level}: {self.because}"


def of_link(
    before: PlannedLink | None,
    after: PlannedLink | None,
    changes: Sequence[Change],
    *,
    clicks_move: bool,
    is_refused: bool,
) -> Risk:
    """The first of these that holds, the worst first.

    Args:
        changes: those that this link asks for.
        clicks_move: somebody else answers its clicks afterwards.
        is_refused: the guard would not let it be deployed.
    """
    if after is None:
        return Risk("high", "old mail has its links, and whoever clicks one gets nowhere")
    if is_refused:
        return Risk("high", "as it is, clicks could be lost: the deployment is refused")
    if before is None:
        return Risk("low", "a new link: nobody is led away from where they went")
    if clicks_move:
        return Risk("medium", "clicks go elsewhere, and for a while to both")
    if (before.phase == "secured") != (after.phase == "secured"):
        return Risk("medium", "mail is written with the other scheme: both must answer")
    if any(_touches(change) and change.step == "delete" for change in changes):
        return Risk("medium", "something that was there goes")
    if any(_touches(change) and change.kind != "record" for change in changes) and after.phase in PHASES_AT_EDGE:
        return Risk("medium", "the edge is changed while clicks arrive there")
    if any(_touches(change) for change in changes):
        return Risk("low", "no click goes elsewhere")
    return Risk("none", "nothing is made or changed outside")


def of_others(changes: Sequence[Change], *, is_refused: bool) -> Risk:
    """The same of what is no link's own: tracking hosts, and what several links share."""
    if is_refused:
        return Risk("high", "the deployment is refused")
    if any(_touches(change) and change.step == "delete" for change in changes):
        return Risk("medium", "something that was there goes")
    if any(_touches(change) and change.step == "update" for change in changes):
        return Risk("medium", "what is in use may be changed")
    return (
        Risk("low", "only what is new") if any(map(_touches, changes)) else Risk("none", "nothing is made or changed")
    )


def _touches(change: Change) -> bool:
    return change.kind not in PROVED
