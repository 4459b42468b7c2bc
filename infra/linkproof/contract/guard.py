"""What a plug-in refuses of a deployment beside what is true of every edge: its `guard.py`."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from linkproof.contract.items import Item
from linkproof.contract.state import State


@dataclass(frozen=True, slots=True)
class Refusal:
    """One step that must not be deployed.

    Args:
        host: the click host; for what is no link's, the zone or resource.
        until: the moment from which it is allowed, where time alone is missing.
    """

    rule: str
    host: str
    message: str
    fix: str
    until: datetime | None = None

    def __str__(self) -> str:
        return f"{self.host}: {self.message}; fix: {self.fix} [{self.rule}]"

    def to_json(self) -> dict[str, str | None]:
        until = self.until.isoformat(timespec="seconds") if self.until else None
        return {"rule": self.rule, "host": self.host, "message": self.message, "fix": self.fix, "until": until}


@dataclass(frozen=True, slots=True)
class Past:
    """One deployed link.

    Args:
        phases: that it may be in.
        edges: the providers of the edges that its click host may be led to; an edge that stands by is none of them.
    """

    host: str
    phases: frozenset[str]
    edges: frozenset[str] = frozenset()

    @property
    def shown(self) -> str:
        return " or ".join(sorted(self.phases))


@dataclass(frozen=True, slots=True)
class Deployment:
    """What is to be deployed, over what.

    Args:
        items: of the plan.
        links: every deployed one.
    """

    items: Sequence[Item]
    state: State
    links: Sequence[Past]


ClientOf = Callable[[str, str], Any]
"""From vendor and account to a client; called only where something would go."""


class PluginGuard(Protocol):
    """`guard.py`.

    Attributes:
        RULES: each rule's id and its reason.
    """

    RULES: Mapping[str, str]

    def judge(self, deployment: Deployment) -> Iterable[Refusal]:
        """By what the state says."""

    def judge_at_vendor(self, deployment: Deployment, client: ClientOf) -> Iterator[Refusal]:
        """By what the vendor says.

        Raises:
            LinkproofError: it cannot be asked.
        """
