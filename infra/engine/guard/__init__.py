"""The gate before every deployment: which steps are allowed, and which would lose clicks."""

from infra.engine.guard.judge import judge, steps
from infra.engine.guard.refusal import Refusal, Step
from infra.engine.guard.rules import RULES

__all__ = ["RULES", "Refusal", "Step", "judge", "steps"]
