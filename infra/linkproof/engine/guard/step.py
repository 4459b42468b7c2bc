"""A step that the guard allows."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Step:
    """One link that steps.

    Args:
        link: its key; None for one that leaves.
        before: the phase that it is in; `ready or live` after an interrupted deployment; None for a new link.
        after: the declared phase; None for one that leaves.
    """

    link: str | None
    host: str
    before: str | None
    after: str | None

    def __str__(self) -> str:
        named = f"{self.link} ({self.host})" if self.link else self.host
        return f"{named}: {self.before or 'new'} → {self.after or 'leaves the declaration'}"

    def to_json(self) -> dict[str, str | None]:
        return {"link": self.link, "host": self.host, "before": self.before, "after": self.after}
