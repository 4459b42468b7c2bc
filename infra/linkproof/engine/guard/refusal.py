"""What the guard says: a refusal with its way out, or a step that it allows."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


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
