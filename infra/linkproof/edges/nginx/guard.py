"""What is refused of it is what is refused of every server of one's own."""

from __future__ import annotations

from linkproof.edges.nginx.facts import PROGRAM
from linkproof.servers.guard import RULES, ServerGuard

_GUARD = ServerGuard(PROGRAM)

judge = _GUARD.judge
judge_at_vendor = _GUARD.judge_at_vendor

__all__ = ["RULES", "judge", "judge_at_vendor"]
