"""The gate before every deployment: which steps are allowed, and which would lose clicks."""

from linkproof.engine.guard.judge import judge, steps
from linkproof.engine.guard.refusal import Refusal, Step
from linkproof.engine.guard.rules import RULES

__all__ = ["RULES", "Refusal", "Step", "judge", "steps"]
